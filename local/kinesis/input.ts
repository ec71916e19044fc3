import { z } from "zod";
import { blob } from "../endpoint/shapes.ts";
import { MAX_HASH_KEY } from "./hash-key.ts";
import { LIMITS } from "./limits.ts";

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
