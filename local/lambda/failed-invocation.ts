import type { Gateway, Principal } from "../endpoint/operation.ts";
import type { FunctionConfiguration } from "./function-configuration.ts";
import type { InvocationResult } from "./function-pool.ts";
import { deterministicUuid } from "./identifier.ts";
import { type Kept, keepInBucket } from "./on-failure-bucket.ts";

/** An event of an asynchronous invocation that was given up. */
export interface FailedInvocation {
  readonly configuration: FunctionConfiguration;
  readonly event: unknown;
  readonly condition: "RetriesExhausted" | "EventAgeExceeded";
  readonly invokeCount: number;
  /** What the function answered last; undefined when it was never run. */
  readonly result: InvocationResult | undefined;
  /** Virtual time. */
  readonly time: Date;
}

/**
 * Keeps the event in the on-failure bucket, as the function's role. Key and fields are AWS's:
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export async function keepFailedInvocation(
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
