/** Entry of a function's worker thread: loads the package as Lambda's Node.js runtime does and answers invocations. */
import { existsSync } from "node:fs";
import http from "node:http";
import https from "node:https";
import { createRequire, registerHooks, syncBuiltinESMExports } from "node:module";
import { basename, dirname, join } from "node:path";
import { pathToFileURL, urlToHttpOptions } from "node:url";
import { types } from "node:util";
import { parentPort, workerData } from "node:worker_threads";
import type { FunctionError, InvokeMessage, WorkerData, WorkerMessage } from "./sandbox.ts";

type Handler = (event: unknown, context: object) => unknown;

const { taskRoot, handler: handlerName } = workerData as WorkerData;

function send(message: WorkerMessage): void {
  parentPort?.postMessage(message);
}

function functionError(thrown: unknown, errorType?: string): FunctionError {
  if (!types.isNativeError(thrown))
    return { errorType: errorType ?? typeof thrown, errorMessage: String(thrown) };
  return {
    errorType: errorType ?? thrown.name,
    errorMessage: thrown.message,
    trace: (thrown.stack ?? "").split("\n"),
  };
}

function reportFatal(thrown: unknown, errorType?: string): void {
  send({ kind: "fatal", error: functionError(thrown, errorType) });
}

/** Sends output through the message port, so that lines arrive in order with the answer. */
function captureOutput(): void {
  for (const stream of [process.stdout, process.stderr])
    stream.write = ((chunk: string | Uint8Array, ...rest: readonly unknown[]) => {
      send({ kind: "log", text: typeof chunk === "string" ? chunk : Buffer.from(chunk).toString() });
      const done = rest.at(-1);
      if (typeof done === "function") done();
      return true;
    }) as typeof stream.write;
}

/** Provides the AWS SDK v3, which the Node.js runtimes of Lambda contain and packages may therefore omit. */
function provideSdk(): void {
  const ownRequire = createRequire(import.meta.url);
  registerHooks({
    resolve(specifier, context, next) {
      try {
        return next(specifier, context);
      } catch (error) {
        if (!/^@(aws-sdk|smithy)\//.test(specifier)) throw error;
        return { url: pathToFileURL(ownRequire.resolve(specifier)).href, shortCircuit: true };
      }
    },
  });
}

async function loadModule(path: string): Promise<unknown> {
  const extension = [".js", ".mjs", ".cjs"].find((candidate) => existsSync(path + candidate));
  if (extension === undefined) throw new Error(`Cannot find module '${basename(path)}'`);
  const file = path + extension;
  if (extension === ".mjs") return await import(pathToFileURL(file).href);
  try {
    return createRequire(file)(file);
  } catch (error) {
    if (types.isNativeError(error) && "code" in error && error.code === "ERR_REQUIRE_ASYNC_MODULE")
      return await import(pathToFileURL(file).href);
    throw error;
  }
}

/** @throws Error when the module does not load or does not export the function. */
async function loadHandler(): Promise<Handler> {
  const [, file = "", path = ""] = /^([^.]*)\.(.+)$/.exec(basename(handlerName)) ?? [];
  const loaded = await loadModule(join(taskRoot, dirname(handlerName), file));
  const found = path
    .split(".")
    .reduce<unknown>((value, key) => (isIndexable(value) ? value[key] : undefined), loaded);
  if (typeof found !== "function") {
    const error = new Error(`${handlerName} is undefined or not exported`);
    error.name = "Runtime.HandlerNotFound";
    throw error;
  }
  if (found.length >= 3) {
    const error = new Error(
      `${handlerName} takes a callback, which is not emulated by the local run: make it async`,
    );
    error.name = "NotEmulated";
    throw error;
  }
  return found as Handler;
}

function isIndexable(value: unknown): value is Record<string, unknown> {
  return (typeof value === "object" && value !== null) || typeof value === "function";
}

function contextOf(message: InvokeMessage): object {
  return {
    awsRequestId: message.requestId,
    callbackWaitsForEmptyEventLoop: true,
    functionName: message.functionName,
    functionVersion: "$LATEST",
    invokedFunctionArn: message.functionArn,
    memoryLimitInMB: String(message.memoryMegabytes),
    logGroupName: message.logGroupName,
    logStreamName: message.logStreamName,
    getRemainingTimeInMillis: () => Math.max(0, message.deadlineMillis - Date.now()),
  };
}

async function answer(handler: Handler, message: InvokeMessage): Promise<void> {
  try {
    const result = await handler(JSON.parse(message.event), contextOf(message));
    send({ kind: "result", payload: JSON.stringify(result) ?? "null" });
  } catch (thrown) {
    const error = functionError(thrown);
    process.stderr.write(`ERROR\tInvoke Error\t${JSON.stringify(error)}\n`);
    send({ kind: "error", error });
  }
}

captureOutput();
provideSdk();
if (process.env.AWS_ENDPOINT_URL !== undefined) redirectAwsHosts(process.env.AWS_ENDPOINT_URL);
process.cwd = () => taskRoot;
process.on("uncaughtException", (error) => reportFatal(error));
process.on("unhandledRejection", (reason) => reportFatal(reason, "Runtime.UnhandledPromiseRejection"));
try {
  const handler = await loadHandler();
  parentPort?.on("message", (message: InvokeMessage) => void answer(handler, message));
  send({ kind: "ready" });
} catch (error) {
  reportFatal(error);
}

const AWS_HOST = /(^|\.)amazonaws\.com$/;

/**
 * Redirects requests to AWS hosts to the local endpoint. Not all clients use AWS_ENDPOINT_URL: an SQS client uses the host
 * of the queue's URL, and the AWS SDK v2 ignores the variable. The signature stays valid, because the Host header does not
 * change.
 */
function redirectAwsHosts(endpointUrl: string): void {
  const { hostname: host, port } = new URL(endpointUrl);
  const original = https.request;
  const request = (...args: readonly unknown[]): http.ClientRequest => {
    const { options, rest } = optionsOf(args);
    if (!AWS_HOST.test(String(options.hostname ?? options.host ?? ""))) {
      return Reflect.apply(original, https, args);
    }
    const { agent: _, protocol: __, hostname: ___, ...kept } = options;
    const asked = options.hostname ?? options.host;
    const headers = { host: asked, ...(kept.headers as http.OutgoingHttpHeaders | undefined) };
    return Reflect.apply(http.request, http, [{ ...kept, headers, host, port }, ...rest]);
  };
  const get = (...args: readonly unknown[]): http.ClientRequest => {
    const sent = request(...args);
    sent.end();
    return sent;
  };
  Object.assign(https, { request, get });
  syncBuiltinESMExports();
}

/** `request(url, options?, callback?)` and `request(options, callback?)` as one. */
function optionsOf(args: readonly unknown[]): { options: https.RequestOptions; rest: readonly unknown[] } {
  const [first, ...others] = args;
  if (typeof first !== "string" && !(first instanceof URL)) {
    return { options: (first ?? {}) as https.RequestOptions, rest: others };
  }
  const fromUrl = urlToHttpOptions(new URL(first)) as https.RequestOptions;
  const [second, ...rest] = others;
  if (typeof second === "object" && second !== null) return { options: { ...fromUrl, ...second }, rest };
  return { options: fromUrl, rest: others };
}
