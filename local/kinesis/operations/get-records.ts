import { z } from "zod";
import { defineOperation, type Operation, timestamp } from "../../endpoint/operation.ts";
import { integer, LIMITS, positionSchema, streamReference } from "../input.ts";
import { indexAfter, SEQUENCE_ORIGIN, type Shard, type StoredRecord, type Stream } from "../stream.ts";
import {
  findShard,
  findStream,
  invalidArgument,
  type KinesisContext,
  streamPermissions,
} from "../streams.ts";

/**
 * https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetRecords.html
 * The limit of five reads per second and shard is not emulated, because a virtual second has no duration.
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

/** The records that fit the limits of Kinesis, and at least one so that reading continues. */
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

/** Age of the first unread record. Zero means that there is none, so a record that has just arrived counts as 1 ms. */
function millisBehind(unread: StoredRecord | undefined, now: Date): number {
  return unread === undefined ? 0 : Math.max(1, now.getTime() - unread.arrivedAt.getTime());
}

const shardIteratorInput = z.object({
  ...streamReference,
  ShardId: z.string().min(1),
  ShardIteratorType: z.enum([
    "AT_SEQUENCE_NUMBER",
    "AFTER_SEQUENCE_NUMBER",
    "TRIM_HORIZON",
    "LATEST",
    "AT_TIMESTAMP",
  ]),
  StartingSequenceNumber: positionSchema.optional(),
  Timestamp: timestamp().optional(),
});
type ShardIteratorInput = z.infer<typeof shardIteratorInput>;

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_GetShardIterator.html */
export function getShardIterator(context: KinesisContext): Operation {
  return defineOperation({
    input: shardIteratorInput,
    permissions: (input) => streamPermissions(context, input, "GetShardIterator"),
    run(input) {
      const stream = findStream(context, input);
      const shard = findShard(context, stream, input.ShardId);
      const after = startOf(input, stream, shard, context.now());
      const position = { streamName: stream.configuration.name, shardId: shard.id, after };
      return { ShardIterator: encodeIterator(position) };
    },
  });
}

/** The sequence number after which reading begins. */
function startOf(input: ShardIteratorInput, stream: Stream, shard: Shard, now: Date): bigint {
  switch (input.ShardIteratorType) {
    case "TRIM_HORIZON":
      return SEQUENCE_ORIGIN;
    case "LATEST":
      return stream.lastSequenceNumber;
    case "AT_SEQUENCE_NUMBER":
      return startingSequenceNumber(input, stream) - 1n;
    case "AFTER_SEQUENCE_NUMBER":
      return startingSequenceNumber(input, stream);
    case "AT_TIMESTAMP":
      return beforeTimestamp(input.Timestamp, stream, shard, now);
  }
}

function startingSequenceNumber(
  { ShardId, ShardIteratorType, StartingSequenceNumber }: ShardIteratorInput,
  stream: Stream,
): bigint {
  if (StartingSequenceNumber === undefined) {
    throw invalidArgument(`StartingSequenceNumber is required for ShardIteratorType ${ShardIteratorType}.`);
  }
  const number = BigInt(StartingSequenceNumber);
  if (number < SEQUENCE_ORIGIN || number > stream.lastSequenceNumber) {
    throw invalidArgument(
      `StartingSequenceNumber ${number} used in GetShardIterator on shard ${ShardId} in stream ${stream.configuration.name} is invalid.`,
    );
  }
  return number;
}

function beforeTimestamp(time: Date | undefined, stream: Stream, shard: Shard, now: Date): bigint {
  if (time === undefined) throw invalidArgument("Timestamp is required for ShardIteratorType AT_TIMESTAMP.");
  if (time > now) {
    throw invalidArgument(
      `The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. timestampInMillis: ${time.getTime()}, currentTimestampInMillis: ${now.getTime()}`,
    );
  }
  const first = shard.records.find(({ arrivedAt }) => arrivedAt >= time);
  return first === undefined ? stream.lastSequenceNumber : first.sequenceNumber - 1n;
}

/** A position in a shard: records after this sequence number are unread. */
interface ShardPosition {
  readonly streamName: string;
  readonly shardId: string;
  readonly after: bigint;
}

const tokenSchema = z.tuple([z.string(), z.string(), z.string().regex(/^\d+$/)]);

/**
 * Iterators do not expire. On AWS they expire after 5 minutes, but on a virtual clock hours may pass between two timely
 * polls of a client.
 */
function encodeIterator({ streamName, shardId, after }: ShardPosition): string {
  return Buffer.from(JSON.stringify([streamName, shardId, String(after)])).toString("base64");
}

/** Throws InvalidArgumentException for a text that is not an iterator of this service. */
function decodeIterator(iterator: string): ShardPosition {
  try {
    const text = Buffer.from(iterator, "base64").toString("utf8");
    const [streamName, shardId, after] = tokenSchema.parse(JSON.parse(text));
    return { streamName, shardId, after: BigInt(after) };
  } catch (cause) {
    const error = invalidArgument("Invalid ShardIterator.");
    error.cause = cause;
    throw error;
  }
}
