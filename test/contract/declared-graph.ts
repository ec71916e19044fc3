import type { Graph, Resource } from "../../local/graph.ts";
import type {
  Declared,
  MappingSettings,
  ResourceStatement,
  RuleSettings,
  ScheduleSettings,
} from "./backend.ts";
import { recorderStatements } from "./recorder.ts";
import { type Arns, withArns } from "./statements.ts";

export const REGION = "us-east-1";
export const ACCOUNT = "000000000000";
export const FUNCTION = "recorder";

/** What `putEvent` puts. */
export const EVENT = { source: "stormwire.contract", detailType: "Line" };

/** Input of the schedule of a name. */
export function scheduleInput(name: string): string {
  return JSON.stringify({ schedule: name, time: "<aws.scheduler.scheduled-time>" });
}

const functionArn = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${FUNCTION}`;
const roleArn = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;

const ARNS: Arns = {
  bucket: (own) => `arn:aws:s3:::${own}`,
  caller: (own) => roleArn(`caller-${own}`),
  stream: (own) => streamArn(own),
  topic: (own) => topicArn(own),
};

/** The program whose resources a line declares. `code` is the recorder's folder. */
export function graphOf(declared: Declared, code: string): Graph {
  const { buckets = {}, queues = [], streams = {}, topics = {}, mappings = {} } = declared;
  const { rules = {}, schedules = {}, callers = {}, topicPermissions = {} } = declared;
  const { bucketPolicies = {}, topicPolicies = {}, streamKeys = {}, eventTopics = [] } = declared;
  const resources = [
    ...Object.keys(buckets).map((bucket) => resource("aws:s3/bucket:Bucket", bucket, { bucket })),
    ...queues.map((name) => resource("aws:sqs/queue:Queue", name, { name }, { arn: queueArn(name) })),
    ...Object.entries(streams).map(([name, shardCount]) => streamOf(name, shardCount, name in streamKeys)),
    ...Object.entries(streamKeys).map(([name, statements]) => keyOf(name, statements)),
    ...functionOf(FUNCTION, recorderStatements(), code, ["lambda.amazonaws.com", "scheduler.amazonaws.com"]),
    ...Object.entries(topics).flatMap(([name, filter]) =>
      topicOf(name, filter, topicPermissions[name] ?? name),
    ),
    ...eventRuleOf(eventTopics),
    ...Object.entries(bucketPolicies).map(([bucket, statements]) =>
      resource("aws:s3/bucketPolicy:BucketPolicy", bucket, { bucket, policy: policyOf(statements) }),
    ),
    ...Object.entries(topicPolicies).map(([name, statements]) =>
      resource("aws:sns/topicPolicy:TopicPolicy", name, {
        arn: topicArn(name),
        policy: policyOf(statements),
      }),
    ),
    ...Object.entries(mappings).map(([stream, settings]) => mappingOf(stream, settings)),
    ...Object.entries(rules).flatMap(([name, settings]) => ruleOf(name, settings)),
    ...Object.entries(schedules).map(([name, settings]) => scheduleOf(name, settings)),
    ...Object.entries(callers).flatMap(([name, statements]) =>
      functionOf(
        `caller-${name}`,
        statements.map((each) => withArns(each, ARNS)),
        code,
        ["lambda.amazonaws.com"],
      ),
    ),
  ];
  return { project: "contract", stack: "test", region: REGION, accountId: ACCOUNT, resources, outputs: {} };
}

const streamArn = (name: string) => `arn:aws:kinesis:${REGION}:${ACCOUNT}:stream/${name}`;
const topicArn = (name: string) => `arn:aws:sns:${REGION}:${ACCOUNT}:${name}`;
const keyArn = (stream: string) => `arn:aws:kms:${REGION}:${ACCOUNT}:key/${stream}`;
const queueArn = (name: string) => `arn:aws:sqs:${REGION}:${ACCOUNT}:${name}`;

function resource(
  type: string,
  name: string,
  inputs: Record<string, unknown>,
  outputs: Record<string, unknown> = {},
): Resource {
  return {
    urn: `urn:pulumi:test::contract::${type}::${name}`,
    type,
    name,
    id: name,
    inputs,
    outputs: { name, ...inputs, ...outputs },
    dependencies: [],
    propertyDependencies: {},
    secrets: [],
    protect: false,
  };
}

function functionOf(
  name: string,
  statements: readonly unknown[],
  directory: string,
  trusted: readonly string[],
): Resource[] {
  const trust = {
    Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: trusted } }],
  };
  const arn = roleArn(name);
  const policy = JSON.stringify({ Statement: statements });
  return [
    resource("aws:iam/role:Role", name, { assumeRolePolicy: JSON.stringify(trust) }, { arn }),
    ...(statements.length > 0
      ? [resource("aws:iam/rolePolicy:RolePolicy", `${name}-policy`, { role: name, policy })]
      : []),
    resource("aws:cloudwatch/logGroup:LogGroup", `/aws/lambda/${name}`, {}),
    resource(
      "aws:lambda/function:Function",
      name,
      { role: arn, handler: "index.handler", runtime: "nodejs24.x", code: { directory } },
      { arn: `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${name}` },
    ),
  ];
}

function streamOf(name: string, shardCount: number, isEncrypted: boolean): Resource {
  const encryption = isEncrypted ? { encryptionType: "KMS", kmsKeyId: keyArn(name) } : {};
  return resource("aws:kinesis/stream:Stream", name, { shardCount, ...encryption }, { arn: streamArn(name) });
}

function keyOf(stream: string, statements: readonly ResourceStatement[]): Resource {
  const administration = {
    Effect: "Allow",
    Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` },
    Action: "kms:*",
    Resource: "*",
  };
  const policy = policyOf(statements, administration);
  return resource("aws:kms/key:Key", stream, { policy }, { arn: keyArn(stream), keyId: stream });
}

