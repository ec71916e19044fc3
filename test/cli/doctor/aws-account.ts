import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
  type MetricDataQuery,
} from "@aws-sdk/client-cloudwatch";
import { GetCrawlerCommand, GetJobRunsCommand, GlueClient } from "@aws-sdk/client-glue";
import { GetEventSourceMappingCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { GetObjectCommand, ListObjectsV2Command, NoSuchKey, S3Client } from "@aws-sdk/client-s3";
import {
  GetSMSAttributesCommand,
  GetSMSSandboxAccountStatusCommand,
  ListSubscriptionsByTopicCommand,
  SNSClient,
} from "@aws-sdk/client-sns";
import { GetParameterCommand, SSMClient } from "@aws-sdk/client-ssm";
import { createPatient } from "../../../cli/doctor/aws.ts";
import { examine } from "../../../cli/doctor/examine.ts";
import { tableText } from "../../../etl/table-definition.ts";
import { TABLES } from "../../../etl/tables.ts";
import { portoAlegre } from "../../infra/stack-config.ts";
import { NOW, seen } from "./support.ts";

const TOPIC_ARN = "arn:aws:sns:eu-central-1:123456789012:alerts-1a2b3c4";
const OPS_ARN = "arn:aws:sns:eu-central-1:123456789012:operations-5d6e7f8";

const values = {
  "aws:region": "eu-central-1",
  "stormwire:locations": JSON.stringify({ "porto-alegre": portoAlegre }),
  "stormwire:apiKey": "planted-key",
  "stormwire:opsEmail": "ops@example.org",
  "stormwire:subscriptions": JSON.stringify({ ana: { email: "ana@example.org" } }),
};

const named = (type: string, name: string, id: string) => ({
  urn: `urn:pulumi:dev::stormwire::x$${type}::${name}`,
  type,
  id,
});
const resources = [
  named("aws:sns/topic:Topic", "operations", OPS_ARN),
  named("aws:glue/crawler:Crawler", "raw", "raw-0a0a0a0"),
  named("aws:glue/crawler:Crawler", "gold", "gold-0b0b0b0"),
  named("aws:glue/job:Job", "etl", "etl-0c0c0c0"),
  named("aws:lambda/function:Function", "produce", "produce-0c1c1c1"),
  named("aws:lambda/function:Function", "alert", "alert-0d0d0d0"),
  named("aws:lambda/eventSourceMapping:EventSourceMapping", "alert", "uuid-of-alert"),
  named("aws:lambda/eventSourceMapping:EventSourceMapping", "archive", "uuid-of-archive"),
  named("aws:lambda/function:Function", "archive", "archive-0e0e0e0"),
  named("aws:ssm/parameter:Parameter", "api-key", "/stormwire/dev/api-key"),
  ...Array.from({ length: 101 }, (_, index) =>
    named("aws:cloudwatch/metricAlarm:MetricAlarm", `watch-${index}`, `watch-${index}-0f0f0f0`),
  ),
];

const objects: Readonly<Record<string, string>> = {
  "state/alerts/porto-alegre.json": seen("2024-05-08T09:55:00Z"),
  "raw/year=2024/month=05/day=07/hour=10/shardId-0-1-2.ndjson.gz": "x",
  "quarantine/reason=bad-time/year=2024/month=05/day=08/shardId-0-1.json": "{}",
  ...Object.fromEntries(TABLES.map((table) => [`etl/${table.name}.json`, tableText(table)])),
  ...Object.fromEntries(TABLES.map(({ name }) => [`etl/${name}.sql`, "SELECT 1"])),
};

type Kind = abstract new (...given: never[]) => { readonly input: unknown };
/** What a service answers to a command; a function that throws refuses it. */
export type Answers = readonly (readonly [Kind, (input: never) => unknown])[];

const confirmed = (arn: string, email: string) => ({
  Subscriptions: [{ SubscriptionArn: `${arn}:1`, Protocol: "email", Endpoint: email }],
});

const healthy: Answers = [
  [
    ListSubscriptionsByTopicCommand,
    ({ TopicArn }: { TopicArn: string }) =>
      confirmed(TopicArn, TopicArn === OPS_ARN ? "ops@example.org" : "ana@example.org"),
  ],
  [GetSMSSandboxAccountStatusCommand, () => ({ IsInSandbox: false })],
  [GetSMSAttributesCommand, () => ({ attributes: { MonthlySpendLimit: "20" } })],
  [
    GetCrawlerCommand,
    () => ({ Crawler: { State: "READY", LastCrawl: { Status: "SUCCEEDED", StartTime: NOW } } }),
  ],
  [GetJobRunsCommand, () => ({ JobRuns: [{ JobRunState: "SUCCEEDED", StartedOn: NOW }] })],
  [
    GetMetricDataCommand,
    ({
      MetricDataQueries: [query],
    }: GetMetricDataCommandInput & { MetricDataQueries: MetricDataQuery[] }) => {
      const isFlagged = /^(Erroneous|Doubtful)Values$/.test(query?.MetricStat?.Metric?.MetricName ?? "");
      return { MetricDataResults: [{ Values: isFlagged ? [] : [1500, 900_000] }] };
    },
  ],
  [GetEventSourceMappingCommand, () => ({ State: "Enabled", LastProcessingResult: "OK" })],
  [
    DescribeAlarmsCommand,
    ({ AlarmNames }: { AlarmNames: string[] }) => ({
      MetricAlarms: AlarmNames.map((AlarmName) => ({ AlarmName, StateValue: "OK" })),
    }),
  ],
  [GetParameterCommand, () => ({ Parameter: { Value: "AQICAHj-planted-cipher" } })],
  [
    ListObjectsV2Command,
    ({ Prefix }: { Prefix: string }) => ({
      Contents: Object.keys(objects)
        .filter((key) => key.startsWith(Prefix))
        .map((Key) => ({ Key, ETag: '"1"' })),
    }),
  ],
  [
    GetObjectCommand,
    ({ Key }: { Key: string }) => {
      const text = objects[Key];
      if (text === undefined) throw new NoSuchKey({ message: Key, $metadata: {} });
      return {
        Body: {
          transformToString: async () => text,
          transformToByteArray: async () => Buffer.from(text),
        },
      };
    },
  ],
];

/** The SDK's own clients, none of whose calls leaves the process; `calls` has the actions that IAM would be asked for. */
function standIns(...changes: Answers) {
  const calls: { action: string; input: Record<string, unknown> }[] = [];
  const answers = [...changes, ...healthy];
  const settings = { region: "eu-central-1", credentials: { accessKeyId: "x", secretAccessKey: "x" } };
  function of<Client extends object>(client: Client, service: string): Client {
    const send = async (command: { readonly input: Record<string, unknown> }) => {
      const operation = command.constructor.name.replace(/Command$/, "");
      calls.push({
        action: `${service}:${operation.replace("ListObjectsV2", "ListBucket")}`,
        input: command.input,
      });
      const answer = answers.find(([kind]) => command instanceof kind)?.[1];
      if (answer === undefined) throw new Error(`no answer to ${operation}`);
      return answer(command.input as never);
    };
    return Object.assign(client, { send });
  }
  return {
    calls,
    clients: {
      s3: of(new S3Client(settings), "s3"),
      sns: of(new SNSClient(settings), "sns"),
      glue: of(new GlueClient(settings), "glue"),
      ssm: of(new SSMClient(settings), "ssm"),
      lambda: of(new LambdaClient(settings), "lambda"),
      cloudwatch: of(new CloudWatchClient(settings), "cloudwatch"),
    },
  };
}

/** What the doctor finds where AWS answers with these changes, and what it asked for. */
export async function examined(...changes: Answers) {
  const { calls, clients } = standIns(...changes);
  const deployed = { stack: "dev", values, bucket: "lake", topicArn: TOPIC_ARN, resources, now: NOW };
  const findings = await examine(createPatient(deployed, clients));
  return { calls, findings, rows: Object.fromEntries(findings.map((row) => [row.check, row])) };
}
