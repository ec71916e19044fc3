import {
  CloudWatchClient,
  CloudWatchServiceException,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  type GetMetricDataCommandInput,
} from "@aws-sdk/client-cloudwatch";
import {
  EntityNotFoundException,
  GetCrawlerCommand,
  GetJobRunsCommand,
  GlueClient,
} from "@aws-sdk/client-glue";
import {
  GetEventSourceMappingCommand,
  LambdaClient,
  LambdaServiceException,
  ResourceNotFoundException,
} from "@aws-sdk/client-lambda";
import { GetObjectCommand, ListObjectsV2Command, NoSuchKey, S3Client } from "@aws-sdk/client-s3";
import {
  GetSMSAttributesCommand,
  GetSMSSandboxAccountStatusCommand,
  ListSubscriptionsByTopicCommand,
  SNSClient,
} from "@aws-sdk/client-sns";
import { GetParameterCommand, ParameterNotFound, SSMClient } from "@aws-sdk/client-ssm";
import { expect } from "chai";
import { createPatient } from "../../../cli/doctor/aws.ts";
import { examine } from "../../../cli/doctor/examine.ts";
import { ACTIONS } from "../../../cli/doctor/options.ts";
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
type Answers = readonly (readonly [Kind, (input: never) => unknown])[];

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
  [GetMetricDataCommand, () => ({ MetricDataResults: [{ Values: [1500, 900_000] }] })],
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

async function examined(...changes: Answers) {
  const { calls, clients } = standIns(...changes);
  const deployed = { stack: "dev", values, bucket: "lake", topicArn: TOPIC_ARN, resources, now: NOW };
  const findings = await examine(createPatient(deployed, clients));
  return { calls, findings, rows: Object.fromEntries(findings.map((row) => [row.check, row])) };
}

const METADATA = { $metadata: {} };

