import { SEQUENCE_ORIGIN, type Shard, type Stream } from "./stream.ts";

/** What DescribeStream and DescribeStreamSummary answer alike. */
export function describe({ configuration }: Stream) {
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

export function describeShard({ id, range }: Shard) {
  return {
    ShardId: id,
    HashKeyRange: {
      StartingHashKey: String(range.startingHashKey),
      EndingHashKey: String(range.endingHashKey),
    },
    SequenceNumberRange: { StartingSequenceNumber: String(SEQUENCE_ORIGIN) },
  };
}
