import { AwsError } from "../aws/error.ts";
import type { Gateway, Principal } from "../aws/operation.ts";
import type { Clock } from "../clock.ts";
import { sendDeadLetter } from "./dead-letter.ts";
import type { OnFailure } from "./failure.ts";
import type { FunctionConfiguration } from "./function-configuration.ts";
import type { InvocationResult } from "./function-pool.ts";

export interface AsyncInvocation {
  readonly clock: Clock;
  readonly gateway: Gateway;
  readonly configuration: FunctionConfiguration;
  readonly principal: () => Promise<Principal>;
  readonly invoke: (functionName: string, event: unknown) => Promise<InvocationResult>;
  readonly onFailure: OnFailure;
  readonly event: unknown;
  /** What the event came from. */
  readonly source: string;
}

/** Waits before the first and the second retry: https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
const RETRY_DELAY_SECONDS: readonly number[] = [60, 120];

/** First attempt now; each retry is a foreground task on the clock. */
export async function invokeAsynchronously(invocation: AsyncInvocation, attempt = 0): Promise<void> {
  const { clock, configuration } = invocation;
  const problem = await attemptOnce(invocation);
  if (problem === undefined) return;
  const delaySeconds = RETRY_DELAY_SECONDS[attempt];
  if (attempt < configuration.asyncRetryAttempts && delaySeconds !== undefined) {
    const retryAt = new Date(clock.now().getTime() + delaySeconds * 1000);
    clock.at(retryAt, () => invokeAsynchronously(invocation, attempt + 1));
    return;
  }
  await giveUp(invocation, problem);
}

/** @returns what went wrong, or undefined. */
async function attemptOnce({ invoke, configuration, event }: AsyncInvocation): Promise<string | undefined> {
  try {
    const { functionError } = await invoke(configuration.arn, event);
    return functionError && `${functionError.errorType}: ${functionError.errorMessage}`;
  } catch (error) {
    if (error instanceof AwsError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

async function giveUp(invocation: AsyncInvocation, problem: string): Promise<void> {
  const { clock, configuration, gateway, principal, event, source, onFailure } = invocation;
  const target = configuration.deadLetterArn;
  const message = JSON.stringify(event) ?? "null";
  const refusal = target && (await sendDeadLetter(gateway, await principal(), target, message));
  onFailure({
    time: clock.now(),
    kind: "invocation",
    source,
    functionName: configuration.name,
    message: refusal ? `${problem}; not kept by ${target}: ${refusal}` : problem,
    count: 1,
    lost: target === undefined || refusal !== undefined,
  });
}
