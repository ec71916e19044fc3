import { z } from "zod";
import { blob } from "../endpoint/operation.ts";
import { MAX_HASH_KEY } from "./stream.ts";

/** Limits of Kinesis in bytes and counts. https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html */
export const LIMITS = {
  /** A PutRecords call. The bytes are data and partition keys of all entries: 10 MiB since records may be that large. */
  putRecordsEntries: 500,
  putRecordsBytes: 10 * 1024 * 1024,
  /** One record with its partition key; the default limit of a stream. */
  recordBytes: 1024 * 1024,
  partitionKeyCharacters: 256,
  /** A GetRecords call. */
  getRecordsRecords: 10_000,
  getRecordsBytes: 10 * 1024 * 1024,
  /** A ListShards page. */
  listShardsResults: 1000,
} as const;

/** Initial shards of an on-demand stream: https://docs.aws.amazon.com/streams/latest/dev/how-do-i-size-a-stream.html */
export const ON_DEMAND_SHARDS = 4;

/** Retention of a stream when the program does not set it. */
export const DEFAULT_RETENTION_HOURS = 24;

/** The fields by which every operation names its stream. */
export const streamReference = {
  StreamName: z
    .string()
    .regex(/^[a-zA-Z0-9_.-]{1,128}$/, {
      error: "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]{1,128}",
    })
    .optional(),
  StreamARN: z
    .string()
    .regex(/^arn:aws.*:kinesis:.*:\d{12}:stream\/\S+$/, { error: "Member must be the ARN of a stream" })
    .optional(),
};

export interface StreamReference {
  readonly StreamName?: string | undefined;
  readonly StreamARN?: string | undefined;
}

/** The common fields of PutRecord and an entry of PutRecords. */
export const entryShape = {
  Data: blob(),
  PartitionKey: z
    .string()
    .min(1, { error: "Member must have length greater than or equal to 1" })
    .max(LIMITS.partitionKeyCharacters, {
      error: `Member must have length less than or equal to ${LIMITS.partitionKeyCharacters}`,
    }),
  ExplicitHashKey: z
    .string()
    .regex(/^(0|[1-9]\d{0,38})$/, {
      error: "Member must satisfy regular expression pattern: 0|([1-9]\\d{0,38})",
    })
    .refine((text) => !/^\d+$/.test(text) || BigInt(text) <= MAX_HASH_KEY, {
      error: `Member must be at most ${MAX_HASH_KEY}`,
    })
    .optional(),
};

/** Bytes of an entry that count towards the limits of Kinesis. */
export function entryBytes({ Data, PartitionKey }: { Data: Uint8Array; PartitionKey: string }): number {
  return Data.length + Buffer.byteLength(PartitionKey);
}

export const withinRecordBytes = {
  check: (entry: { Data: Uint8Array; PartitionKey: string }): boolean =>
    entryBytes(entry) <= LIMITS.recordBytes,
  options: {
    path: ["Data"],
    error: `Member must have length less than or equal to ${LIMITS.recordBytes}, partition key included`,
  },
};

export const positionSchema = z.string().regex(/^(0|[1-9]\d{0,128})$/, {
  error: "Member must satisfy regular expression pattern: 0|([1-9]\\d{0,128})",
});

/** Integers within AWS's bounds, worded as AWS words them. */
export function integer(minimum: number, maximum: number) {
  return z
    .number()
    .int()
    .min(minimum, { error: `Member must have value greater than or equal to ${minimum}` })
    .max(maximum, { error: `Member must have value less than or equal to ${maximum}` });
}
