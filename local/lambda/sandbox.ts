import { Worker } from "node:worker_threads";
import type { FunctionConfiguration } from "./function-configuration.ts";

/** Input of a worker thread. */
export interface WorkerData {
  /** Folder of the package: LAMBDA_TASK_ROOT. */
  readonly taskRoot: string;
  /** `file.export` */
  readonly handler: string;
}

/** One invocation, as the worker receives it. */
export interface InvokeMessage {
  readonly event: string;
  readonly requestId: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMegabytes: number;
  readonly logGroupName: string;
  readonly logStreamName: string;
  /** Milliseconds since 1970 in real time, because timeouts are real time. */
  readonly deadlineMillis: number;
}

/** An error in Lambda's format: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

export type WorkerMessage =
  | { readonly kind: "ready" }
  | { readonly kind: "result"; readonly payload: string }
  /** The handler failed; the environment stays warm. */
  | { readonly kind: "error"; readonly error: FunctionError }
  /** The module did not load, or code outside the handler failed; the environment ends. */
  | { readonly kind: "fatal"; readonly error: FunctionError }
  | { readonly kind: "log"; readonly text: string };

/** The answer of a function as JSON text, or its error. */
type SandboxAnswer =
  | { readonly payload: string; readonly error?: undefined }
  | { readonly error: FunctionError; readonly payload?: undefined };

/** An execution environment: a worker thread that loads the package once and processes one event at a time. */
export interface Sandbox {
  invoke(message: Omit<InvokeMessage, "deadlineMillis">): Promise<SandboxAnswer>;
  /** False once the thread has ended, after a timeout, a crash or {@link Sandbox.stop}. */
  readonly alive: boolean;
  stop(): Promise<void>;
}

/** Lambda allows 10 s for a cold start, then repeats it within the timeout: https://docs.aws.amazon.com/lambda/latest/dg/lambda-runtime-environment.html#runtimes-lifecycle-ib */
const INIT_LIMIT_SECONDS = 10;

/** Starts a worker thread over the unpacked package. */
export function createSandbox(options: {
  configuration: FunctionConfiguration;
  taskRoot: string;
  environment: Readonly<Record<string, string>>;
  onOutput: (text: string) => void;
}): Sandbox {
  return new WorkerSandbox(options);
}

class WorkerSandbox implements Sandbox {
  readonly #worker: Worker;
  readonly #configuration: FunctionConfiguration;
  readonly #onOutput: (text: string) => void;
  readonly #ready = Promise.withResolvers<FunctionError | undefined>();
  #settle: ((answer: SandboxAnswer) => void) | undefined;
  #fatal: FunctionError | undefined;
  #alive = true;

  constructor({ configuration, taskRoot, environment, onOutput }: Parameters<typeof createSandbox>[0]) {
    this.#configuration = configuration;
    this.#onOutput = onOutput;
    const workerData: WorkerData = { taskRoot, handler: configuration.handler };
    this.#worker = new Worker(new URL("./worker.ts", import.meta.url), {
      workerData,
      env: { ...environment },
      execArgv: [],
      argv: [],
      stdout: true,
      stderr: true,
      resourceLimits: { maxOldGenerationSizeMb: configuration.memoryMegabytes },
    });
    this.#listen();
  }

  get alive(): boolean {
    return this.#alive;
  }

  async invoke(message: Omit<InvokeMessage, "deadlineMillis">): Promise<SandboxAnswer> {
    const { timeoutSeconds } = this.#configuration;
    const failed = await this.#within(Math.max(INIT_LIMIT_SECONDS, timeoutSeconds), this.#ready.promise);
    if (failed) return await this.#discard(failed);
    if (this.#fatal) return { error: this.#fatal };
    const answered = new Promise<SandboxAnswer>((resolve) => {
      this.#settle = resolve;
    });
    this.#worker.postMessage({ ...message, deadlineMillis: Date.now() + timeoutSeconds * 1000 });
    const answer = await this.#within(timeoutSeconds, answered);
    this.#settle = undefined;
    if ("errorType" in answer) return await this.#discard(answer);
    if (!this.#alive) await this.stop();
    return answer;
  }

  async stop(): Promise<void> {
    this.#alive = false;
    await this.#worker.terminate();
  }

  #listen(): void {
    this.#worker.on("message", (message: WorkerMessage) => this.#receive(message));
    this.#worker.stdout.on("data", (chunk: Buffer) => this.#onOutput(chunk.toString()));
    this.#worker.stderr.on("data", (chunk: Buffer) => this.#onOutput(chunk.toString()));
    this.#worker.on("error", (error) => this.#fail(workerError(error)));
    this.#worker.on("exit", (code) => this.#fail(exited(code)));
  }

  #receive(message: WorkerMessage): void {
    if (message.kind === "log") this.#onOutput(message.text);
    else if (message.kind === "ready") this.#ready.resolve(undefined);
    else if (message.kind === "fatal") this.#fail(message.error);
    else if (message.kind === "error") this.#settle?.({ error: message.error });
    else this.#settle?.({ payload: message.payload });
  }

  #fail(error: FunctionError): void {
    this.#alive = false;
    this.#fatal ??= error;
    this.#ready.resolve(error);
    this.#settle?.({ error });
  }

  async #discard(error: FunctionError): Promise<SandboxAnswer> {
    await this.stop();
    return { error };
  }

  /** Waits for the promise in real time. Returns a timeout error when it takes too long. */
  async #within<T>(seconds: number, promise: Promise<T>): Promise<T | FunctionError> {
    const timeout = Promise.withResolvers<FunctionError>();
    const timer = setTimeout(() => timeout.resolve(timedOut(seconds)), seconds * 1000);
    try {
      return await Promise.race([promise, timeout.promise]);
    } finally {
      clearTimeout(timer);
    }
  }
}

function timedOut(seconds: number): FunctionError {
  return {
    errorType: "Sandbox.Timedout",
    errorMessage: `Task timed out after ${seconds.toFixed(2)} seconds`,
  };
}

function exited(code: number): FunctionError {
  return { errorType: "Runtime.ExitError", errorMessage: `Runtime exited with error: exit status ${code}` };
}

function workerError(error: unknown): FunctionError {
  if (error instanceof Error && "code" in error && error.code === "ERR_WORKER_OUT_OF_MEMORY")
    return { errorType: "Runtime.OutOfMemory", errorMessage: "Runtime exited with error: signal: killed" };
  const message = error instanceof Error ? error.message : String(error);
  return { errorType: error instanceof Error ? error.name : "Error", errorMessage: message };
}
