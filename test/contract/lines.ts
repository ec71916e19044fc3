import { IAM } from "./iam.ts";
import { KINESIS } from "./kinesis.ts";
import type { Line } from "./line.ts";
import { MAPPING } from "./mapping.ts";
import { S3 } from "./s3.ts";
import { SNS } from "./sns.ts";
import { TIMERS } from "./timers.ts";

/** The contract: every line that a place is asked about. */
export const LINES: readonly Line[] = [...KINESIS, ...S3, ...SNS, ...MAPPING, ...TIMERS, ...IAM];

export const SERVICES = [...new Set(LINES.map(({ service }) => service))];
