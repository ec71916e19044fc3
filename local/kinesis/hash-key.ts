import { createHash } from "node:crypto";

/** Hash keys are unsigned 128-bit integers. */
export const MAX_HASH_KEY = 2n ** 128n - 1n;

/** Both ends inclusive. */
export interface HashKeyRange {
  readonly startingHashKey: bigint;
  readonly endingHashKey: bigint;
}

/** MD5 of the UTF-8 partition key: https://docs.aws.amazon.com/streams/latest/dev/key-concepts.html#partition-key */
export function hashKeyOf(partitionKey: string): bigint {
  return BigInt(`0x${createHash("md5").update(partitionKey, "utf8").digest("hex")}`);
}

/** The whole key space in `count` ranges without gap or overlap, as even as integers allow. */
export function evenRanges(count: number): readonly HashKeyRange[] {
  const size = (MAX_HASH_KEY + 1n) / BigInt(count);
  return Array.from({ length: count }, (_, index) => ({
    startingHashKey: size * BigInt(index),
    endingHashKey: index === count - 1 ? MAX_HASH_KEY : size * BigInt(index + 1) - 1n,
  }));
}
