import { createHash } from "node:crypto";
import type { Clock } from "../../clock/clock.ts";
import { AwsError } from "../../endpoint/error.ts";
import type { Gateway, Principal } from "../../endpoint/operation.ts";
import type { BatchLane } from "./batch-lane.ts";
import type { MappingConfiguration } from "./configuration.ts";
import { type PendingRecord, pendingRecord, type StreamRecord } from "./event-records.ts";

/** Lambda polls a shard once a second: https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html#kinesis-polling-and-batching */
const POLL_INTERVAL_MILLIS = 1000;

interface GetRecordsOutput {
  readonly Records: readonly StreamRecord[];
  readonly MillisBehindLatest?: number;
}

interface ShardReaderOptions {
  readonly clock: Clock;
  readonly gateway: Gateway;
  /** The function's role, whose permissions apply to every read. */
  readonly principal: Principal;
  readonly roleArn: string;
  readonly mapping: MappingConfiguration;
  readonly shardId: string;
  /** One lane for each unit of the parallelization factor; a partition key always uses the same lane. */
  readonly lanes: readonly BatchLane[];
  readonly onRead: (counts: { read: number; filtered: number }) => void;
  /** Called when the role may not read; the reader then stops. */
  readonly onRejected: (error: AwsError) => void;
}

/** Reads one shard while it has unread records. {@link ShardReader.wake} starts it after new records. */
export class ShardReader {
  readonly #options: ShardReaderOptions;
  /** LATEST means the start of the mapping, so that no record before the first poll is missed. */
  readonly #startedAt: Date;
  #lastSequenceNumber: string | undefined;
  #lastPollMillis = Number.NEGATIVE_INFINITY;
  #scheduled = false;
  #stopped = false;

  constructor(options: ShardReaderOptions) {
    this.#options = options;
    this.#startedAt = options.clock.now();
  }

  /** Schedules a poll, at once or a second after the last one. */
  wake(): void {
    if (this.#scheduled || this.#stopped) return;
    this.#scheduled = true;
    const { clock } = this.#options;
    const time = Math.max(clock.now().getTime(), this.#lastPollMillis + POLL_INTERVAL_MILLIS);
    clock.at(new Date(time), () => this.#poll());
  }

  stop(): void {
    this.#stopped = true;
  }

  async #poll(): Promise<void> {
    this.#scheduled = false;
    const { clock, lanes, mapping } = this.#options;
    // A full lane wakes the reader when it has capacity again. A blocked lane does not block the others.
    if (this.#stopped || !lanes.some((lane) => lane.hasCapacity)) return;
    const output = await this.#read();
    if (output === undefined) return;
    const { Records, MillisBehindLatest = 0 } = output;
    // A poll without records does not delay the next one, which the next put starts.
    if (Records.length > 0) this.#lastPollMillis = clock.now().getTime();
    if (Records.length === mapping.batchSize || MillisBehindLatest > 0) this.wake();
    await this.#distribute(Records);
  }

  /** @returns undefined when the read was throttled, and is retried, or rejected. */
  async #read(): Promise<GetRecordsOutput | undefined> {
    const { gateway, principal, mapping, onRejected } = this.#options;
    const StreamARN = mapping.streamArn;
    try {
      const { ShardIterator } = await gateway.call<{ ShardIterator: string }>(
        principal,
        "kinesis",
        "GetShardIterator",
        { StreamARN, ShardId: this.#options.shardId, ...this.#position() },
      );
      const input = { StreamARN, ShardIterator, Limit: mapping.batchSize };
      const output = await gateway.call<GetRecordsOutput>(principal, "kinesis", "GetRecords", input);
      this.#lastSequenceNumber = output.Records.at(-1)?.SequenceNumber ?? this.#lastSequenceNumber;
      return output;
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      if (error.code === "ProvisionedThroughputExceededException") {
        this.#lastPollMillis = this.#options.clock.now().getTime();
        this.wake();
      } else {
        this.stop();
        onRejected(error);
      }
      return undefined;
    }
  }

  /** Each poll uses a new iterator, because an iterator expires after five minutes without a put. */
  #position(): Record<string, unknown> {
    const { startingPosition, startingTimestamp } = this.#options.mapping;
    if (this.#lastSequenceNumber !== undefined)
      return { ShardIteratorType: "AFTER_SEQUENCE_NUMBER", StartingSequenceNumber: this.#lastSequenceNumber };
    if (startingPosition === "TRIM_HORIZON") return { ShardIteratorType: "TRIM_HORIZON" };
    return { ShardIteratorType: "AT_TIMESTAMP", Timestamp: startingTimestamp ?? this.#startedAt };
  }

  async #distribute(records: readonly StreamRecord[]): Promise<void> {
    const { mapping, roleArn, shardId, lanes, onRead } = this.#options;
    const passed = records.filter((record) =>
      mapping.filter({ data: record.Data, partitionKey: record.PartitionKey }),
    );
    onRead({ read: records.length, filtered: records.length - passed.length });
    const parts = lanes.map((): PendingRecord[] => []);
    for (const record of passed)
      parts[partOf(record.PartitionKey, lanes.length)]?.push(
        pendingRecord(record, { shardId, streamArn: mapping.streamArn, roleArn }),
      );
    // On AWS at once; here one after the other, so that a replay is the same every time. Waits for a retry are the clock's.
    for (const [index, lane] of lanes.entries()) await lane.add(parts[index] ?? []);
  }
}

function partOf(partitionKey: string, parts: number): number {
  return parts === 1 ? 0 : createHash("md5").update(partitionKey).digest().readUInt32BE(12) % parts;
}
