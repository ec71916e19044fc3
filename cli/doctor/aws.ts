import {
  CloudWatchClient,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
  type MetricAlarm,
} from "@aws-sdk/client-cloudwatch";
import {
  EntityNotFoundException,
  GetCrawlerCommand,
  GetJobRunsCommand,
  GlueClient,
} from "@aws-sdk/client-glue";
import { S3Client } from "@aws-sdk/client-s3";
import { SNSClient } from "@aws-sdk/client-sns";
import { GetParameterCommand, ParameterNotFound, SSMClient } from "@aws-sdk/client-ssm";
import { parseConfig } from "../../infra/config-parse.ts";
import { UsageError } from "../../local/command-line.ts";
import { explained } from "../aws-errors.ts";
import { planOnly } from "../etl/job-run.ts";
import { storeIn } from "../place/aws.ts";
import type { ReadableStore } from "../place/place.ts";
import {
  type DeployedResource,
  readConfigWithSecrets,
  readOutputs,
  readResources,
  type Stack,
} from "../pulumi.ts";
import { createSnsReader } from "../subscriptions/aws.ts";
import { compareSubscriptions } from "../subscriptions/compare.ts";
import { withSince } from "../subscriptions/report.ts";
import { type Alarm, type Consumer, NotKnownError, type Patient } from "./patient.ts";

export interface Clients {
  readonly s3: S3Client;
  readonly sns: SNSClient;
  readonly glue: GlueClient;
  readonly ssm: SSMClient;
  readonly cloudwatch: CloudWatchClient;
}

/** A stack as Pulumi's state and config have it. */
export interface DeployedStack {
  readonly stack: string;
  /** With its secrets. */
  readonly values: Readonly<Record<string, string>>;
  readonly bucket: string;
  readonly topicArn: string;
  readonly resources: readonly DeployedResource[];
  readonly now: Date;
}

/**
 * Opens a stack on AWS, uses it, and closes its clients.
 *
 * @throws {UsageError} when there are no credentials, or the stack is not deployed; errors of config
 */
export async function withDeployed<Result>(
  stack: Stack,
  use: (patient: Patient) => Promise<Result>,
): Promise<Result> {
  const values = await readConfigWithSecrets(stack);
  const outputs = await readOutputs(stack);
  const output = (name: string) => {
    const value = outputs[name];
    if (typeof value === "string") return value;
    throw new UsageError(
      `stack "${stack.name}" has no output ${name} yet: run pulumi up --stack ${stack.name} first`,
    );
  };
  const deployed = {
    stack: stack.name,
    values,
    bucket: output("bucket"),
    topicArn: output("topicArn"),
    resources: await readResources(stack),
    now: new Date(),
  };
  const { "aws:region": region, "aws:profile": profile } = values;
  const settings = { ...(region && { region }), ...(profile && { profile }) };
  const clients = {
    s3: new S3Client(settings),
    sns: new SNSClient(settings),
    glue: new GlueClient(settings),
    ssm: new SSMClient(settings),
    cloudwatch: new CloudWatchClient(settings),
  };
  try {
    await explained("AWS", clients.s3.config.credentials());
    return await use(createPatient(deployed, clients));
  } finally {
    for (const client of Object.values(clients)) client.destroy();
  }
}

/** How the consumers were in the last hours, and what they read last in them. */
const LOOK_BACK_MILLIS = 3 * 3_600_000;
const PERIOD_SECONDS = 300;

/** DescribeAlarms takes at most 100 names. */
const ALARMS_LIMIT = 100;

