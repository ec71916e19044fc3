import { createHash } from "node:crypto";

export interface StoredRecord {
  readonly sequenceNumber: bigint;
  readonly partitionKey: string;
  readonly data: Uint8Array;
  readonly arrivedAt: Date;
}

export interface Shard {
  readonly id: string;
  readonly range: HashKeyRange;
  /** In the order of arrival, which is the order of sequence numbers. */
  readonly records: StoredRecord[];
}

export interface StreamConfiguration {
  readonly name: string;
  readonly arn: string;
  readonly mode: "PROVISIONED" | "ON_DEMAND";
  readonly ranges: readonly HashKeyRange[];
  readonly retentionHours: number;
  readonly encryption: "NONE" | "KMS";
  /** The key as the program writes it, for DescribeStream. */
  readonly keyId?: string;
  /** The customer key that callers need permissions on; absent when AWS manages the key. */
  readonly customerKeyArn?: string;
  readonly createdAt: Date;
}

/**
 * The sequence number before the first record of every stream. Like AWS's numbers it has 56 decimal digits beginning with
 * 49. A run cannot store enough records to change the number of digits.
 */
export const SEQUENCE_ORIGIN = 496n * 10n ** 53n;

const MILLISECONDS_PER_HOUR = 3_600_000;

/** The records of one stream, in memory. Sequence numbers increase over all shards of the stream. */
export class Stream {
  readonly configuration: StreamConfiguration;
  readonly shards: readonly Shard[];
  #lastSequenceNumber = SEQUENCE_ORIGIN;

  constructor(configuration: StreamConfiguration) {
    this.configuration = configuration;
    this.shards = configuration.ranges.map((range, index) => ({
      id: `shardId-${String(index).padStart(12, "0")}`,
      range,
      records: [],
    }));
  }

  get lastSequenceNumber(): bigint {
    return this.#lastSequenceNumber;
  }

  /** Continues the numbering of an earlier run. A number below the stream's own has no effect. */
  continueAfter(sequenceNumber: bigint): void {
    if (sequenceNumber > this.#lastSequenceNumber) this.#lastSequenceNumber = sequenceNumber;
  }

  shardOf(partitionKey: string, explicitHashKey?: string): Shard {
    const hashKey = explicitHashKey === undefined ? hashKeyOf(partitionKey) : BigInt(explicitHashKey);
    const shard = this.shards.find(
      ({ range }) => range.startingHashKey <= hashKey && hashKey <= range.endingHashKey,
    );
    if (shard === undefined)
      throw new Error(`hash key ${hashKey} does not belong to a shard of ${this.configuration.name}`);
    return shard;
  }

  append(shard: Shard, partitionKey: string, data: Uint8Array, arrivedAt: Date): StoredRecord {
    this.#lastSequenceNumber += 1n;
    const record = { sequenceNumber: this.#lastSequenceNumber, partitionKey, data, arrivedAt };
    shard.records.push(record);
    return record;
  }

  /** Removes records that are older than the retention period. */
  trim(shard: Shard, now: Date): void {
    const horizon = now.getTime() - this.configuration.retentionHours * MILLISECONDS_PER_HOUR;
    const kept = shard.records.findIndex(({ arrivedAt }) => arrivedAt.getTime() >= horizon);
    shard.records.splice(0, kept === -1 ? shard.records.length : kept);
  }
}

/** Index of the first record after `sequenceNumber`, by bisection: a replayed year holds half a million records. */
export function indexAfter(records: readonly StoredRecord[], sequenceNumber: bigint): number {
  let low = 0;
  let high = records.length;
  while (low < high) {
    const middle = (low + high) >>> 1;
    const record = records[middle];
    if (record !== undefined && record.sequenceNumber <= sequenceNumber) low = middle + 1;
    else high = middle;
  }
  return low;
}

/** Hash keys are unsigned 128-bit integers. */
export const MAX_HASH_KEY = 2n ** 128n - 1n;

/** Both ends inclusive. */
interface HashKeyRange {
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
