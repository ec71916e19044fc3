import type { Cancel } from "../clock/clock.ts";
import type { Service } from "../endpoint/operation.ts";
import { type Graph, resourcesOfType } from "../graph.ts";
import { describeStream, describeStreamSummary, listShards } from "./operations/describe-stream.ts";
import { getRecords, getShardIterator } from "./operations/get-records.ts";
import { putRecord, putRecords } from "./operations/put-records.ts";
import { Stream } from "./stream.ts";
import { type KinesisContext, streamConfigurations, type Throttle } from "./streams.ts";

/** Called synchronously with the shards of a stream that have new records. */
type PutListener = (shardIds: readonly string[]) => void;

/** The last sequence number of each stream by name, as JSON text. */
type KinesisSnapshot = Readonly<Record<string, string>>;

export interface Kinesis {
  readonly service: Service;
  onPut(streamArn: string, listener: PutListener): Cancel;
  /** Rejects the chosen records from now on; `undefined` ends this. */
  throttle(fn: Throttle | undefined): void;
  snapshot(): KinesisSnapshot;
  /** Continues the numbering of an earlier run, so that sequence numbers stay unique. Records are not restored. */
  restore(snapshot: KinesisSnapshot): void;
}

/** Kinesis Data Streams with the streams of a graph. Records are in memory, and `now` is the virtual time. */
export function createKinesis({ graph, now }: { graph: Graph; now: () => Date }): Kinesis {
  const streams = new Map(
    streamConfigurations(graph, now()).map((configuration) => [
      configuration.name,
      new Stream(configuration),
    ]),
  );
  const listeners = new Map<string, Set<PutListener>>();
  let throttle: Throttle | undefined;

  const context: KinesisContext = {
    region: graph.region,
    accountId: graph.accountId,
    streams,
    now,
    throttled: (candidate) => throttle?.(candidate) ?? false,
    notify(stream, shardIds) {
      if (shardIds.length === 0) return;
      for (const listener of listeners.get(stream.configuration.arn) ?? []) listener(shardIds);
    },
  };

  return {
    service: createService(context, graph),
    onPut(streamArn, listener) {
      const ofStream = listeners.get(streamArn) ?? new Set();
      listeners.set(streamArn, ofStream.add(listener));
      return () => void ofStream.delete(listener);
    },
    throttle(fn) {
      throttle = fn;
    },
    snapshot: () =>
      Object.fromEntries([...streams].map(([name, stream]) => [name, String(stream.lastSequenceNumber)])),
    restore(snapshot) {
      for (const [name, lastSequenceNumber] of Object.entries(snapshot)) {
        streams.get(name)?.continueAfter(BigInt(lastSequenceNumber));
      }
    },
  };
}

function createService(context: KinesisContext, graph: Graph): Service {
  const policies = new Map(
    resourcesOfType(graph, "aws:kinesis/resourcePolicy:ResourcePolicy").map(({ inputs }) => [
      inputs.resourceArn,
      inputs.policy,
    ]),
  );
  return {
    signingName: "kinesis",
    protocol: "json",
    operations: {
      DescribeStream: describeStream(context),
      DescribeStreamSummary: describeStreamSummary(context),
      GetRecords: getRecords(context),
      GetShardIterator: getShardIterator(context),
      ListShards: listShards(context),
      PutRecord: putRecord(context),
      PutRecords: putRecords(context),
    },
    resourcePolicy: (resource) => policies.get(resource),
  };
}
