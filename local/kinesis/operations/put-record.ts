import { z } from "zod";
import { AwsError } from "../../endpoint/error.ts";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { entryShape, positionSchema, streamReference, withinRecordBytes } from "../input.ts";
import { findStream, type KinesisContext, streamPermissions } from "../streams.ts";

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecord.html */
export function putRecord(context: KinesisContext): Operation {
  return defineOperation({
    input: z
      // Numbers rise by themselves here, so SequenceNumberForOrdering asks for what is already so.
      .object({ ...streamReference, ...entryShape, SequenceNumberForOrdering: positionSchema.optional() })
      .refine(withinRecordBytes.check, withinRecordBytes.options),
    permissions: (input) => streamPermissions(context, input, "PutRecord", "kms:GenerateDataKey"),
    run(input) {
      const stream = findStream(context, input);
      const { name, encryption } = stream.configuration;
      const shard = stream.shardOf(input.PartitionKey, input.ExplicitHashKey);
      const candidate = {
        streamName: name,
        shardId: shard.id,
        partitionKey: input.PartitionKey,
        data: input.Data,
      };
      if (context.throttled(candidate)) {
        throw new AwsError(
          "ProvisionedThroughputExceededException",
          `Rate exceeded for shard ${shard.id} in stream ${name} under account ${context.accountId}.`,
        );
      }
      const record = stream.append(shard, input.PartitionKey, input.Data, context.now());
      context.notify(stream, [shard.id]);
      return { ShardId: shard.id, SequenceNumber: String(record.sequenceNumber), EncryptionType: encryption };
    },
  });
}
