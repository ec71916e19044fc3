import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { Worker } from "node:worker_threads";
import * as z from "zod";
import { NotEmulatedError } from "../endpoint/error.ts";
import type { Principal } from "../endpoint/operation.ts";
import { type Graph, type Resource, resourcesOfType } from "../graph.ts";
import { BUCKET_OBJECT_TYPES } from "../s3/buckets.ts";

export const JOB_TYPE = "aws:glue/job:Job";

/** A Glue job of the program. Defaults: https://docs.aws.amazon.com/glue/latest/webapi/API_CreateJob.html */
export interface JobDefinition {
  readonly name: string;
  readonly roleArn: string;
  readonly script: { readonly bucket: string; readonly key: string };
  /** The script that runs locally: `X.local.ts` beside the source file `X.py`. */
  readonly localScript: string;
  readonly defaultArguments: Readonly<Record<string, string>>;
  readonly timeoutMinutes: number;
  readonly maxRetries: number;
  readonly maxConcurrentRuns: number;
}

/** Since Glue 5.0 a job without a timeout is stopped after 480 minutes. */
const DEFAULT_TIMEOUT_MINUTES = 480;

const inputsSchema = z.object({
  roleArn: z.string(),
  command: z.object({ scriptLocation: z.string() }),
  defaultArguments: z.record(z.string(), z.string()).default({}),
  nonOverridableArguments: z.record(z.string(), z.string()).default({}),
  timeout: z.number().default(DEFAULT_TIMEOUT_MINUTES),
  maxRetries: z.number().default(0),
  executionProperty: z.object({ maxConcurrentRuns: z.number().default(1) }).default({ maxConcurrentRuns: 1 }),
});

/** The jobs of the program. Throws NotEmulatedError naming a job that has no local script. */
export function jobsOf(graph: Graph): JobDefinition[] {
  return resourcesOfType(graph, JOB_TYPE).map((resource) => {
    const name = String(resource.outputs.name ?? resource.name);
    const parsed = inputsSchema.safeParse(resource.inputs);
    if (!parsed.success) throw new NotEmulatedError(`Glue job ${name}: ${z.prettifyError(parsed.error)}`);
    const { command, executionProperty, timeout, ...inputs } = parsed.data;
    const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(command.scriptLocation) ?? [];
    if (bucket === undefined || key === undefined) {
      throw new NotEmulatedError(`Glue job ${name} with a script at "${command.scriptLocation}"`);
    }
    return {
      name,
      roleArn: inputs.roleArn,
      script: { bucket, key },
      localScript: localScriptOf(graph, name, bucket, key),
      defaultArguments: { ...inputs.defaultArguments, ...inputs.nonOverridableArguments },
      timeoutMinutes: timeout,
      maxRetries: inputs.maxRetries,
      ...executionProperty,
    };
  });
}

function localScriptOf(graph: Graph, job: string, bucket: string, key: string): string {
  const source = BUCKET_OBJECT_TYPES.flatMap((type) => resourcesOfType(graph, type)).find((object) =>
    isObject(object, bucket, key),
  );
  const asset = z.object({ path: z.string() }).safeParse(source?.inputs.source);
  if (!asset.success)
    throw new NotEmulatedError(
      `Glue job ${job}, whose script s3://${bucket}/${key} is not a file of the program,`,
    );
  const path = resolve(asset.data.path.replace(/\.[^./]+$/, ".local.ts"));
  if (!existsSync(path)) throw new NotEmulatedError(`Glue job ${job} without the local script ${path}`);
  return path;
}

function isObject({ inputs, outputs, name }: Resource, bucket: string, key: string): boolean {
  return inputs.bucket === bucket && (outputs.key ?? inputs.key ?? name) === key;
}

export interface JobProcess {
  /** Resolves with the error of the script, or undefined after success. */
  readonly ended: Promise<string | undefined>;
  stop(): Promise<void>;
}

interface JobEnvironment {
  readonly principal: Principal;
  readonly region: string;
  readonly endpointUrl: string;
  readonly arguments: Readonly<Record<string, string>>;
  readonly write: (text: string) => void;
}

/** Runs a job's local script in a worker thread with the credentials of the job's role, without the host's environment. */
export function startJobProcess(job: JobDefinition, environment: JobEnvironment): JobProcess {
  const worker = new Worker(job.localScript, {
    argv: Object.entries(environment.arguments).flat(),
    env: {
      AWS_REGION: environment.region,
      AWS_DEFAULT_REGION: environment.region,
      AWS_ENDPOINT_URL: environment.endpointUrl,
      AWS_ACCESS_KEY_ID: environment.principal.accessKeyId,
      AWS_SECRET_ACCESS_KEY: environment.principal.secretAccessKey,
      TZ: "UTC",
    },
    execArgv: [],
    stdout: true,
    stderr: true,
  });
  worker.stdout.on("data", (chunk: Buffer) => environment.write(chunk.toString()));
  worker.stderr.on("data", (chunk: Buffer) => environment.write(chunk.toString()));
  return followWorker(worker, job);
}

function followWorker(worker: Worker, { timeoutMinutes }: JobDefinition): JobProcess {
  const { promise: ended, resolve } = Promise.withResolvers<string | undefined>();
  let failure: string | undefined;
  const stop = async (reason: string) => {
    failure ??= reason;
    await worker.terminate();
  };
  const timer = setTimeout(
    () => void stop(`the job run exceeded its timeout of ${timeoutMinutes} minutes`),
    timeoutMinutes * 60_000,
  );
  worker.on("error", (error) => {
    failure ??= error instanceof Error ? error.message : String(error);
  });
  worker.on("exit", (code) => {
    clearTimeout(timer);
    resolve(failure ?? (code === 0 ? undefined : `the script ended with exit code ${code}`));
  });
  return { ended, stop: () => stop("the job run was stopped") };
}
