import { z } from "zod";
import type { Cancel } from "../../../../local/clock/clock.ts";
import { defineOperation, type Service } from "../../../../local/endpoint/operation.ts";
import { ACCOUNT, REGION } from "../support.ts";

export const STREAM_ARN = `arn:aws:kinesis:${REGION}:${ACCOUNT}:stream/orders`;

interface StoredRecord {
  readonly SequenceNumber: string;
  readonly ApproximateArrivalTimestamp: Date;
  readonly Data: Uint8Array;
  readonly PartitionKey: string;
}

/** As much of Kinesis as an event-source mapping reads, over shards that a test fills. */
export class FakeKinesis {
  readonly service: Service;
  readonly #shards: StoredRecord[][];
  readonly #listeners = new Set<(shardIds: readonly string[]) => void>();
  readonly #now: () => Date;
  readonly limits: number[] = [];
  #sequence = 1000;

  constructor(now: () => Date, shardCount = 1) {
    this.#now = now;
    this.#shards = Array.from({ length: shardCount }, () => []);
    this.service = { signingName: "kinesis", protocol: "json", operations: this.#operations() };
  }

  onPut = (_streamArn: string, listener: (shardIds: readonly string[]) => void): Cancel => {
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  };

  /** Puts records of one partition key and tells the listeners; returns the sequence numbers. */
  put(data: readonly unknown[], options: { shard?: number; partitionKey?: string } = {}): string[] {
    const numbers = data.map((each) => {
      const SequenceNumber = String(this.#sequence++);
      this.#shards[options.shard ?? 0]?.push({
        SequenceNumber,
        ApproximateArrivalTimestamp: this.#now(),
        Data: Buffer.from(typeof each === "string" ? each : JSON.stringify(each)),
        PartitionKey: options.partitionKey ?? "key",
      });
      return SequenceNumber;
    });
    for (const listener of this.#listeners) listener([shardId(options.shard ?? 0)]);
    return numbers;
  }

  #operations(): Service["operations"] {
    const permissions = (action: string) => () => [{ action: `kinesis:${action}`, resource: STREAM_ARN }];
    return {
      DescribeStream: defineOperation({
        input: z.object({ StreamARN: z.literal(STREAM_ARN) }),
        permissions: permissions("DescribeStream"),
        run: () => ({ StreamDescription: { RetentionPeriodHours: 24 } }),
      }),
      ListShards: defineOperation({
        input: z.object({ StreamARN: z.literal(STREAM_ARN) }),
        permissions: permissions("ListShards"),
        run: () => ({ Shards: this.#shards.map((_, index) => ({ ShardId: shardId(index) })) }),
      }),
      GetShardIterator: defineOperation({
        input: z.object({
          ShardId: z.string(),
          ShardIteratorType: z.enum(["TRIM_HORIZON", "AFTER_SEQUENCE_NUMBER", "AT_TIMESTAMP"]),
          StartingSequenceNumber: z.string().optional(),
          Timestamp: z.date().optional(),
        }),
        permissions: permissions("GetShardIterator"),
        run: (input) => ({ ShardIterator: JSON.stringify(input) }),
      }),
      GetRecords: defineOperation({
        input: z.object({ ShardIterator: z.string(), Limit: z.number() }),
        permissions: permissions("GetRecords"),
        run: ({ ShardIterator, Limit }) => this.#read(JSON.parse(ShardIterator), Limit),
      }),
    };
  }

  #read(
    from: { ShardId: string; StartingSequenceNumber?: string; Timestamp?: string },
    limit: number,
  ): { Records: StoredRecord[]; MillisBehindLatest: number } {
    this.limits.push(limit);
    const records = (this.#shards[Number(from.ShardId.slice(-12))] ?? []).filter(
      ({ SequenceNumber, ApproximateArrivalTimestamp }) =>
        SequenceNumber > (from.StartingSequenceNumber ?? "") &&
        ApproximateArrivalTimestamp >= new Date(from.Timestamp ?? 0),
    );
    return { Records: records.slice(0, limit), MillisBehindLatest: records.length > limit ? 1000 : 0 };
  }
}

export function shardId(index: number): string {
  return `shardId-${String(index).padStart(12, "0")}`;
}
