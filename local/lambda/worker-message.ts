/** What a worker thread is told when it starts. */
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
  /** Real time, ms since 1970: a timeout kills a thread that really runs, so it is not virtual. */
  readonly deadlineMillis: number;
}

/** An error as Lambda answers it: https://docs.aws.amazon.com/lambda/latest/dg/nodejs-exceptions.html */
export interface FunctionError {
  readonly errorType: string;
  readonly errorMessage: string;
  readonly trace?: readonly string[];
}

export type WorkerMessage =
  | { readonly kind: "ready" }
  | { readonly kind: "result"; readonly payload: string }
  /** The handler rejected: the environment stays warm. */
  | { readonly kind: "error"; readonly error: FunctionError }
  /** The module did not load, or something failed outside the handler: the environment is gone. */
  | { readonly kind: "fatal"; readonly error: FunctionError }
  | { readonly kind: "log"; readonly text: string };