function policyOf(statements: readonly ResourceStatement[], ...first: object[]): string {
  return JSON.stringify({ Statement: [...first, ...statements.map((each) => withArns(each, ARNS))] });
}

function topicOf(name: string, filter: object | null, callerNames: string): Resource[] {
  const arn = topicArn(name);
  const filterPolicy = filter === null ? {} : { filterPolicy: JSON.stringify(filter) };
  return [
    resource("aws:sns/topic:Topic", name, {}, { arn }),
    resource("aws:sns/topicSubscription:TopicSubscription", `${name}-recorder`, {
      topic: arn,
      protocol: "lambda",
      endpoint: functionArn,
      ...filterPolicy,
    }),
    permissionOf(name, "sns.amazonaws.com", topicArn(callerNames)),
  ];
}

function permissionOf(name: string, principal: string, sourceArn: string): Resource {
  const inputs = { function: functionArn, action: "lambda:InvokeFunction", principal, sourceArn };
  return resource("aws:lambda/permission:Permission", `${name}-permission`, inputs);
}

function mappingOf(stream: string, { onFailure, ...settings }: MappingSettings): Resource {
  const destinationArn =
    onFailure && ("bucket" in onFailure ? `arn:aws:s3:::${onFailure.bucket}` : queueArn(onFailure.queue));
  return resource(
    "aws:lambda/eventSourceMapping:EventSourceMapping",
    stream,
    {
      eventSourceArn: streamArn(stream),
      functionName: functionArn,
      startingPosition: "TRIM_HORIZON",
      ...camelKeys(settings),
      ...(destinationArn !== undefined && { destinationConfig: { onFailure: { destinationArn } } }),
    },
    { uuid: "11111111-2222-3333-4444-555555555555" },
  );
}

function ruleOf(name: string, settings: RuleSettings): Resource[] {
  const arn = `arn:aws:events:${REGION}:${ACCOUNT}:rule/${name}`;
  return [
    resource("aws:cloudwatch/eventRule:EventRule", name, camelKeys(settings), { arn }),
    resource("aws:cloudwatch/eventTarget:EventTarget", `${name}-target`, { rule: name, arn: functionArn }),
    permissionOf(name, "events.amazonaws.com", arn),
  ];
}

function eventRuleOf(topics: readonly string[]): Resource[] {
  if (topics.length === 0) return [];
  const [rule, arn] = ["events", `arn:aws:events:${REGION}:${ACCOUNT}:rule/events`];
  const eventPattern = JSON.stringify({ source: [EVENT.source] });
  return [
    resource("aws:cloudwatch/eventRule:EventRule", rule, { eventPattern }, { arn }),
    ...topics.map((topic) =>
      resource("aws:cloudwatch/eventTarget:EventTarget", topic, { rule, arn: topicArn(topic) }),
    ),
  ];
}

function scheduleOf(name: string, settings: ScheduleSettings): Resource {
  return resource(
    "aws:scheduler/schedule:Schedule",
    name,
    {
      ...camelKeys(settings),
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: functionArn,
        roleArn: roleArn(FUNCTION),
        input: scheduleInput(name),
      },
    },
    { arn: `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule/default/${name}` },
  );
}

type CamelKeys<Value> = Value extends readonly (infer Item)[]
  ? CamelKeys<Item>[]
  : Value extends object
    ? { [Key in keyof Value as Uncapitalize<Key & string>]: CamelKeys<Value[Key]> }
    : Value;

/** `BatchSize` of the API is `batchSize` of a program. */
function camelKeys<Value>(value: Value): CamelKeys<Value>;
function camelKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelKeys);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [
      `${key.charAt(0).toLowerCase()}${key.slice(1)}`,
      camelKeys(each),
    ]),
  );
}
