import { z } from "zod";
import { AwsError } from "../../endpoint/error.ts";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import {
  entryBytes,
  entryShape,
  LIMITS,
  positionSchema,
  streamReference,
  withinRecordBytes,
} from "../input.ts";
import type { Stream } from "../stream.ts";
import { findStream, invalidArgument, type KinesisContext, streamPermissions } from "../streams.ts";

const entrySchema = z.object(entryShape).refine(withinRecordBytes.check, withinRecordBytes.options);
type Entry = z.infer<typeof entrySchema>;

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html */
export function putRecords(context: KinesisContext): Operation {
  return defineOperation({
    input: z.object({
      ...streamReference,
      Records: z
        .array(entrySchema)
        .min(1, { error: "Member must have length greater than or equal to 1" })
        .max(LIMITS.putRecordsEntries, {
          error: `Member must have length less than or equal to ${LIMITS.putRecordsEntries}`,
        }),
    }),
    permissions: (input) => streamPermissions(context, input, "PutRecords", "kms:GenerateDataKey"),
    run(input) {
      const stream = findStream(context, input);
      const bytes = input.Records.reduce((sum, entry) => sum + entryBytes(entry), 0);
      if (bytes > LIMITS.putRecordsBytes) {
        throw invalidArgument(
          `Records size of ${bytes} bytes exceeds the limit of ${LIMITS.putRecordsBytes} bytes for a PutRecords request`,
        );
      }
      const results = input.Records.map((entry) => put(context, stream, entry));
      const shardIds = results.flatMap(({ ShardId }) => ShardId ?? []);
      context.notify(stream, [...new Set(shardIds)]);
      return {
        FailedRecordCount: results.length - shardIds.length,
        Records: results,
        EncryptionType: stream.configuration.encryption,
      };
    },
  });
}

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecord.html */
export function putRecord(context: KinesisContext): Operation {
  return defineOperation({
    input: z
      // Sequence numbers always increase here, so SequenceNumberForOrdering has no further effect.
      .object({ ...streamReference, ...entryShape, SequenceNumberForOrdering: positionSchema.optional() })
      .refine(withinRecordBytes.check, withinRecordBytes.options),
    permissions: (input) => streamPermissions(context, input, "PutRecord", "kms:GenerateDataKey"),
    run(input) {
      const stream = findStream(context, input);
      const result = put(context, stream, input);
      if (result.ErrorCode !== undefined) throw new AwsError(result.ErrorCode, result.ErrorMessage);
      context.notify(stream, [result.ShardId]);
      return { ...result, EncryptionType: stream.configuration.encryption };
    },
  });
}

/** Stores one record. A throttled one is answered with an error entry, as PutRecords does. */
function put(context: KinesisContext, stream: Stream, entry: Entry) {
  const { PartitionKey: partitionKey, ExplicitHashKey, Data: data } = entry;
  const { name: streamName } = stream.configuration;
  const shard = stream.shardOf(partitionKey, ExplicitHashKey);
  if (context.throttled({ streamName, shardId: shard.id, partitionKey, data })) {
    return {
      ErrorCode: "ProvisionedThroughputExceededException",
      ErrorMessage: `Rate exceeded for shard ${shard.id} in stream ${streamName} under account ${context.accountId}.`,
    };
  }
  const { sequenceNumber } = stream.append(shard, partitionKey, data, context.now());
  return { ShardId: shard.id, SequenceNumber: String(sequenceNumber) };
}
