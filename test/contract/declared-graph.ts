import type { Graph, Resource } from "../../local/graph.ts";
import type { Declared, MappingSettings, Statement } from "./place.ts";

export const REGION = "us-east-1";
export const ACCOUNT = "000000000000";
export const FUNCTION = "recorder";

/** What the recorder may do in every place; what is refused is IAM's own lines. */
export const RECORDER_STATEMENT = {
  Effect: "Allow",
  Action: ["kinesis:*", "logs:*", "s3:*", "sqs:*"],
  Resource: "*",
};

const functionArn = `arn:aws:lambda:${REGION}:${ACCOUNT}:function:${FUNCTION}`;
const roleArn = (name: string) => `arn:aws:iam::${ACCOUNT}:role/${name}`;

/** The program whose resources a line declares. `code` is the recorder's folder. */
export function graphOf(declared: Declared, code: string): Graph {
  const { buckets = {}, queues = [], streams = {}, topics = {}, mappings = {} } = declared;
  const { rules = {}, schedules = {}, callers = {} } = declared;
  const resources = [
    ...Object.keys(buckets).map((bucket) => resource("aws:s3/bucket:Bucket", bucket, { bucket })),
    ...queues.map((name) => resource("aws:sqs/queue:Queue", name, { name }, { arn: queueArn(name) })),
    ...Object.entries(streams).map(([name, shardCount]) =>
      resource("aws:kinesis/stream:Stream", name, { shardCount }, { arn: streamArn(name) }),
    ),
    ...functionOf(FUNCTION, [RECORDER_STATEMENT], code, ["lambda.amazonaws.com", "scheduler.amazonaws.com"]),
    ...Object.entries(topics).flatMap(([name, policy]) => topicOf(name, policy)),
    ...Object.entries(mappings).map(([stream, settings]) => mappingOf(stream, settings)),
    ...Object.entries(rules).flatMap(([name, settings]) => ruleOf(name, { ...settings })),
    ...Object.entries(schedules).map(([name, settings]) => scheduleOf(name, { ...settings })),
    ...Object.entries(callers).flatMap(([name, statements]) =>
      functionOf(
        `caller-${name}`,
        statements.map((each) => withArns(each)),
        code,
        ["lambda.amazonaws.com"],
      ),
    ),
  ];
  return { project: "contract", stack: "test", region: REGION, accountId: ACCOUNT, resources, outputs: {} };
}

/** A statement with `bucket:NAME` written as the ARN. */
export function withArns(statement: Statement, nameOf = (own: string) => own): Statement {
  const arnOf = (text: string) =>
    text.replace(/^bucket:([\w-]+)/, (_, own: string) => `arn:aws:s3:::${nameOf(own)}`);
  return { ...statement, Resource: [statement.Resource].flat().map(arnOf) };
}

const streamArn = (name: string) => `arn:aws:kinesis:${REGION}:${ACCOUNT}:stream/${name}`;
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
  const invoke = { Effect: "Allow", Action: "lambda:InvokeFunction", Resource: functionArn };
  const policy = JSON.stringify({ Statement: name === FUNCTION ? [...statements, invoke] : statements });
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

function topicOf(name: string, policy: object | null): Resource[] {
  const arn = `arn:aws:sns:${REGION}:${ACCOUNT}:${name}`;
  const filterPolicy = policy === null ? {} : { filterPolicy: JSON.stringify(policy) };
  return [
    resource("aws:sns/topic:Topic", name, {}, { arn }),
    resource("aws:sns/topicSubscription:TopicSubscription", `${name}-recorder`, {
      topic: arn,
      protocol: "lambda",
      endpoint: functionArn,
      ...filterPolicy,
    }),
    permissionOf(name, "sns.amazonaws.com", arn),
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
      ...(camelKeys(settings) as object),
      ...(destinationArn !== undefined && { destinationConfig: { onFailure: { destinationArn } } }),
    },
    { uuid: "11111111-2222-3333-4444-555555555555" },
  );
}

function ruleOf(name: string, settings: object): Resource[] {
  const arn = `arn:aws:events:${REGION}:${ACCOUNT}:rule/${name}`;
  return [
    resource("aws:cloudwatch/eventRule:EventRule", name, camelKeys(settings) as never, { arn }),
    resource("aws:cloudwatch/eventTarget:EventTarget", `${name}-target`, { rule: name, arn: functionArn }),
    permissionOf(name, "events.amazonaws.com", arn),
  ];
}

function scheduleOf(name: string, settings: object): Resource {
  return resource(
    "aws:scheduler/schedule:Schedule",
    name,
    {
      ...(camelKeys(settings) as object),
      flexibleTimeWindow: { mode: "OFF" },
      target: {
        arn: functionArn,
        roleArn: roleArn(FUNCTION),
        input: JSON.stringify({ schedule: name, time: "<aws.scheduler.scheduled-time>" }),
      },
    },
    { arn: `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule/default/${name}` },
  );
}

/** `BatchSize` of the API is `batchSize` of a program. */
function camelKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(camelKeys);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, each]) => [key[0]?.toLowerCase() + key.slice(1), camelKeys(each)]),
  );
}
