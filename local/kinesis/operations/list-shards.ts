import { z } from "zod";
import { NotEmulatedError } from "../../endpoint/error.ts";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { describeShard } from "../description.ts";
import { integer, streamReference } from "../input.ts";
import { LIMITS } from "../limits.ts";
import { findStream, invalidArgument, type KinesisContext, streamPermissions } from "../streams.ts";

const inputSchema = z.object({
  ...streamReference,
  NextToken: z.string().min(1).optional(),
  ExclusiveStartShardId: z.string().min(1).optional(),
  MaxResults: integer(1, LIMITS.listShardsResults).default(LIMITS.listShardsResults),
  ShardFilter: z.object({ Type: z.string() }).optional(),
});

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ListShards.html */
export function listShards(context: KinesisContext): Operation {
  return defineOperation({
    input: inputSchema,
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

/** A token stands for stream and start; AWS refuses a stream name beside it. */
function pageOf(input: z.infer<typeof inputSchema>): Page {
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
