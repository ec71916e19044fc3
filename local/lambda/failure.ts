import { AwsError } from "../endpoint/error.ts";
import type { Gateway, Principal } from "../endpoint/operation.ts";

/** A failure that no retry resolved. */
export interface Failure {
  /** Virtual time. */
  readonly time: Date;
  /**
   * `invocation`: an asynchronous invocation that failed after its retries. `batch`: records that an event-source mapping
   * discarded. `rejected`: an invocation or read without permission. `logs`: log lines that a role may not write.
   */
  readonly kind: "invocation" | "batch" | "rejected" | "logs";
  /** The source: a rule, schedule, event-source mapping or function, by ARN or name. */
  readonly source: string;
  readonly functionName: string;
  readonly message: string;
  /** Number of affected records or events; 0 for log lines. */
  readonly count: number;
  /** False when a dead-letter queue or an on-failure destination keeps the failed data. */
  readonly lost: boolean;
}

export type OnFailure = (failure: Failure) => void;

/** The error of a call as `CODE: message`; undefined when the call succeeds. */
async function errorOf(call: Promise<unknown>): Promise<string | undefined> {
  try {
    await call;
    return undefined;
  } catch (error) {
    if (error instanceof AwsError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

/**
 * Sends a failed event to a dead-letter queue (SQS) or topic (SNS) with the given role.
 *
 * @returns the error when the message could not be sent, or undefined.
 */
export async function sendDeadLetter(
  gateway: Gateway,
  principal: Principal,
  targetArn: string,
  message: string,
): Promise<string | undefined> {
  const [, , service = "", region, account, name] = targetArn.split(":");
  if (service === "sns")
    return await errorOf(
      gateway.call(principal, "sns", "Publish", { TopicArn: targetArn, Message: message }),
    );
  const QueueUrl = `https://sqs.${region}.amazonaws.com/${account}/${name}`;
  return await errorOf(gateway.call(principal, "sqs", "SendMessage", { QueueUrl, MessageBody: message }));
}

/** A record of a failure for the bucket of an on-failure destination. */
interface FailureRecord {
  /** The part of the key between `aws/lambda/` and the day, without slashes at its ends. */
  readonly folder: string;
  /** Virtual time. */
  readonly time: Date;
  /** A UUID that is unique in the folder and second. */
  readonly unique: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** The location of a failure record, and the error if it could not be written there. */
export interface Kept {
  readonly destination: string;
  readonly error: string | undefined;
}

/**
 * Writes a record below `aws/lambda/` with the function's role. Lambda's prefix cannot be configured:
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
export async function keepInBucket(
  gateway: Gateway,
  principal: Principal,
  bucket: string,
  record: FailureRecord,
): Promise<Kept> {
  const Key = objectKey(record);
  const Body = Buffer.from(JSON.stringify(record.body));
  const error = await errorOf(gateway.call(principal, "s3", "PutObject", { Bucket: bucket, Key, Body }));
  return { destination: `s3://${bucket}/${Key}`, error };
}

function objectKey({ folder, time, unique }: FailureRecord): string {
  const second = time.toISOString().slice(0, 19);
  const day = second.slice(0, 10).replaceAll("-", "/");
  return `aws/lambda/${folder}/${day}/${second.replaceAll(":", ".")}-${unique}`;
}

/** The name of the bucket with an ARN; undefined for an ARN of another type. */
export function bucketOfArn(arn: string): string | undefined {
  return /^arn:[\w-]+:s3:::(.+)$/.exec(arn)?.[1];
}
