import { setTimeout as delay } from "node:timers/promises";
import pLimit from "p-limit";
import request from "undici/lib/api/api-request.js";
import Agent from "undici/lib/dispatcher/agent.js";

export interface HttpOptions {
  /** Connections per origin, and requests at a time in all. */
  readonly connections?: number;
  readonly connectTimeoutMs?: number;
  readonly headersTimeoutMs?: number;
  /** Longest silence within a body. */
  readonly bodyTimeoutMs?: number;
  /** Longest time of one attempt as a whole: a body that drips is never silent for long. */
  readonly attemptTimeoutMs?: number;
  readonly retries?: number;
  readonly baseDelayMs?: number;
  readonly maxDelayMs?: number;
  /** A `Retry-After` beyond this is not waited for: the function would be stopped before. */
  readonly maxRetryAfterMs?: number;
  readonly sleep?: (ms: number) => Promise<unknown>;
  /** From 0 to 1, for the jitter. */
  readonly random?: () => number;
  /** Called before each request that goes out, repeated ones too. */
  readonly onAttempt?: () => void;
}

export interface HttpRequest {
  readonly url: URL;
  readonly method?: "GET" | "POST";
  /** Made for each attempt: a signature says when it was made. */
  readonly headers?: () => Readonly<Record<string, string>>;
  readonly body?: string;
  /** The status that the body of a 2xx answer amounts to: a service can fail after it has sent its headers. */
  readonly judge?: (body: string) => number;
}

export interface HttpAnswer {
  readonly status: number;
  /** `status`, or the verdict of the request's `judge`. Retries go by it. */
  readonly outcome: number;
  readonly body: string;
  /** What `Retry-After` asks for. */
  readonly retryAfterMs?: number;
}

/** Thrown when the last attempt got no answer; the message says why and names no URL. */
export class NoAnswerError extends Error {
  override readonly name = "NoAnswerError";
}

export interface HttpClient {
  /** The answer, of whatever status; redirects are not followed. Throws {@link NoAnswerError}. */
  send(request: HttpRequest): Promise<HttpAnswer>;
  close(): Promise<void>;
}

const DEFAULTS = {
  connections: 4,
  connectTimeoutMs: 3000,
  headersTimeoutMs: 8000,
  bodyTimeoutMs: 5000,
  attemptTimeoutMs: 12_000,
  retries: 3,
  baseDelayMs: 500,
  maxDelayMs: 8000,
  maxRetryAfterMs: 10_000,
  sleep: delay as (ms: number) => Promise<unknown>,
  random: Math.random,
  onAttempt: () => undefined,
} as const satisfies HttpOptions;

type Settings = Required<HttpOptions>;

/** No service that is called here answers with more than 60 KB. */
const MAX_RESPONSE_BYTES = 1024 * 1024;

/**
 * An HTTP client with kept connections, timeouts and retries (408, 429, 5xx, network errors and bodies that `judge` says
 * amount to such a status; nothing else).
 */
export function createHttpClient(options: HttpOptions = {}): HttpClient {
  const settings: Settings = { ...DEFAULTS, ...options };
  const agent = new Agent({
    connections: settings.connections,
    pipelining: 1,
    connect: { timeout: settings.connectTimeoutMs },
    headersTimeout: settings.headersTimeoutMs,
    bodyTimeout: settings.bodyTimeoutMs,
    maxResponseSize: MAX_RESPONSE_BYTES,
  });
  // The agent would queue as well, but an attempt's time must not run while it waits for a connection.
  const limited = pLimit(settings.connections);
  return {
    send: (call) => sendWithRetries(() => limited(() => attempt(agent, call, settings)), settings),
    close: () => agent.close(),
  };
}

/**
 * Milliseconds that a request takes at the very most, every attempt and wait included: what a function's timeout must
 * exceed.
 */
export function longestMs(options: HttpOptions = {}): number {
  const { retries, attemptTimeoutMs, maxDelayMs, maxRetryAfterMs, baseDelayMs } = { ...DEFAULTS, ...options };
  return (retries + 1) * attemptTimeoutMs + retries * Math.max(maxDelayMs, maxRetryAfterMs + baseDelayMs);
}

async function sendWithRetries(send: () => Promise<HttpAnswer>, settings: Settings): Promise<HttpAnswer> {
  for (let retry = 0; ; retry++) {
    const outcome = await send().catch(noAnswer);
    const answer = outcome instanceof NoAnswerError ? undefined : outcome;
    const retryAfterMs = answer?.retryAfterMs;
    const tooLong = retryAfterMs !== undefined && retryAfterMs > settings.maxRetryAfterMs;
    const isLast = retry >= settings.retries || tooLong;
    if (answer !== undefined && (isLast || !isTransient(answer.outcome))) return answer;
    if (isLast) throw outcome;
    await settings.sleep(backoffMs(retry, retryAfterMs, settings));
  }
}

export function isSuccess(status: number): boolean {
  return status >= 200 && status < 300;
}

/** Whether the same request may be answered otherwise in a moment. */
export function isTransient(status: number): boolean {
  return status === 408 || status === 429 || status >= 500;
}

function noAnswer(cause: unknown): NoAnswerError {
  return new NoAnswerError(cause instanceof Error ? cause.message : String(cause), { cause });
}

/**
 * Full jitter (https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/);
 * never earlier than the server asked for.
 */
function backoffMs(retry: number, retryAfterMs: number | undefined, settings: Settings): number {
  const jittered = settings.random() * Math.min(settings.maxDelayMs, settings.baseDelayMs * 2 ** retry);
  return retryAfterMs === undefined ? jittered : retryAfterMs + settings.random() * settings.baseDelayMs;
}

async function attempt(
  agent: InstanceType<typeof Agent>,
  { url, method = "GET", headers, body, judge }: HttpRequest,
  settings: Settings,
): Promise<HttpAnswer> {
  settings.onAttempt();
  const answer = await request.call(agent, {
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    method,
    headers: { accept: "application/json", ...headers?.() },
    ...(body !== undefined && { body }),
    signal: AbortSignal.timeout(settings.attemptTimeoutMs),
  });
  const retryAfterMs = parseRetryAfter(answer.headers["retry-after"], answer.headers.date);
  const status = answer.statusCode;
  const text = await answer.body.text();
  return {
    status,
    outcome: judge !== undefined && isSuccess(status) ? judge(text) : status,
    body: text,
    ...(retryAfterMs !== undefined && { retryAfterMs }),
  };
}

/** Milliseconds of a `Retry-After`: seconds, or a date next to the answer's own (RFC 9110, 10.2.3). */
function parseRetryAfter(
  header: string | string[] | undefined,
  date: string | string[] | undefined,
): number | undefined {
  if (typeof header !== "string") return undefined;
  if (/^\d+$/.test(header)) return Number(header) * 1000;
  const wait = typeof date === "string" ? Date.parse(header) - Date.parse(date) : Number.NaN;
  return Number.isNaN(wait) ? undefined : Math.max(0, wait);
}
