import type { Cancel, Clock } from "../../clock/clock.ts";
import { AwsError } from "../../endpoint/error.ts";
import type { Gateway, Principal } from "../../endpoint/operation.ts";
import type { Graph } from "../../graph.ts";
import type { OnFailure } from "../failure.ts";
import type { FunctionConfiguration } from "../function-configuration.ts";
import type { Lambda } from "../lambda.ts";
import { BatchLane, type BatchOutcome, type DiscardedBatch } from "./batch-lane.ts";
import { firstFailure } from "./batch-response.ts";
import { type MappingConfiguration, mappingsOfGraph } from "./configuration.ts";
import type { PendingRecord } from "./event-records.ts";
import { keepFailedBatch } from "./failed-batch.ts";
import { ShardReader } from "./shard-reader.ts";

interface MappingOptions {
  readonly graph: Graph;
  readonly clock: Clock;
  readonly gateway: Gateway;
  readonly lambda: Lambda;
  /** Calls the listener after each put to the stream, with the shards that have new records. */
  readonly onPut: (streamArn: string, listener: (shardIds: readonly string[]) => void) => Cancel;
  readonly onFailure: OnFailure;
}

/** Counters of a mapping: numbers of records, except for `batches` and `retries`. */
interface MappingMetrics {
  readonly read: number;
  readonly filtered: number;
  readonly batches: number;
  readonly retries: number;
  /** Discarded records that the on-failure destination keeps. */
  readonly failed: number;
  /** Discarded records that are lost. */
  readonly lost: number;
}

export interface EventSourceMappings {
  /** By the mapping's name in the program. */
  metrics(): Readonly<Record<string, MappingMetrics>>;
  /** Stops polling; tasks that are already on the clock still run. */
  stop(): void;
}

type Counters = { -readonly [key in keyof MappingMetrics]: MappingMetrics[key] };

interface RunningMapping {
  readonly mapping: MappingConfiguration;
  readonly counters: Counters;
  readonly readers: readonly { readonly shardId: string; readonly reader: ShardReader }[];
  readonly unsubscribe: Cancel;
}

/**
 * Starts the enabled event-source mappings of the graph. Shards are read in parallel in virtual time, but their tasks run
 * one after the other, so that a run can be repeated exactly.
 *
 * @throws NotEmulatedError for a mapping that is not emulated.
 * @throws AwsError AccessDenied when a function's role may not describe the stream or list its shards. AWS does not create
 * such a mapping, either.
 */
export async function startEventSourceMappings(options: MappingOptions): Promise<EventSourceMappings> {
  const running: RunningMapping[] = [];
  for (const mapping of mappingsOfGraph(options.graph)) running.push(await start(mapping, options));
  return {
    metrics: () =>
      Object.fromEntries(running.map(({ mapping, counters }) => [mapping.name, { ...counters }])),
    stop: () => {
      for (const { readers, unsubscribe } of running) {
        unsubscribe();
        for (const { reader } of readers) reader.stop();
      }
    },
  };
}

async function start(mapping: MappingConfiguration, options: MappingOptions): Promise<RunningMapping> {
  const { gateway, lambda, onPut, clock, onFailure } = options;
  const configuration = lambda.configurationOf(mapping.functionName);
  const principal = await lambda.principalOf(mapping.functionName);
  const counters: Counters = { read: 0, filtered: 0, batches: 0, retries: 0, failed: 0, lost: 0 };
  const { retentionSeconds, shardIds } = await describe(gateway, principal, mapping);
  const readers = shardIds.map((shardId) => {
    const lanes = Array.from({ length: mapping.parallelizationFactor }, () =>
      createLane({ ...options, mapping, configuration, principal, counters, shardId, retentionSeconds }, () =>
        reader.wake(),
      ),
    );
    const reader: ShardReader = new ShardReader({
      clock,
      gateway,
      principal,
      roleArn: configuration.roleArn,
      mapping,
      shardId,
      lanes,
      onRead: ({ read, filtered }) => {
        counters.read += read;
        counters.filtered += filtered;
      },
      onRejected: ({ message }) => {
        const { name } = configuration;
        const time = clock.now();
        onFailure({
          time,
          kind: "rejected",
          source: mapping.name,
          functionName: name,
          message,
          count: 0,
          lost: true,
        });
      },
    });
    return { shardId, reader };
  });
  const wake = (withRecords: readonly string[]): void => {
    for (const { shardId, reader } of readers) if (withRecords.includes(shardId)) reader.wake();
  };
  const unsubscribe = onPut(mapping.streamArn, wake);
  wake(shardIds);
  return { mapping, counters, readers, unsubscribe };
}

