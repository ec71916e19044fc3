import { z } from "zod";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { integer, LIMITS, streamReference } from "../input.ts";
import { indexAfter, type StoredRecord } from "../stream.ts";
import { findShard, findStream, type KinesisContext, streamPermissions } from "../streams.ts";
import { decodeIterator, encodeIterator } from "./get-shard-iterator.ts";

/**
 * https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html
 * The limit of five reads a second and shard is not emulated: a virtual second has no length.
 */
export function getRecords(context: KinesisContext): Operation {
  return defineOperation({
    input: z.object({
      StreamARN: streamReference.StreamARN,
      ShardIterator: z.string().min(1),
      Limit: integer(1, LIMITS.getRecordsRecords).default(LIMITS.getRecordsRecords),
    }),
    permissions: ({ ShardIterator, StreamARN }) => {
      const { streamName } = decodeIterator(ShardIterator);
      return streamPermissions(context, { StreamName: streamName, StreamARN }, "GetRecords", "kms:Decrypt");
    },
    run({ ShardIterator, StreamARN, Limit }) {
      const position = decodeIterator(ShardIterator);
      const stream = findStream(context, { StreamName: position.streamName, StreamARN });
      const shard = findShard(context, stream, position.shardId);
      const now = context.now();
      stream.trim(shard, now);
      const start = indexAfter(shard.records, position.after);
      const records = page(shard.records, start, Limit);
      const next = { ...position, after: records.at(-1)?.sequenceNumber ?? position.after };
      return {
        Records: records.map((record) => ({
          SequenceNumber: String(record.sequenceNumber),
          ApproximateArrivalTimestamp: record.arrivedAt,
          Data: record.data,
          PartitionKey: record.partitionKey,
          EncryptionType: stream.configuration.encryption,
        })),
        NextShardIterator: encodeIterator(next),
        MillisBehindLatest: millisBehind(shard.records[start + records.length], now),
      };
    },
  });
}

/** As many records as fit Kinesis's limits; always one, so that reading goes on. */
function page(records: readonly StoredRecord[], start: number, limit: number): readonly StoredRecord[] {
  let bytes = 0;
  let end = start;
  for (const record of records.slice(start, start + limit)) {
    bytes += record.data.length + Buffer.byteLength(record.partitionKey);
    if (bytes > LIMITS.getRecordsBytes && end > start) break;
    end += 1;
  }
  return records.slice(start, end);
}

/** Age of the first record that is still unread: zero means caught up, so one that arrived this instant counts 1 ms. */
function millisBehind(unread: StoredRecord | undefined, now: Date): number {
  return unread === undefined ? 0 : Math.max(1, now.getTime() - unread.arrivedAt.getTime());
}
