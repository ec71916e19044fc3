import { type Line, lineKey } from "./line.ts";

/** How MiniStack 1.5.33 does on a line, other than passing it. */
export type Departure =
  /** It takes the setting, and nothing comes of it. */
  | { readonly outcome: "inert"; readonly found: string; readonly error: RegExp }
  /** It does something else than AWS. */
  | { readonly outcome: "wrong"; readonly found: string; readonly error: RegExp }
  /** It cannot be asked. */
  | { readonly outcome: "skipped"; readonly reason: string };

/** What MiniStack does not pass, by line. `error` is how the line then fails: failing otherwise is a change, too. */
export const DEPARTURES: Readonly<Record<string, Departure>> = {
  "Kinesis: GetRecords takes a Limit of 10,000 and rejects one more": {
    outcome: "wrong",
    found: "takes 10,001",
    error: /^10,001: expected 'taken'/,
  },
  "Kinesis: An iterator that is none is rejected": {
    outcome: "wrong",
    found: "with ExpiredIteratorException",
    error: /^answer: expected 'ExpiredIteratorException'/,
  },
  "Kinesis: PutRecords rejects no records": {
    outcome: "wrong",
    found: "takes none",
    error: /^answer: expected 'taken'/,
  },
  "Kinesis: PutRecords takes 10 MiB with the partition keys, and rejects one byte more": {
    outcome: "wrong",
    found: "rejects more than 5 MiB, as AWS did before records could be as large",
    error: /^10 MiB: expected 'ValidationException'/,
  },
  "Kinesis: A record has 1 MiB with its partition key, where the stream does not raise it, and not one byte more":
    {
      outcome: "wrong",
      found: "does not count the partition key",
      error: /^PutRecord, one more: expected 'taken'/,
    },
  "Kinesis: Records that a shard rejects are answered in their places, with ErrorCode, and the others are stored":
    { outcome: "inert", found: "a shard never rejects", error: /^rejected records/ },
  "S3: CRC32: the right checksum is kept and given back, a wrong one is rejected": {
    outcome: "wrong",
    found: "the answer to the write lacks it; a read has it",
    error: /^checksums: expected/,
  },
  "S3: SHA256: the right checksum is kept and given back, a wrong one is rejected": {
    outcome: "wrong",
    found: "the answer to the write lacks it; a read has it",
    error: /^checksums: expected/,
  },
  "S3: A key has 1024 bytes at most": {
    outcome: "wrong",
    found: "takes 1025",
    error: /^one more: expected 'taken'/,
  },
  "S3: User metadata has 2048 bytes at most": {
    outcome: "wrong",
    found: "takes 2049",
    error: /^one more: expected 'taken'/,
  },
  "S3: DeleteObjects takes 1000 keys, and those that are not there count as deleted": {
    outcome: "wrong",
    found: "takes 1001",
    error: /^one more: expected 'taken'/,
  },
  "SNS: Filter policy: a number equals 5 and 5.0, not the string 5": {
    outcome: "wrong",
    found: "the string matches, too",
    error: /^delivered: expected/,
  },
  "SNS: Filter policy: 5 names are taken, one more is rejected": {
    outcome: "wrong",
    found: "takes 6",
    error: /^one more: expected undefined/,
  },
  "SNS: Filter policy: 150 combinations of values are taken, one more is rejected": {
    outcome: "wrong",
    found: "takes 151",
    error: /^one more: expected undefined/,
  },
  "SNS: Filter policy: an operator that there is not, and a value that is no list, are rejected": {
    outcome: "wrong",
    found: "takes them",
    error: /^operator: expected undefined/,
  },
  "SNS: PublishBatch takes 256 KiB in all and rejects one byte more": {
    outcome: "wrong",
    found: "takes more",
    error: /^one more: expected 'taken'/,
  },
  "SNS: PublishBatch rejects no entries, two of one Id, and an Id of other characters or more than 80": {
    outcome: "wrong",
    found: "with InvalidParameterException where AWS has errors of their own",
    error: /^none: expected 'InvalidParameterException'/,
  },
  "SNS: PublishBatch: a bad entry fails alone, with its Id, a code and SenderFault": {
    outcome: "wrong",
    found: "takes it",
    error: /^successful: expected/,
  },
  "SNS: A message is not empty": {
    outcome: "wrong",
    found: "takes an empty one",
    error: /^answer: expected 'taken'/,
  },
  "SNS: A subject is ASCII without line breaks, of less than 100 characters": {
    outcome: "wrong",
    found: "takes 100 characters",
    error: /^100: expected 'taken'/,
  },
  "SNS: Attributes of type String, String.Array, Number and Binary arrive as they were sent": {
    outcome: "wrong",
    found: "Binary arrives empty",
    error: /^attributes: expected/,
  },
  "SNS: An attribute of another type, a Number that is none and an empty value are rejected": {
    outcome: "wrong",
    found: "takes them",
    error: /^another type: expected 'taken'/,
  },
  "SNS: An attribute's name has 256 characters at most, no space, and does not begin with AWS.": {
    outcome: "wrong",
    found: "takes 257",
    error: /^257: expected 'taken'/,
  },
  "SNS: MessageStructure json without a default, or over what is no JSON object of strings, is rejected": {
    outcome: "wrong",
    found: "takes it",
    error: /^no default: expected 'taken'/,
  },
  "Event-source mapping: A batch that is not full waits for MaximumBatchingWindowInSeconds": {
    outcome: "inert",
    found: "comes at once",
    error: /^batches: expected/,
  },
  "Event-source mapping: ParallelizationFactor: a partition key that fails does not hold back the shard's other keys":
    { outcome: "wrong", found: "one batch of a shard at a time", error: /^others meanwhile: expected \+?0/ },
  "Event-source mapping: MaximumRetryAttempts: after so many retries the batch is given up, and the next one comes":
    { outcome: "wrong", found: "retries for ever", error: /^records: expected/ },
  "Event-source mapping: On-failure destination S3: the object has the record's metadata, and the event as payload":
    { outcome: "inert", found: "nothing is ever given up", error: /^objects: expected/ },
  "Event-source mapping: On-failure destination SQS: the message has the metadata, without the event": {
    outcome: "inert",
    found: "nothing is ever given up",
    error: /^messages: expected/,
  },
  "Event-source mapping: MaximumRecordAgeInSeconds: a record that is older is given up": {
    outcome: "inert",
    found: "nothing is ever given up",
    error: /^condition: expected undefined/,
  },
  "Event-source mapping: BisectBatchOnFunctionError: the batch is split until the record that fails is alone":
    { outcome: "inert", found: "the whole batch is retried for ever", error: /^sizes given up: expected/ },
  "Event-source mapping: ReportBatchItemFailures: the batch is taken up again from the first record that is named":
    { outcome: "wrong", found: "what is named counts as done", error: /^batches: expected/ },
  "Event-source mapping: BatchSize is 10,000 at most": {
    outcome: "wrong",
    found: "takes more",
    error: /^one past it: expected undefined/,
  },
  "Event-source mapping: MaximumBatchingWindowInSeconds is 300 at most": {
    outcome: "wrong",
    found: "takes more",
    error: /^one past it: expected undefined/,
  },
  "Event-source mapping: ParallelizationFactor is 10 at most": {
    outcome: "wrong",
    found: "takes more",
    error: /^one past it: expected undefined/,
  },
  "Event-source mapping: MaximumRetryAttempts is 10,000 at most": {
    outcome: "wrong",
    found: "takes more",
    error: /^one past it: expected undefined/,
  },
  "Event-source mapping: MaximumRecordAgeInSeconds is 604,800 at most": {
    outcome: "wrong",
    found: "takes more",
    error: /^one past it: expected undefined/,
  },
  "Event-source mapping: MaximumRecordAgeInSeconds is 60 at least, or -1": {
    outcome: "wrong",
    found: "takes 59",
    error: /^one past it: expected undefined/,
  },
  "EventBridge and Scheduler: A schedule's cron expression is read in its time zone": {
    outcome: "wrong",
    found: "reads it in UTC",
    error: /^fired: expected/,
  },
  "EventBridge and Scheduler: A schedule's input has <aws.scheduler.scheduled-time> filled in": {
    outcome: "inert",
    found: "the keyword stays as it is",
    error: /^time: expected '<aws.scheduler.scheduled-time>'/,
  },
  "EventBridge and Scheduler: A one-time schedule is read in its time zone": {
    outcome: "wrong",
    found: "fires at once",
    error: /^fired before its time: expected/,
  },
  "EventBridge and Scheduler: Rules: a rate is a number above 0 with a unit of its number": {
    outcome: "wrong",
    found: "takes rate(0 minutes)",
    error: /^rate\(0 minutes\) is taken/,
  },
  "EventBridge and Scheduler: Rules: a cron expression has six fields, one ? for a day, and values in range":
    { outcome: "wrong", found: "takes values out of range", error: /^cron\(60 7 \* \* \? \*\) is taken/ },
  "EventBridge and Scheduler: Schedules: a cron expression has six fields and one ? for a day": {
    outcome: "wrong",
    found: "takes two *",
    error: /^cron\(0 7 \* \* \* \*\) in UTC is taken/,
  },
  "EventBridge and Scheduler: Schedules: at(…) has a date that there is, and a time": {
    outcome: "wrong",
    found: "takes a date without a time",
    error: /^at\(2030-01-01\) in UTC is taken/,
  },
  "EventBridge and Scheduler: Schedules: a time zone is one of IANA's": {
    outcome: "wrong",
    found: "takes any word",
    error: /^rate\(5 minutes\) in Nowhere.Nope is taken/,
  },
  "IAM: A topic policy lets a service publish that it names as principal, and no other, nor for what its ArnLike does not name":
    { outcome: "inert", found: "EventBridge publishes to any topic", error: /^topics: expected/ },
  "IAM: A function's policy lets a service call it for the sources that its ArnLike names, and for no other":
    { outcome: "inert", found: "calls it for any source", error: /^messages: expected/ },
  "IAM: A key policy's kms:ViaService lets a caller use the key through that service, and through no other": {
    outcome: "wrong",
    found: "takes the caller's PutRecord for wrongly signed, whatever the key",
    error: /^through it: expected 'InvalidSignatureException'/,
  },
};

export function departureOf(line: Line): Departure | undefined {
  return DEPARTURES[lineKey(line)];
}
