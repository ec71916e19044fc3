import type { Clock } from "../clock/clock.ts";
import { AwsError } from "../endpoint/error.ts";
import type { Gateway, Principal } from "../endpoint/operation.ts";
import { deterministicUuid } from "../events/event.ts";
import { type Kept, keepInBucket, type OnFailure, sendDeadLetter } from "./failure.ts";
import type { FunctionConfiguration } from "./function-configuration.ts";
import type { InvocationResult } from "./function-pool.ts";

interface AsyncInvocation {
  readonly clock: Clock;
  readonly gateway: Gateway;
  readonly configuration: FunctionConfiguration;
  readonly principal: () => Promise<Principal>;
  readonly invoke: (functionName: string, event: unknown) => Promise<InvocationResult>;
  readonly onFailure: OnFailure;
  readonly event: unknown;
  /** The source of the event. */
  readonly source: string;
}

/** Delays before the first and the second retry: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
const RETRY_DELAY_SECONDS: readonly number[] = [60, 120];
/** A throttled event waits for one second, which doubles each time, and at most five minutes (same page). */
const MAX_THROTTLE_DELAY_SECONDS = 300;

interface Problem {
  readonly message: string;
  readonly throttled: boolean;
  readonly result?: InvocationResult;
}

/** The attempts to process an event so far. */
interface Progress {
  readonly acceptedAt: Date;
  /** Failed attempts, and throttled ones, which do not count as attempts. */
  readonly failures: number;
  readonly throttles: number;
}

/** Attempts the invocation now. Retries, and discarding an event that is too old, are foreground tasks on the clock. */
export async function invokeAsynchronously(invocation: AsyncInvocation): Promise<void> {
  await attempt(invocation, { acceptedAt: invocation.clock.now(), failures: 0, throttles: 0 });
}

async function attempt(invocation: AsyncInvocation, before: Progress): Promise<void> {
  const { clock, configuration } = invocation;
  const problem = await attemptOnce(invocation);
  if (problem === undefined) return;
  const progress: Progress = problem.throttled
    ? { ...before, throttles: before.throttles + 1 }
    : { ...before, failures: before.failures + 1 };
  const delay = delaySeconds(configuration, problem, progress);
  if (delay === undefined) return await discard(invocation, progress, problem, "RetriesExhausted");
  const retryAt = clock.now().getTime() + delay * 1000;
  const tooOldAt = progress.acceptedAt.getTime() + configuration.asynchronous.maximumEventAgeSeconds * 1000;
  clock.at(new Date(Math.min(retryAt, tooOldAt)), () =>
    retryAt > tooOldAt
      ? discard(invocation, progress, problem, "EventAgeExceeded")
      : attempt(invocation, progress),
  );
}

/** Seconds until the next attempt; undefined after the last one. A function without concurrency is not retried. */
function delaySeconds(
  { asynchronous, reservedConcurrency }: FunctionConfiguration,
  { throttled }: Problem,
  { failures, throttles }: Progress,
): number | undefined {
  if (throttled)
    return reservedConcurrency === 0 ? undefined : Math.min(2 ** (throttles - 1), MAX_THROTTLE_DELAY_SECONDS);
  return failures <= asynchronous.retryAttempts ? RETRY_DELAY_SECONDS[failures - 1] : undefined;
}

/** @returns the problem, or undefined after success. */
async function attemptOnce({ invoke, configuration, event }: AsyncInvocation): Promise<Problem | undefined> {
  try {
    const result = await invoke(configuration.arn, event);
    const { functionError } = result;
    if (functionError === undefined) return undefined;
    return { message: `${functionError.errorType}: ${functionError.errorMessage}`, throttled: false, result };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    const throttled = error.code === "TooManyRequestsException";
    return { message: `${error.code}: ${error.message}`, throttled };
  }
}

async function discard(
  invocation: AsyncInvocation,
  { failures }: Progress,
  { message, result }: Problem,
  condition: FailedInvocation["condition"],
): Promise<void> {
  const { clock, configuration, event, source, onFailure } = invocation;
  const time = clock.now();
  const kept = await keep(invocation, {
    configuration,
    event,
    condition,
    invokeCount: failures,
    result,
    time,
  });
  const results = kept.map(({ destination, error }) =>
    error === undefined ? `kept in ${destination}` : `not kept in ${destination}: ${error}`,
  );
  onFailure({
    time,
    kind: "invocation",
    source,
    functionName: configuration.name,
    message: [condition === "EventAgeExceeded" ? `too old: ${message}` : message, ...results].join("; "),
    count: 1,
    lost: !kept.some(({ error }) => error === undefined),
  });
}

/** Keeps the event in the dead-letter queue and the on-failure bucket, if the function has them. */
async function keep(
  { configuration, gateway, principal }: AsyncInvocation,
  failed: FailedInvocation,
): Promise<readonly Kept[]> {
  const { deadLetterArn, asynchronous } = configuration;
  const kept: Kept[] = [];
  if (deadLetterArn !== undefined) {
    const message = JSON.stringify(failed.event) ?? "null";
    const error = await sendDeadLetter(gateway, await principal(), deadLetterArn, message);
    kept.push({ destination: deadLetterArn, error });
  }
  if (asynchronous.onFailureBucket !== undefined)
    kept.push(await keepFailedInvocation(gateway, await principal(), asynchronous.onFailureBucket, failed));
  return kept;
}

/** A discarded event of an asynchronous invocation. */
interface FailedInvocation {
  readonly configuration: FunctionConfiguration;
  readonly event: unknown;
  readonly condition: "RetriesExhausted" | "EventAgeExceeded";
  readonly invokeCount: number;
  /** The last result of the function; undefined when it never ran. */
  readonly result: InvocationResult | undefined;
  /** Virtual time. */
  readonly time: Date;
}

/**
 * Writes the event to the on-failure bucket with the function's role, with AWS's key and fields:
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
async function keepFailedInvocation(
  gateway: Gateway,
  principal: Principal,
  bucket: string,
  failed: FailedInvocation,
): Promise<Kept> {
  const { configuration, event, time } = failed;
  const body = invocationRecord(failed);
  return await keepInBucket(gateway, principal, bucket, {
    folder: `async/${configuration.name}`,
    time,
    unique: deterministicUuid(body.requestContext.requestId, JSON.stringify(event) ?? ""),
    body,
  });
}

function invocationRecord({ configuration, event, condition, invokeCount, result, time }: FailedInvocation) {
  return {
    version: "1.0",
    timestamp: time.toISOString(),
    requestContext: {
      requestId: result?.requestId ?? deterministicUuid(configuration.arn, time.getTime()),
      functionArn: `${configuration.arn}:$LATEST`,
      condition,
      approximateInvokeCount: invokeCount,
    },
    requestPayload: event,
    ...(result && {
      responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
      responsePayload: JSON.parse(result.payload),
    }),
  };
}
