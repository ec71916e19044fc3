import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import {
  EntityNotFoundException,
  GetCrawlerCommand,
  GetJobRunsCommand,
  GlueClient,
} from "@aws-sdk/client-glue";
import {
  GetEventSourceMappingCommand,
  LambdaClient,
  ResourceNotFoundException,
} from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { SNSClient } from "@aws-sdk/client-sns";
import { GetParameterCommand, ParameterNotFound, SSMClient } from "@aws-sdk/client-ssm";
import { parseConfig } from "../../config/check.ts";
import { UserError } from "../../lib/user-error.ts";
import { planOnly } from "../etl/job-run.ts";
import { storeIn } from "../stack/aws.ts";
import { explained } from "../stack/aws-errors.ts";
import {
  type DeployedResource,
  readConfigWithSecrets,
  readOutputs,
  readResources,
  type Stack,
} from "../stack/pulumi.ts";
import type { ReadableStore } from "../stack/stack.ts";
import { createTopicClient } from "../subscriptions/aws.ts";
import { compareSubscriptions } from "../subscriptions/compare.ts";
import { withSince } from "../subscriptions/report.ts";
import { alarmStates, createMetricsReader } from "./cloudwatch.ts";
import { type ExaminedStack, lookBackSeconds, type Mapping, NotKnownError } from "./examined-stack.ts";

export interface Clients {
  readonly s3: S3Client;
  readonly sns: SNSClient;
  readonly glue: GlueClient;
  readonly ssm: SSMClient;
  readonly lambda: LambdaClient;
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
 * @throws {UserError} when there are no credentials, or the stack is not deployed; errors of config
 */
export async function withDeployed<Result>(
  stack: Stack,
  use: (stack: ExaminedStack) => Promise<Result>,
): Promise<Result> {
  const values = await readConfigWithSecrets(stack);
  const outputs = await readOutputs(stack);
  const output = (name: string) => {
    const value = outputs[name];
    if (typeof value === "string") return value;
    throw new UserError(
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
    lambda: new LambdaClient(settings),
    cloudwatch: new CloudWatchClient(settings),
  };
  try {
    await explained("AWS", clients.s3.config.credentials());
    return await use(createPatient(deployed, clients));
  } finally {
    for (const client of Object.values(clients)) client.destroy();
  }
}

/** Asks AWS. Throws ConfigError for a config that the program would refuse. */
export function createPatient(deployed: DeployedStack, clients: Clients): ExaminedStack {
  const { stack, values, bucket, topicArn, resources, now } = deployed;
  const { s3, sns, glue, ssm, lambda, cloudwatch } = clients;
  const config = parseConfig(values, stack);
  const metrics = createMetricsReader(cloudwatch, { now, lookBackSeconds: lookBackSeconds(config) });
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
  const functionName = (name: string) => idOf("aws:lambda/function:Function", name);
  const subscribed = async (arn: string, people: Parameters<typeof compareSubscriptions>[0]) =>
    compareSubscriptions(people, await createTopicClient(arn, undefined, sns).subscriptions());

  return {
    stack,
    commandOptions: ` --stack ${stack}`,
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

    smsAccount: () => createTopicClient(topicArn, undefined, sns).smsAccount(),

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

    iteratorAge: async (consumer) => metrics.iteratorAge(functionName(consumer)),

    traffic: async (consumer) => metrics.traffic(functionName("produce"), functionName(consumer)),

    callsLeft: async () => metrics.callsLeft(functionName("produce")),
    flaggedValues: async () => metrics.flaggedValues(functionName("archive")),

    mapping: async (consumer) =>
      askMapping(lambda, idOf("aws:lambda/eventSourceMapping:EventSourceMapping", consumer)),

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
    if (!(error instanceof UserError && error.cause instanceof EntityNotFoundException)) throw error;
    throw new NotKnownError(`${name} is gone: run pulumi up --refresh --stack ${stack}`, { cause: error });
  }
}

async function askMapping(lambda: LambdaClient, UUID: string): Promise<Mapping | undefined> {
  const request = lambda.send(new GetEventSourceMappingCommand({ UUID }));
  try {
    const { State: state = "unknown", LastProcessingResult: lastResult } = await request;
    return { state, lastResult };
  } catch (error) {
    if (error instanceof ResourceNotFoundException) return undefined;
    return await explained("Lambda", Promise.reject(error));
  }
}
