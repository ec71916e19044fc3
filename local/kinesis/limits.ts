/** Bytes and counts that Kinesis refuses to exceed. https://docs.aws.amazon.com/streams/latest/dev/service-sizes-and-limits.html */
export const LIMITS = {
  /** A PutRecords call; the bytes count data and partition keys of all entries: 10 MiB since records may be as large. */
  putRecordsEntries: 500,
  putRecordsBytes: 10 * 1024 * 1024,
  /** One record, its partition key included; the default of a stream that does not raise it. */
  recordBytes: 1024 * 1024,
  partitionKeyCharacters: 256,
  /** A GetRecords call. */
  getRecordsRecords: 10_000,
  getRecordsBytes: 10 * 1024 * 1024,
  /** A ListShards page. */
  listShardsResults: 1000,
} as const;

/** Shards a stream has when it starts on demand: https://docs.aws.amazon.com/streams/latest/dev/how-do-i-size-a-stream.html */
export const ON_DEMAND_SHARDS = 4;

/** Default of a stream whose program says nothing. */
export const DEFAULT_RETENTION_HOURS = 24;
