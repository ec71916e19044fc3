import { z } from "zod";
import { NotEmulatedError } from "../../endpoint/error.ts";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { integer, LIMITS, streamReference } from "../input.ts";
import { SEQUENCE_ORIGIN, type Shard, type Stream } from "../stream.ts";
import { findStream, invalidArgument, type KinesisContext, streamPermissions } from "../streams.ts";

/** AWS's maximum and default page size. */
const SHARDS_LIMIT = { maximum: 10_000, default: 100 };

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DescribeStream.html */
export function describeStream(context: KinesisContext): Operation {
  return defineOperation({
    input: z.object({
      ...streamReference,
      ExclusiveStartShardId: z.string().min(1).optional(),
      Limit: integer(1, SHARDS_LIMIT.maximum).default(SHARDS_LIMIT.default),
    }),
    permissions: (input) => streamPermissions(context, input, "DescribeStream"),
    run(input) {
      const stream = findStream(context, input);
      const start = input.ExclusiveStartShardId;
      const remaining = stream.shards.filter(({ id }) => start === undefined || id > start);
      return {
        StreamDescription: {
          ...describe(stream),
          Shards: remaining.slice(0, input.Limit).map(describeShard),
          HasMoreShards: remaining.length > input.Limit,
        },
      };
    },
  });
}

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_DescribeStreamSummary.html */
export function describeStreamSummary(context: KinesisContext): Operation {
  return defineOperation({
    input: z.object(streamReference),
    permissions: (input) => streamPermissions(context, input, "DescribeStreamSummary"),
    run(input) {
      const stream = findStream(context, input);
      return {
        StreamDescriptionSummary: {
          ...describe(stream),
          OpenShardCount: stream.shards.length,
          ConsumerCount: 0,
        },
      };
    },
  });
}

const listShardsInput = z.object({
  ...streamReference,
  NextToken: z.string().min(1).optional(),
  ExclusiveStartShardId: z.string().min(1).optional(),
  MaxResults: integer(1, LIMITS.listShardsResults).default(LIMITS.listShardsResults),
  ShardFilter: z.object({ Type: z.string() }).optional(),
});

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListShards.html */
export function listShards(context: KinesisContext): Operation {
  return defineOperation({
    input: listShardsInput,
    permissions: (input) => streamPermissions(context, pageOf(input), "ListShards"),
    run(input) {
      if (input.ShardFilter !== undefined) throw new NotEmulatedError("kinesis:ListShards with ShardFilter");
      const page = pageOf(input);
      const stream = findStream(context, page);
      const { start } = page;
      const remaining = stream.shards.filter(({ id }) => start === undefined || id > start);
      const shards = remaining.slice(0, input.MaxResults);
      const last = shards.at(-1);
      return {
        Shards: shards.map(describeShard),
        ...(last !== undefined &&
          remaining.length > shards.length && { NextToken: encodeToken(stream.configuration.name, last.id) }),
      };
    },
  });
}

interface Page {
  readonly StreamName?: string | undefined;
  readonly StreamARN?: string | undefined;
  /** The shard after which the page begins. */
  readonly start?: string | undefined;
}

/** A token contains the stream and the start of the page. AWS rejects a token together with a stream name. */
function pageOf(input: z.infer<typeof listShardsInput>): Page {
  const { NextToken, StreamName, StreamARN, ExclusiveStartShardId } = input;
  if (NextToken === undefined) return { StreamName, StreamARN, start: ExclusiveStartShardId };
  if (StreamName !== undefined)
    throw invalidArgument("NextToken and StreamName cannot be provided together.");
  const [name, start] = Buffer.from(NextToken, "base64").toString("utf8").split("/");
  if (!name || !start) throw invalidArgument("NextToken is invalid.");
  return { StreamName: name, start };
}

/** Stream names have no slash. */
function encodeToken(streamName: string, shardId: string): string {
  return Buffer.from(`${streamName}/${shardId}`).toString("base64");
}

/** The common output of DescribeStream and DescribeStreamSummary. */
function describe({ configuration }: Stream) {
  return {
    StreamName: configuration.name,
    StreamARN: configuration.arn,
    StreamStatus: "ACTIVE",
    StreamModeDetails: { StreamMode: configuration.mode },
    RetentionPeriodHours: configuration.retentionHours,
    StreamCreationTimestamp: configuration.createdAt,
    EnhancedMonitoring: [{ ShardLevelMetrics: [] }],
    EncryptionType: configuration.encryption,
    ...(configuration.keyId !== undefined && { KeyId: configuration.keyId }),
  };
}

function describeShard({ id, range }: Shard) {
  return {
    ShardId: id,
    HashKeyRange: {
      StartingHashKey: String(range.startingHashKey),
      EndingHashKey: String(range.endingHashKey),
    },
    SequenceNumberRange: { StartingSequenceNumber: String(SEQUENCE_ORIGIN) },
  };
}