async function describe(
  gateway: Gateway,
  principal: Principal,
  { streamArn }: MappingConfiguration,
): Promise<{ retentionSeconds: number; shardIds: readonly string[] }> {
  const StreamARN = streamArn;
  const { StreamDescription } = await gateway.call<{ StreamDescription: { RetentionPeriodHours: number } }>(
    principal,
    "kinesis",
    "DescribeStream",
    { StreamARN },
  );
  const shardIds: string[] = [];
  let next: string | undefined;
  do {
    const output: { Shards: readonly { ShardId: string }[]; NextToken?: string } = await gateway.call(
      principal,
      "kinesis",
      "ListShards",
      next === undefined ? { StreamARN } : { NextToken: next },
    );
    shardIds.push(...output.Shards.map(({ ShardId }) => ShardId));
    next = output.NextToken;
  } while (next !== undefined);
  return { retentionSeconds: StreamDescription.RetentionPeriodHours * 3600, shardIds };
}

interface LaneContext extends MappingOptions {
  readonly mapping: MappingConfiguration;
  readonly configuration: FunctionConfiguration;
  readonly principal: Principal;
  readonly counters: Counters;
  readonly shardId: string;
  readonly retentionSeconds: number;
}

function createLane(context: LaneContext, onCapacity: () => void): BatchLane {
  const { mapping, counters, clock, retentionSeconds } = context;
  return new BatchLane({
    clock,
    batchSize: mapping.batchSize,
    batchingWindowSeconds: mapping.batchingWindowSeconds,
    bisectOnError: mapping.bisectOnError,
    maximumRetryAttempts: mapping.maximumRetryAttempts,
    // A record that the stream no longer retains cannot be read again.
    maximumRecordAgeSeconds: Math.min(mapping.maximumRecordAgeSeconds, retentionSeconds),
    invoke: (records) => invoke(context, records),
    onDiscarded: (batch) => discard(context, batch),
    onRetry: () => {
      counters.retries += 1;
    },
    onCapacity,
  });
}

async function invoke(context: LaneContext, records: readonly PendingRecord[]): Promise<BatchOutcome> {
  const { lambda, configuration, mapping, counters } = context;
  counters.batches += 1;
  try {
    const event = { Records: records.map(({ eventRecord }) => eventRecord) };
    const { functionError, payload } = await lambda.invoke(configuration.arn, event);
    if (functionError)
      return {
        kind: "invoked",
        firstFailed: 0,
        problem: `${functionError.errorType}: ${functionError.errorMessage}`,
      };
    const sequenceNumbers = records.map(({ sequenceNumber }) => sequenceNumber);
    const firstFailed = mapping.reportsItemFailures
      ? firstFailure(sequenceNumbers, JSON.parse(payload))
      : records.length;
    return { kind: "invoked", firstFailed, problem: "reported in batchItemFailures" };
  } catch (error) {
    if (error instanceof AwsError && error.code === "TooManyRequestsException")
      return { kind: "throttled", problem: error.message };
    throw error;
  }
}

async function discard(context: LaneContext, { problem, ...batch }: DiscardedBatch): Promise<void> {
  const { mapping, configuration, principal, gateway, clock, counters, shardId, onFailure } = context;
  const { destinationArn, streamArn, uuid: mappingUuid } = mapping;
  const time = clock.now();
  const failed = { ...batch, mappingUuid, functionArn: configuration.arn, streamArn, shardId, time };
  const error =
    destinationArn === undefined
      ? "no on-failure destination"
      : await keepFailedBatch(gateway, principal, destinationArn, failed);
  const count = batch.records.length;
  const lost = error !== undefined;
  if (lost) counters.lost += count;
  else counters.failed += count;
  onFailure({
    time,
    kind: "batch",
    source: mapping.name,
    functionName: configuration.name,
    message: `${batch.condition}: ${problem}${lost ? `; not kept: ${error}` : ""}`,
    count,
    lost,
  });
}
