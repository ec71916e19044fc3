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

interface ResultEntry {
  readonly ShardId?: string;
  readonly SequenceNumber?: string;
  readonly ErrorCode?: string;
  readonly ErrorMessage?: string;
}

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
      const stored = results.filter(({ ErrorCode }) => ErrorCode === undefined);
      context.notify(stream, [...new Set(stored.flatMap(({ ShardId }) => ShardId ?? []))]);
      return {
        FailedRecordCount: results.length - stored.length,
        Records: results,
        EncryptionType: stream.configuration.encryption,
      };
    },
  });
}

function put(context: KinesisContext, stream: Stream, entry: Entry): ResultEntry {
  const { name } = stream.configuration;
  const shard = stream.shardOf(entry.PartitionKey, entry.ExplicitHashKey);
  const candidate = {
    streamName: name,
    shardId: shard.id,
    partitionKey: entry.PartitionKey,
    data: entry.Data,
  };
  if (context.throttled(candidate)) {
    return {
      ErrorCode: "ProvisionedThroughputExceededException",
      ErrorMessage: `Rate exceeded for shard ${shard.id} in stream ${name} under account ${context.accountId}.`,
    };
  }
  const record = stream.append(shard, entry.PartitionKey, entry.Data, context.now());
  return { ShardId: shard.id, SequenceNumber: String(record.sequenceNumber) };
}

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
