import { AwsError } from "../endpoint/error.ts";
import type { Gateway, Principal } from "../endpoint/operation.ts";

/** Something of the run that did not work out in the end. A retry that succeeds is none. */
export interface Failure {
  /** Virtual time. */
  readonly time: Date;
  /**
   * `invocation`: an asynchronous invocation that failed after its retries. `batch`: records given up by an event-source
   * mapping. `refused`: an invocation that a permission does not allow. `logs`: log lines a role may not write.
   */
  readonly kind: "invocation" | "batch" | "rejected" | "logs";
  /** What it came from: a rule, a schedule, an event-source mapping or a function, by ARN or name. */
  readonly source: string;
  readonly functionName: string;
  readonly message: string;
  /** Records or events concerned; 0 for log lines. */
  readonly count: number;
  /** False when a dead-letter queue or an on-failure destination holds what failed. */
  readonly lost: boolean;
}

export type OnFailure = (failure: Failure) => void;

/** What AWS answered when it refused the call, `CODE: message`; undefined when the call went through. */
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
 * Sends what failed to a dead-letter queue (SQS) or topic (SNS) as the given role.
 *
 * @returns the refusal when the message could not be sent, or undefined.
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

/** A record of what failed, on its way to the bucket of an on-failure destination. */
interface FailureRecord {
  /** What Lambda puts between `aws/lambda/` and the day, without slashes at its ends. */
  readonly folder: string;
  /** Virtual time. */
  readonly time: Date;
  /** A UUID that no other record of the folder and second has. */
  readonly unique: string;
  readonly body: Readonly<Record<string, unknown>>;
}

/** Where the record lies, and AWS's refusal when it could not be written there. */
export interface Kept {
  readonly destination: string;
  readonly error: string | undefined;
}

/**
 * Writes a record below `aws/lambda/`, as the function's role. The prefix is Lambda's own and cannot be chosen:
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

/** The name of a bucket's ARN, undefined for the ARN of something else. */
export function bucketOfArn(arn: string): string | undefined {
  return /^arn:[\w-]+:s3:::(.+)$/.exec(arn)?.[1];
}
