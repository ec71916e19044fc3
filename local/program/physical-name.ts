import { createHash } from "node:crypto";

/** Pulumi appends so many hex digits to a name: https://www.pulumi.com/docs/iac/concepts/resources/names/#autonaming */
const DIGITS = 7;

/** Longest names of the services that refuse longer ones first. */
const MAX_LENGTHS: Readonly<Record<string, number>> = {
  "aws:cloudwatch/eventRule:EventRule": 64,
  "aws:iam/role:Role": 64,
  "aws:kinesis/stream:Stream": 128,
  "aws:lambda/function:Function": 64,
  "aws:s3/bucket:Bucket": 63,
  "aws:s3/bucketV2:BucketV2": 63,
  "aws:scheduler/schedule:Schedule": 64,
  "aws:sns/topic:Topic": 256,
  "aws:sqs/queue:Queue": 80,
};

/** Types whose name is the logical one: the key of an object has no suffix. */
const LOGICAL: ReadonlySet<string> = new Set([
  "aws:s3/bucketObject:BucketObject",
  "aws:s3/bucketObjectv2:BucketObjectv2",
]);

/**
 * The name that the AWS provider gives a resource without one: its logical name and a suffix. The suffix follows from
 * the URN, where Pulumi's is random, so that runs can be compared.
 *
 * @throws {Error} when the name would be longer than AWS takes.
 */
export function physicalName(
  urn: string,
  type: string,
  logicalName: string,
  inputs: Readonly<Record<string, unknown>>,
): string {
  if (!type.startsWith("aws:") || LOGICAL.has(type)) return logicalName;
  const end = inputs.fifoQueue === true || inputs.fifoTopic === true ? ".fifo" : "";
  const suffix = `-${createHash("sha256").update(urn).digest("hex").slice(0, DIGITS)}${end}`;
  const name = `${logicalName}${suffix}`;
  const limit = MAX_LENGTHS[type];
  if (limit !== undefined && name.length > limit)
    throw new Error(
      `${type} ${logicalName}: its name would be ${name.length} characters long with Pulumi's suffix; allowed are ${limit}. Shorten the logical name or set a name`,
    );
  return type.startsWith("aws:s3/bucket") ? name.toLowerCase() : name;
}
