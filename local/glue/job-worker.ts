import { Worker } from "node:worker_threads";
import type { Principal } from "../endpoint/operation.ts";
import type { JobDefinition } from "./job-definition.ts";

export interface JobProcess {
  /** Resolves with undefined when the script ended well, else with why not. */
  readonly ended: Promise<string | undefined>;
  stop(): Promise<void>;
}

export interface JobEnvironment {
  readonly principal: Principal;
  readonly region: string;
  readonly endpointUrl: string;
  readonly arguments: Readonly<Record<string, string>>;
  readonly write: (text: string) => void;
}

/** Runs a job's local script in a thread of its own, with the job role's credentials and nothing of the host's environment. */
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
