import { LIMITS as KINESIS } from "../../local/kinesis/input.ts";
import { LIMITS as MAPPING } from "../../local/lambda/mapping/configuration.ts";
import * as S3 from "../../local/s3/limits.ts";
import * as SNS from "../../local/sns/limits.ts";
import type { ServiceName } from "./line.ts";

/** A limit of AWS that the program or its local run can meet, and the words of the line that tries it and one past it. */
export interface Limit {
  readonly service: ServiceName;
  readonly what: string;
  readonly limit: number;
  readonly line: RegExp;
}

/** The numbers are those by which local/ rejects; the links are the lines'. */
export const LIMITS: readonly Limit[] = [
  {
    service: "Kinesis",
    what: "records of a PutRecords call",
    limit: KINESIS.putRecordsEntries,
    line: /500 records/,
  },
  { service: "Kinesis", what: "bytes of a PutRecords call", limit: KINESIS.putRecordsBytes, line: /10 MiB/ },
  { service: "Kinesis", what: "bytes of a record", limit: KINESIS.recordBytes, line: /has 1 MiB/ },
  {
    service: "Kinesis",
    what: "characters of a partition key",
    limit: KINESIS.partitionKeyCharacters,
    line: /256 characters/,
  },
  {
    service: "Kinesis",
    what: "records of a GetRecords page",
    limit: KINESIS.getRecordsRecords,
    line: /10,000/,
  },
  { service: "S3", what: "keys of a list's page", limit: S3.LIST_LIMIT_KEYS, line: /1001 keys/ },
  {
    service: "S3",
    what: "keys of a DeleteObjects call",
    limit: S3.DELETE_OBJECTS_LIMIT,
    line: /DeleteObjects/,
  },
  { service: "S3", what: "bytes of a key", limit: S3.KEY_LIMIT_BYTES, line: /key has/ },
  {
    service: "S3",
    what: "bytes of user metadata",
    limit: S3.USER_METADATA_LIMIT_BYTES,
    line: /metadata has/,
  },
  {
    service: "SNS",
    what: "entries of a PublishBatch call",
    limit: SNS.BATCH_LIMIT_ENTRIES,
    line: /10 entries/,
  },
  {
    service: "SNS",
    what: "bytes of a PublishBatch call",
    limit: SNS.MESSAGE_LIMIT_BYTES,
    line: /256 KiB in all/,
  },
  { service: "SNS", what: "bytes of a message", limit: SNS.MESSAGE_LIMIT_BYTES, line: /message has 256 KiB/ },
  {
    service: "SNS",
    what: "characters of a batch entry's Id",
    limit: SNS.BATCH_ENTRY_ID_LIMIT_CHARACTERS,
    line: /more than 80/,
  },
  {
    service: "SNS",
    what: "characters of a subject (less than)",
    limit: SNS.SUBJECT_LIMIT_CHARACTERS,
    line: /less than 100/,
  },
  {
    service: "SNS",
    what: "characters of an attribute's name",
    limit: SNS.ATTRIBUTE_NAME_LIMIT_CHARACTERS,
    line: /256 characters/,
  },
  {
    service: "SNS",
    what: "names in a filter policy",
    limit: SNS.FILTER_ATTRIBUTE_NAMES_LIMIT,
    line: /5 names/,
  },
  {
    service: "SNS",
    what: "combinations of values in a filter policy",
    limit: SNS.FILTER_COMBINATIONS_LIMIT,
    line: /150 combinations/,
  },
  { service: "Event-source mapping", what: "BatchSize", limit: MAPPING.batchSize, line: /^BatchSize is/ },
  {
    service: "Event-source mapping",
    what: "MaximumBatchingWindowInSeconds",
    limit: MAPPING.batchingWindowSeconds,
    line: /^MaximumBatchingWindowInSeconds is/,
  },
  {
    service: "Event-source mapping",
    what: "ParallelizationFactor",
    limit: MAPPING.parallelizationFactor,
    line: /^ParallelizationFactor is/,
  },
  {
    service: "Event-source mapping",
    what: "MaximumRetryAttempts",
    limit: MAPPING.retryAttempts,
    line: /^MaximumRetryAttempts is/,
  },
  {
    service: "Event-source mapping",
    what: "MaximumRecordAgeInSeconds",
    limit: MAPPING.recordAgeSeconds,
    line: /^MaximumRecordAgeInSeconds is 604,800/,
  },
  {
    service: "Event-source mapping",
    what: "MaximumRecordAgeInSeconds (least)",
    limit: MAPPING.leastRecordAgeSeconds,
    line: /^MaximumRecordAgeInSeconds is 60 at least/,
  },
];
