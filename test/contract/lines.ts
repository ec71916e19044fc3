import { IAM } from "./iam.ts";
import { READING } from "./kinesis/reading.ts";
import { SHARDS } from "./kinesis/shards.ts";
import { WRITING } from "./kinesis/writing.ts";
import type { Line } from "./line.ts";
import { BATCHES } from "./mapping/batches.ts";
import { FAILURES } from "./mapping/failures.ts";
import { SETTINGS } from "./mapping/settings.ts";
import { RESOURCE_POLICIES } from "./resource-policies.ts";
import { CONDITIONS } from "./s3/conditions.ts";
import { LISTS } from "./s3/lists.ts";
import { OBJECTS } from "./s3/objects.ts";
import { FILTER_POLICIES } from "./sns/filter-policy.ts";
import { MESSAGES } from "./sns/messages.ts";
import { PUBLISH_BATCH } from "./sns/publish-batch.ts";
import { TIMERS } from "./timers.ts";

const KINESIS = [...SHARDS, ...READING, ...WRITING];
const S3 = [...CONDITIONS, ...LISTS, ...OBJECTS];
const SNS = [...FILTER_POLICIES, ...PUBLISH_BATCH, ...MESSAGES];
const MAPPING = [...BATCHES, ...FAILURES, ...SETTINGS];

/** The contract: every line that a backend is asked about. */
export const LINES: readonly Line[] = [
  ...KINESIS,
  ...S3,
  ...SNS,
  ...MAPPING,
  ...TIMERS,
  ...IAM,
  ...RESOURCE_POLICIES,
];

export const SERVICES = [...new Set(LINES.map(({ service }) => service))];