describe("the doctor on AWS", () => {
  it("asks what its help says and nothing else, and decrypts nothing", async () => {
    const { calls, findings } = await examined();

    expect([...new Set(calls.map(({ action }) => action))].sort()).to.deep.equal([...ACTIONS]);
    const parameter = calls.find(({ action }) => action === "ssm:GetParameter");
    expect(parameter?.input).to.deep.equal({ Name: "/stormwire/dev/api-key", WithDecryption: false });
    expect(JSON.stringify(findings)).not.to.match(/planted|ana@|ops@/);
  });

  it("finds what AWS says of each part", async () => {
    const { rows, calls } = await examined();

    const states = Object.values(rows).map(({ check, state }) => `${state} ${check}`);
    expect(states.filter((one) => !one.startsWith("ok "))).to.deep.equal([
      "warn quarantine",
      "warn days observations",
    ]);
    expect(rows["iterator age alert"]?.found, "the newest value comes first").to.match(/^2 seconds behind/);
    expect(rows.alarms?.found).to.equal("none of 101 rings");
    const describing = calls.filter(({ action }) => action === "cloudwatch:DescribeAlarms");
    expect(describing.map(({ input }) => (input.AlarmNames as string[]).length)).to.deep.equal([100, 1]);
    expect(rows["days observations"]?.found).to.match(/1 stale: 2024-05-07$/);
  });

  it("sees that nothing was read of what was sent a while ago, function by function", async () => {
    const ago = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000);
    const values: Record<string, number[]> = {
      "Stormwire ObservationsSent produce-0c1c1c1 Sum": [4, 2, 1],
      "AWS/Lambda Invocations alert-0d0d0d0 Sum": [3],
      "Stormwire ApiCallsLeftToday produce-0c1c1c1 Minimum": [400, 401],
    };
    const asked: string[] = [];
    const answer = ({ MetricDataQueries: [query] = [] }: GetMetricDataCommandInput) => {
      const { Metric, Stat } = query?.MetricStat ?? {};
      const [dimension] = Metric?.Dimensions ?? [];
      const metric = [Metric?.Namespace, Metric?.MetricName, dimension?.Value, Stat].join(" ");
      asked.push(`${metric} ${dimension?.Name}`);
      return {
        MetricDataResults: [{ Values: values[metric] ?? [], Timestamps: [ago(5), ago(20), ago(25)] }],
      };
    };

    const { rows } = await examined([GetMetricDataCommand, answer]);

    expect([...new Set(asked)].sort()).to.deep.equal([
      "AWS/Lambda Invocations alert-0d0d0d0 Sum FunctionName",
      "AWS/Lambda Invocations archive-0e0e0e0 Sum FunctionName",
      "AWS/Lambda IteratorAge alert-0d0d0d0 Maximum FunctionName",
      "AWS/Lambda IteratorAge archive-0e0e0e0 Maximum FunctionName",
      "Stormwire ApiCallsLeftToday produce-0c1c1c1 Minimum service",
      "Stormwire ObservationsSent produce-0c1c1c1 Sum service",
    ]);
    // What was sent five minutes ago may still wait for its batch.
    expect(rows["invocations archive"]).to.include({
      state: "fail",
      found: "none in the last 3 hours, though 3 observations were sent",
    });
    expect(rows["invocations alert"]).to.include({ state: "ok" });
    expect(rows["calls left"]).to.include({ state: "ok", found: "400 of 500 at 2024-05-08 09:55 UTC" });
  });

  it("asks for the mappings by their ids", async () => {
    const { calls } = await examined();

    const asked = calls.filter(({ action }) => action === "lambda:GetEventSourceMapping");
    expect(asked.map(({ input }) => input.UUID)).to.deep.equal(["uuid-of-alert", "uuid-of-archive"]);
  });

  const symptoms: [string, Answers[number], string, string, RegExp][] = [
    [
      "a crawler that runs",
      [GetCrawlerCommand, () => ({ Crawler: { State: "RUNNING" } })],
      "crawler raw",
      "ok",
      /^RUNNING$/,
    ],
    [
      "a crawler that never ran",
      [GetCrawlerCommand, () => ({ Crawler: { State: "READY" } })],
      "crawler gold",
      "unknown",
      /not run yet/,
    ],
    [
      "a job that failed",
      [GetJobRunsCommand, () => ({ JobRuns: [{ JobRunState: "FAILED", ErrorMessage: "no raw" }] })],
      "job",
      "fail",
      /^FAILED: no raw$/,
    ],
    [
      "a job that is gone",
      [
        GetJobRunsCommand,
        () => {
          throw new EntityNotFoundException({ message: "no job", ...METADATA });
        },
      ],
      "job",
      "unknown",
      /^etl-0c0c0c0 is gone: run pulumi up --refresh --stack dev$/,
    ],
    [
      "a key that is gone",
      [
        GetParameterCommand,
        () => {
          throw new ParameterNotFound({ message: "no", ...METADATA });
        },
      ],
      "api key",
      "fail",
      /is gone/,
    ],
    [
      "no metric",
      [GetMetricDataCommand, () => ({ MetricDataResults: [{ Values: [] }] })],
      "iterator age alert",
      "unknown",
      /nothing was read/,
    ],
    [
      "a mapping that is gone",
      [
        GetEventSourceMappingCommand,
        () => {
          throw new ResourceNotFoundException({ message: "no", ...METADATA });
        },
      ],
      "mapping alert",
      "fail",
      /^is gone/,
    ],
    [
      "a mapping that it may not ask for",
      [
        GetEventSourceMappingCommand,
        () => {
          const name = "AccessDeniedException";
          throw new LambdaServiceException({ name, message: "no", $fault: "client", ...METADATA });
        },
      ],
      "mapping archive",
      "unknown",
      /^Lambda says AccessDeniedException: no$/,
    ],
    [
      "alarms that are gone",
      [DescribeAlarmsCommand, () => ({ MetricAlarms: [] })],
      "alarm watch-100",
      "warn",
      /is gone/,
    ],
    [
      "a permission that it lacks",
      [
        GetMetricDataCommand,
        () => {
          const name = "AccessDenied";
          throw new CloudWatchServiceException({ name, message: "no", $fault: "client", ...METADATA });
        },
      ],
      "iterator age archive",
      "unknown",
      /^CloudWatch says AccessDenied: no$/,
    ],
  ];
  for (const [what, change, check, state, found] of symptoms) {
    it(`sees ${what}`, async () => {
      const { rows } = await examined(change);

      expect(rows[check]).to.include({ state });
      expect(rows[check]?.found).to.match(found);
      expect(rows.quota).to.include({ state: "ok" });
    });
  }
});
