import { GlueClient } from "@aws-sdk/client-glue";
import { S3Client } from "@aws-sdk/client-s3";
import { UserError } from "../../lib/user-error.ts";
import { readConfigWithSecrets, readOutputs, readResources, type Stack } from "../stack/pulumi.ts";
import type { Deployment } from "./deployment.ts";

/** A stack on AWS, as its state has it. Throws {@link UserError} when it has no bucket or no job. */
export async function openStack(stack: Stack): Promise<Deployment> {
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
