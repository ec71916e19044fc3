import type { Gateway, Principal } from "../endpoint/operation.ts";
import { refusalOf } from "./refusal.ts";

/** A record of what failed, on its way to the bucket of an on-failure destination. */
export interface FailureRecord {
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
  readonly place: string;
  readonly refusal: string | undefined;
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
  const refusal = await refusalOf(gateway.call(principal, "s3", "PutObject", { Bucket: bucket, Key, Body }));
  return { place: `s3://${bucket}/${Key}`, refusal };
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
