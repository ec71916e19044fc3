import { GlueClient } from "@aws-sdk/client-glue";
import { S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import { UserError } from "../../lib/user-error.ts";
import { explained } from "../stack/aws-errors.ts";
import { readConfigWithSecrets, readOutputs, readResources, type Stack } from "../stack/pulumi.ts";

/** The parts of a stack that the ETL is made of, on AWS or in a local run. */
export interface Deployment extends AsyncDisposable {
  readonly stack: string;
  readonly bucket: string;
  /** Name of the Glue job. */
  readonly job: string;
  readonly s3: S3Client;
  readonly glue: GlueClient;
}

/** A stack on AWS, as its state has it. Throws {@link UserError} when it has no bucket or no job. */
export async function openDeployment(stack: Stack): Promise<Deployment> {
  const missing = (what: string) =>
    new UserError(`stack "${stack.name}" has no ${what} yet: run pulumi up --stack ${stack.name} first`);
  const { bucket } = await readOutputs(stack);
  if (typeof bucket !== "string") throw missing("output bucket");
  const job = (await readResources(stack)).find(({ type }) => type === "aws:glue/job:Job")?.id;
  if (job === undefined) throw missing("Glue job");
  const { "aws:region": region, "aws:profile": profile } = await readConfigWithSecrets(stack);
  const settings = { ...(region && { region }), ...(profile && { profile }) };
  const s3 = new S3Client(settings);
  const glue = new GlueClient(settings);
  return {
    stack: stack.name,
    bucket,
    job,
    s3,
    glue,
    async [Symbol.asyncDispose]() {
      s3.destroy();
      glue.destroy();
    },
  };
}

/** Awaits calls of Glue and S3. {@link UserError} for what the user can put right. */
export async function explainedEtl<Value>(
  calls: Promise<Value>,
  { job }: Pick<Deployment, "job">,
): Promise<Value> {
  try {
    return await calls;
  } catch (cause) {
    if (cause instanceof Error && cause.name === "ConcurrentRunsExceededException")
      throw new UserError(
        `job ${job} is running already: wait for it, one run at a time keeps the days whole`,
        {
          cause,
        },
      );
    return await explained(cause instanceof S3ServiceException ? "S3" : "Glue", Promise.reject(cause));
  }
}
