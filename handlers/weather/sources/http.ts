import { setTimeout as delay } from "node:timers/promises";
import request from "undici/lib/api/api-request.js";
import Agent from "undici/lib/dispatcher/agent.js";
import { errorOfStatus, QuotaError, SourceError, UnavailableError } from "./errors.ts";
import { createLimiter } from "./limiter.ts";

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
  /** A `Retry-After` beyond this is not waited for: the function would be stopped before, and the next poll is near. */
  readonly maxRetryAfterMs?: number;
  readonly sleep?: (ms: number) => Promise<unknown>;
  /** From 0 to 1, for the jitter. */
  readonly random?: () => number;
}

export interface HttpRequest {
  readonly url: URL;
  /** Names the service in errors. */
  readonly service: string;
  /** Says what an error body means. The message is cleared of `secrets` afterwards. */
  readonly explain: (body: string) => string | undefined;
  readonly secrets?: readonly string[];
}

export interface Http {
  /** The body of a 2xx answer. Throws a {@link SourceError}. */
  get(request: HttpRequest): Promise<string>;
  close(): Promise<void>;
}

/** Four parallel calls stay near Tomorrow.io's 3 a second (free plan); what exceeds it is told by a 429 and retried. */
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
} as const satisfies HttpOptions;

/** A realtime answer is 1 KB, Open-Meteo's for 100 places 60 KB. */
const MAX_RESPONSE_BYTES = 1024 * 1024;

type Settings = Required<HttpOptions>;

/** An HTTP client with kept connections, timeouts and retries (429, 5xx, network errors; no other 4xx). */
export function createHttp(options: HttpOptions = {}): Http {
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
  const limited = createLimiter(settings.connections);
  return {
    get: (call) => getWithRetries(call, settings, (url) => limited(() => attempt(agent, url, settings))),
    close: () => agent.close(),
  };
}

interface Answer {
  readonly status: number;
  readonly body: string;
  readonly retryAfterMs?: number;
}

async function getWithRetries(
  call: HttpRequest,
  settings: Settings,
  send: (url: URL) => Promise<Answer>,
): Promise<string> {
  for (let retry = 0; ; retry++) {
    const outcome = await send(call.url).catch((cause: unknown) => noAnswer(call, cause));
    if (!(outcome instanceof SourceError) && outcome.status >= 200 && outcome.status < 300)
      return outcome.body;

    const error = outcome instanceof SourceError ? outcome : refusal(call, outcome);
    const retryAfterMs = outcome instanceof SourceError ? undefined : outcome.retryAfterMs;
    const transient = error instanceof QuotaError || error instanceof UnavailableError;
    const tooLong = retryAfterMs !== undefined && retryAfterMs > settings.maxRetryAfterMs;
    if (!transient || tooLong || retry >= settings.retries) throw error;
    await settings.sleep(backoffMs(retry, retryAfterMs, settings));
  }
}

/**
 * Full jitter (https://aws.amazon.com/builders-library/timeouts-retries-and-backoff-with-jitter/);
 * never earlier than the server asked for.
 */
function backoffMs(retry: number, retryAfterMs: number | undefined, settings: Settings): number {
  const jittered = settings.random() * Math.min(settings.maxDelayMs, settings.baseDelayMs * 2 ** retry);
  return retryAfterMs === undefined ? jittered : retryAfterMs + settings.random() * settings.baseDelayMs;
}

async function attempt(agent: InstanceType<typeof Agent>, url: URL, settings: Settings): Promise<Answer> {
  const { statusCode, headers, body } = await request.call(agent, {
    origin: url.origin,
    path: `${url.pathname}${url.search}`,
    method: "GET",
    headers: { accept: "application/json" },
    signal: AbortSignal.timeout(settings.attemptTimeoutMs),
  });
  const retryAfterMs = parseRetryAfter(headers["retry-after"], headers.date);
  return { status: statusCode, body: await body.text(), ...(retryAfterMs !== undefined && { retryAfterMs }) };
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

function noAnswer(call: HttpRequest, cause: unknown): UnavailableError {
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new UnavailableError(conceal(`${call.service} did not answer: ${reason}`, call.secrets), { cause });
}

function refusal(call: HttpRequest, { status, body }: Answer): SourceError {
  const meaning = call.explain(body) ?? "no reason given";
  return errorOfStatus(status, conceal(`${call.service} answered ${status}: ${meaning}`, call.secrets));
}

/** Services like to quote the request in their errors, and Tomorrow.io's request carries the key in its query. */
function conceal(message: string, secrets: readonly string[] = []): string {
  const spellings = secrets.flatMap((secret) => [secret, encodeURIComponent(secret)]);
  return spellings
    .filter((secret) => secret !== "")
    .reduce((text, secret) => text.replaceAll(secret, "***"), message);
}
