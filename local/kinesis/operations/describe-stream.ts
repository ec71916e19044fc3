import { z } from "zod";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { describe, describeShard } from "../description.ts";
import { integer, streamReference } from "../input.ts";
import { findStream, type KinesisContext, streamPermissions } from "../streams.ts";

/** AWS's maximum and default page of shards. */
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
