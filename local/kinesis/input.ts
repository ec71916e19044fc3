import { z } from "zod";
import { blob } from "../endpoint/operation.ts";
import { MAX_HASH_KEY } from "./stream.ts";

/** Bytes and counts that Kinesis refuses to exceed. https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html */
export const LIMITS = {
  /** A PutRecords call; the bytes count data and partition keys of all entries: 10 MiB since records may be as large. */
  putRecordsEntries: 500,
  putRecordsBytes: 10 * 1024 * 1024,
  /** One record, its partition key included; the default of a stream that does not raise it. */
  recordBytes: 1024 * 1024,
  partitionKeyCharacters: 256,
  /** A GetRecords call. */
  getRecordsRecords: 10_000,
  getRecordsBytes: 10 * 1024 * 1024,
  /** A ListShards page. */
  listShardsResults: 1000,
} as const;

/** Shards a stream has when it starts on demand: https://docs.aws.amazon.com/streams/latest/dev/how-do-i-size-a-stream.html */
export const ON_DEMAND_SHARDS = 4;

/** Default of a stream whose program says nothing. */
export const DEFAULT_RETENTION_HOURS = 24;

/** How every operation names its stream. */
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

/** What PutRecord and an entry of PutRecords have in common. */
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

/** Bytes that count against Kinesis's limits. */
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
