import { z } from "zod";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { describe } from "../description.ts";
import { streamReference } from "../input.ts";
import { findStream, type KinesisContext, streamPermissions } from "../streams.ts";

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
