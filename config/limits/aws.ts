import { DELETE_OBJECTS_KEYS } from "../../etl/limits.ts";
import { PUT_RECORDS_BYTES, PUT_RECORDS_RECORDS, RECORD_BYTES } from "../../handlers/clients/limits.ts";
import { MAX_DIGEST_MAIL_BYTES } from "../../handlers/weather/messages/digest-message.ts";
import { SMS_SEPTETS } from "../../handlers/weather/messages/gsm7.ts";
import { MAX_SUBJECT_LENGTH } from "../../handlers/weather/messages/message.ts";
import { MAX_LOCATION_ID_LENGTH } from "../../handlers/weather/observation/record.ts";
import type { AwsLimit } from "./limit.ts";

const DOCS = "https://docs.aws.amazon.com";
const MAPPING = `${DOCS}/lambda/latest/api/API_CreateEventSourceMapping.html`;
const FILTER_POLICY = `${DOCS}/sns/latest/dg/subscription-filter-policy-constraints.html`;
const PUT_RECORDS = `${DOCS}/kinesis/latest/APIReference/API_PutRecords.html`;

/**
 * Limits of AWS that config can reach or code comes up against. Names and other inputs of resources have theirs in
 * config/limits/input.ts, what the program itself does not allow is in config/limits/own.ts; docs/limits.md shows all three.
 */
export const LIMITS = {
  batchRecords: {
    what: "Lambda: records of a batch of an event-source mapping",
    unit: "records",
    minimum: 1,
    maximum: 10_000,
    metBy: "`archive.batchSize`",
    link: MAPPING,
  },
  batchWindow: {
    what: "Lambda: time in which a batch is gathered",
    unit: "seconds",
    minimum: 0,
    maximum: 300,
    metBy: "`archive.windowSeconds`",
    link: MAPPING,
  },
  streamRetention: {
    what: "Kinesis: how long a stream keeps a record",
    unit: "hours",
    minimum: 24,
    maximum: 8760,
    metBy: "`stream.retentionHours`",
    link: `${DOCS}/streams/latest/dev/kinesis-extended-retention.html`,
  },
  putRecords: {
    what: "Kinesis: records of a PutRecords call",
    unit: "records",
    maximum: PUT_RECORDS_RECORDS,
    metBy: "the producer: it makes several calls",
    link: PUT_RECORDS,
  },
  putRecordsBytes: {
    what: "Kinesis: a PutRecords call, data and partition keys",
    unit: "bytes",
    maximum: PUT_RECORDS_BYTES,
    metBy: "the producer: it makes several calls",
    link: PUT_RECORDS,
  },
  record: {
    what: "Kinesis: a record with its partition key, on a stream that does not raise it",
    unit: "bytes",
    maximum: RECORD_BYTES,
    metBy: "the producer: it names what it could not put",
    link: `${DOCS}/streams/latest/dev/large-records.html`,
  },
  partitionKey: {
    what: "Kinesis: a partition key, which is a place's name in config",
    unit: "characters",
    minimum: 1,
    maximum: MAX_LOCATION_ID_LENGTH,
    metBy: "the consumers: a record with a longer one is none",
    link: `${DOCS}/kinesis/latest/APIReference/API_PutRecordsRequestEntry.html`,
  },
  deleteObjects: {
    what: "S3: keys of a DeleteObjects call",
    unit: "keys",
    maximum: DELETE_OBJECTS_KEYS,
    metBy: "the ETL: it makes several calls",
    link: `${DOCS}/AmazonS3/latest/API/API_DeleteObjects.html`,
  },
  filterAttributes: {
    what: "SNS: attribute names of a filter policy",
    unit: "names",
    maximum: 5,
    metBy: "filter policies of subscriptions and webhooks, which have four",
    link: FILTER_POLICY,
  },
  filterCombinations: {
    what: "SNS: values of a filter policy's attributes, their numbers multiplied",
    unit: "combinations",
    maximum: 150,
    metBy: "`subscriptions.NAME.locations`, `webhooks.NAME.locations`, `groups`",
    link: FILTER_POLICY,
  },
  filterPolicies: {
    what: "SNS: filter policies on a topic",
    unit: "policies",
    maximum: 200,
    metBy: "`subscriptions`, `webhooks`",
    link: FILTER_POLICY,
  },
  message: {
    what: "SNS: a message with all its forms and attributes",
    unit: "bytes",
    maximum: 2 * MAX_DIGEST_MAIL_BYTES,
    metBy: "the digest: places for which its mail has no room in full are told on a line each",
    link: `${DOCS}/sns/latest/api/API_Publish.html`,
  },
  phone: {
    what: "SNS: a phone number in E.164, after its +",
    unit: "digits",
    minimum: 7,
    maximum: 15,
    metBy: "`subscriptions.NAME.sms`",
    link: `${DOCS}/sns/latest/dg/sms_publish-to-phone.html`,
  },
  sms: {
    what: "SNS: an SMS that stays one, 140 bytes in GSM-7",
    unit: "characters",
    maximum: SMS_SEPTETS,
    metBy: "every text: what is longer is shortened",
    link: `${DOCS}/sns/latest/dg/sms_publish-to-phone.html`,
  },
  subject: {
    what: "SNS: the subject of an e-mail",
    unit: "characters",
    minimum: 1,
    maximum: MAX_SUBJECT_LENGTH,
    metBy: "every mail: what is longer is shortened",
    link: `${DOCS}/sns/latest/api/API_Publish.html`,
  },
  parameter: {
    what: "SSM: a parameter of the standard tier",
    unit: "bytes",
    maximum: 4096,
    metBy: "`apiKey`; `webhooks.NAME`, its `url` with `secret` and `chatId`",
    link: `${DOCS}/systems-manager/latest/APIReference/API_PutParameter.html`,
  },
  scheduleExpression: {
    what: "EventBridge: a schedule expression of a rule or of Scheduler",
    unit: "characters",
    maximum: 256,
    metBy: "`poll`, `messages.NAME.cron`",
    link: `${DOCS}/scheduler/latest/APIReference/API_CreateSchedule.html`,
  },
  schedulePeriod: {
    what: "EventBridge: time from one run to the next",
    unit: "minutes",
    minimum: 1,
    metBy: "`poll`, `messages.NAME.rate`",
    link: `${DOCS}/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html`,
  },
  triggerPeriod: {
    what: "Glue: time from one run of a trigger to the next",
    unit: "minutes",
    minimum: 5,
    metBy: "`lake.schedule`, `lake.jobSchedule`",
    link: `${DOCS}/glue/latest/dg/monitor-data-warehouse-schedule.html`,
  },
  logRetention: {
    what: "CloudWatch Logs: how long a log group keeps its events",
    unit: "days",
    values: [
      1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
    ],
    metBy: "`logRetentionDays`",
    link: `${DOCS}/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html`,
  },
  scanLimit: {
    what: "Athena: what a workgroup lets a query scan, as the provider takes it (10 MiB; Athena itself says 10 MB)",
    unit: "bytes",
    minimum: 10_485_760,
    metBy: "`lake.scanLimitMegabytes`",
    link: "https://www.pulumi.com/registry/packages/aws/api-docs/athena/workgroup/",
  },
  tagValue: {
    what: "tags: the value of one",
    unit: "characters",
    minimum: 1,
    maximum: 256,
    metBy: "`costCenter`",
    link: `${DOCS}/tag-editor/latest/userguide/reference.html`,
  },
} as const satisfies Record<string, AwsLimit>;