/** Asks AWS. Throws ConfigError for a config that the program would refuse. */
export function createPatient(deployed: DeployedStack, clients: Clients): Patient {
  const { stack, values, bucket, topicArn, resources, now } = deployed;
  const { s3, sns, glue, ssm, cloudwatch } = clients;
  const config = parseConfig(values, stack);
  const all = (type: string) =>
    resources
      .filter((resource) => resource.type === type)
      .map(({ urn, id = "" }) => ({ name: urn.split("::").at(-1) ?? "", id }));
  const idOf = (type: string, name: string): string => {
    const found = all(type).find((resource) => resource.name === name);
    if (found !== undefined) return found.id;
    throw new NotKnownError(
      `the stack's state has no ${type.split(":").at(-1)} ${name}: run pulumi up --stack ${stack}`,
    );
  };
  const subscribed = async (arn: string, people: Parameters<typeof compareSubscriptions>[0]) =>
    compareSubscriptions(people, await createSnsReader(arn, undefined, sns).subscriptions());

  return {
    stack,
    commandOptions: ` -- --stack ${stack}`,
    config,
    now,
    objects: explainedStore(storeIn(s3, bucket)),

    async subscriptions() {
      const { channels, strays } = await subscribed(topicArn, config);
      return { channels: channels.map((channel) => withSince(channel, resources)), strays };
    },

    async opsMail(email) {
      const ops = { name: "ops", email, level: "yellow" as const };
      const { channels } = await subscribed(idOf("aws:sns/topic:Topic", "operations"), {
        subscriptions: { ops },
        webhooks: {},
        groups: {},
        language: config.language,
      });
      return channels[0]?.state ?? "missing";
    },

    smsAccount: () => createSnsReader(topicArn, undefined, sns).smsAccount(),

    async lastCrawl(name) {
      const Name = idOf("aws:glue/crawler:Crawler", name);
      const { Crawler: { State, LastCrawl } = {} } = await askGlue(
        glue.send(new GetCrawlerCommand({ Name })),
        Name,
        stack,
      );
      if (State !== undefined && State !== "READY") return { state: State };
      if (LastCrawl === undefined) return undefined;
      const { Status = "unknown", StartTime: startedAt, ErrorMessage: error } = LastCrawl;
      return { state: Status, startedAt, error };
    },

    async lastJobRun() {
      const JobName = idOf("aws:glue/job:Job", "etl");
      const { JobRuns: [run] = [] } = await askGlue(
        glue.send(new GetJobRunsCommand({ JobName, MaxResults: 1 })),
        JobName,
        stack,
      );
      if (run === undefined) return undefined;
      return { state: run.JobRunState ?? "unknown", startedAt: run.StartedOn, error: run.ErrorMessage };
    },

    iteratorAge: (consumer) =>
      iteratorAge(cloudwatch, idOf("aws:lambda/function:Function", consumer), consumer, now),

    planEtl: () => explained("S3", planOnly({ s3, bucket }, { asked: undefined })),

    alarms: () => alarmStates(cloudwatch, all("aws:cloudwatch/metricAlarm:MetricAlarm")),

    async apiKey() {
      const parameter = idOf("aws:ssm/parameter:Parameter", "api-key");
      try {
        await ssm.send(new GetParameterCommand({ Name: parameter, WithDecryption: false }));
        return { parameter, isThere: true };
      } catch (error) {
        if (error instanceof ParameterNotFound) return { parameter, isThere: false };
        return await explained("SSM", Promise.reject(error));
      }
    },
  };
}

function explainedStore(store: ReadableStore): ReadableStore {
  return {
    list: (prefix) => explained("S3", store.list(prefix)),
    read: (key) => explained("S3", store.read(key)),
  };
}

async function askGlue<Value>(request: Promise<Value>, name: string, stack: string): Promise<Value> {
  try {
    return await explained("Glue", request);
  } catch (error) {
    if (!(error instanceof UsageError && error.cause instanceof EntityNotFoundException)) throw error;
    throw new NotKnownError(`${name} is gone: run pulumi up --refresh --stack ${stack}`, { cause: error });
  }
}

/** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html: milliseconds */
async function iteratorAge(
  cloudwatch: CloudWatchClient,
  functionName: string,
  consumer: Consumer,
  now: Date,
): Promise<number | undefined> {
  const request = new GetMetricDataCommand({
    StartTime: new Date(now.getTime() - LOOK_BACK_MILLIS),
    EndTime: now,
    ScanBy: "TimestampDescending",
    MetricDataQueries: [
      {
        Id: consumer,
        MetricStat: {
          Metric: {
            Namespace: "AWS/Lambda",
            MetricName: "IteratorAge",
            Dimensions: [{ Name: "FunctionName", Value: functionName }],
          },
          Period: PERIOD_SECONDS,
          Stat: "Maximum",
        },
      },
    ],
  });
  const { MetricDataResults = [] } = await explained("CloudWatch", cloudwatch.send(request));
  const milliseconds = MetricDataResults[0]?.Values?.[0];
  return milliseconds === undefined ? undefined : milliseconds / 1000;
}

/** @param alarms name in the program and, as id, on AWS */
async function alarmStates(
  cloudwatch: CloudWatchClient,
  alarms: readonly { readonly name: string; readonly id: string }[],
): Promise<Alarm[]> {
  const found = new Map<string | undefined, MetricAlarm>();
  for (let from = 0; from < alarms.length; from += ALARMS_LIMIT) {
    const AlarmNames = alarms.slice(from, from + ALARMS_LIMIT).map(({ id }) => id);
    const request = new DescribeAlarmsCommand({ AlarmNames, MaxRecords: ALARMS_LIMIT });
    const { MetricAlarms = [] } = await explained("CloudWatch", cloudwatch.send(request));
    for (const alarm of MetricAlarms) found.set(alarm.AlarmName, alarm);
  }
  return alarms.map(({ name, id }) => {
    const { StateValue, AlarmDescription = "" } = found.get(id) ?? {};
    return { name, state: StateValue, description: AlarmDescription };
  });
}
