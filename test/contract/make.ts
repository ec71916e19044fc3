import { setTimeout as delay } from "node:timers/promises";
import {
  DeleteRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import {
  CreateAccessKeyCommand,
  CreateRoleCommand,
  CreateUserCommand,
  DeleteAccessKeyCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  DeleteUserCommand,
  DeleteUserPolicyCommand,
  PutRolePolicyCommand,
  PutUserPolicyCommand,
} from "@aws-sdk/client-iam";
import {
  CreateStreamCommand,
  DeleteStreamCommand,
  DescribeStreamSummaryCommand,
  waitUntilStreamExists,
} from "@aws-sdk/client-kinesis";
import {
  AddPermissionCommand,
  CreateEventSourceMappingCommand,
  CreateFunctionCommand,
  DeleteEventSourceMappingCommand,
  DeleteFunctionCommand,
  GetEventSourceMappingCommand,
  InvalidParameterValueException,
  waitUntilFunctionActiveV2,
} from "@aws-sdk/client-lambda";
import {
  CreateBucketCommand,
  DeleteBucketCommand,
  DeleteObjectsCommand,
  ListObjectsV2Command,
  PutObjectCommand,
} from "@aws-sdk/client-s3";
import { CreateScheduleCommand, DeleteScheduleCommand } from "@aws-sdk/client-scheduler";
import { CreateTopicCommand, DeleteTopicCommand, SubscribeCommand } from "@aws-sdk/client-sns";
import { CreateQueueCommand, DeleteQueueCommand, GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import { zipSync } from "fflate";
import type { Clients, Credentials, createMakers } from "./clients.ts";
import { RECORDER_STATEMENT, withArns } from "./declared-graph.ts";
import { type Declared, type MappingSettings, OBJECT, type Statement } from "./place.ts";
import { RECORDER } from "./recorder.ts";

/** What has been made, and how it is taken away again, last things first. */
export interface Made {
  readonly prefix: string;
  readonly undo: (() => Promise<unknown>)[];
  readonly credentials: Map<string, Credentials>;
  readonly topicArns: Map<string, string>;
  readonly queueUrls: Map<string, string>;
}

interface Making {
  readonly clients: Clients;
  readonly makers: ReturnType<typeof createMakers>;
  readonly declared: Declared;
  readonly made: Made;
  readonly settleSeconds: number;
}

const WAIT = { maxWaitTime: 60, minDelay: 1, maxDelay: 2 };

/** Makes by calls what a line declares. Throws the first refusal; what was made until then is in `made.undo`. */
export async function makeResources(making: Making): Promise<void> {
  const { declared, settleSeconds } = making;
  for (const [bucket, keys] of Object.entries(declared.buckets ?? {})) await makeBucket(making, bucket, keys);
  for (const queue of declared.queues ?? []) await makeQueue(making, queue);
  for (const [stream, shards] of Object.entries(declared.streams ?? {}))
    await makeStream(making, stream, shards);
  const { topics = {}, mappings = {}, rules = {}, schedules = {}, callers = {} } = declared;
  const isCalled = [topics, mappings, rules, schedules].some((each) => Object.keys(each).length > 0);
  if (isCalled) {
    const { functionArn, roleArn } = await makeRecorder(making);
    for (const [name, policy] of Object.entries(topics)) await makeTopic(making, name, policy, functionArn);
    for (const [stream, settings] of Object.entries(mappings)) await makeMapping(making, stream, settings);
    for (const [name, settings] of Object.entries(rules)) await makeRule(making, name, settings, functionArn);
    for (const [name, settings] of Object.entries(schedules))
      await makeSchedule(making, name, settings, functionArn, roleArn);
  }
  for (const [caller, statements] of Object.entries(callers)) await makeCaller(making, caller, statements);
  if (Object.keys(callers).length > 0 || isCalled) await delay(settleSeconds * 1000);
}

async function makeBucket({ clients: { s3 }, made }: Making, own: string, keys: readonly string[]) {
  const Bucket = `${made.prefix}-${own}`;
  await s3.send(new CreateBucketCommand({ Bucket }));
  made.undo.push(async () => {
    for (;;) {
      const { Contents = [] } = await s3.send(new ListObjectsV2Command({ Bucket }));
      if (Contents.length === 0) break;
      const Objects = Contents.map(({ Key }) => ({ Key }));
      await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects } }));
    }
    await s3.send(new DeleteBucketCommand({ Bucket }));
  });
  const rest = [...keys];
  const writer = async () => {
    for (let Key = rest.pop(); Key !== undefined; Key = rest.pop())
      await s3.send(new PutObjectCommand({ Bucket, Key, Body: OBJECT }));
  };
  await Promise.all(Array.from({ length: 16 }, writer));
}

async function makeQueue({ clients: { sqs }, made }: Making, own: string): Promise<void> {
  const { QueueUrl = "" } = await sqs.send(new CreateQueueCommand({ QueueName: `${made.prefix}-${own}` }));
  made.queueUrls.set(own, QueueUrl);
  made.undo.push(() => sqs.send(new DeleteQueueCommand({ QueueUrl })));
}

async function makeStream(
  { clients: { kinesis }, made }: Making,
  own: string,
  shards: number,
): Promise<void> {
  const StreamName = `${made.prefix}-${own}`;
  await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount: shards }));
  made.undo.push(() => kinesis.send(new DeleteStreamCommand({ StreamName })));
  await waitUntilStreamExists({ client: kinesis, ...WAIT }, { StreamName });
}

async function makeRecorder({ makers: { iam, lambda }, made }: Making) {
  const RoleName = `${made.prefix}-recorder`;
  const Service = ["lambda.amazonaws.com", "scheduler.amazonaws.com"];
  const { Role } = await iam.send(
    new CreateRoleCommand({
      RoleName,
      AssumeRolePolicyDocument: policy([
        { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service } },
      ]),
    }),
  );
  made.undo.push(() => iam.send(new DeleteRoleCommand({ RoleName })));
  const PolicyName = "recorder";
  const invoke = { Effect: "Allow", Action: "lambda:InvokeFunction", Resource: "*" };
  await iam.send(
    new PutRolePolicyCommand({ RoleName, PolicyName, PolicyDocument: policy([RECORDER_STATEMENT, invoke]) }),
  );
  made.undo.push(() => iam.send(new DeleteRolePolicyCommand({ RoleName, PolicyName })));
  const FunctionName = RoleName;
  const create = () =>
    lambda.send(
      new CreateFunctionCommand({
        FunctionName,
        Role: Role?.Arn,
        Runtime: "nodejs22.x",
        Handler: "index.handler",
        Timeout: 30,
        Code: { ZipFile: zipSync({ "index.js": new TextEncoder().encode(RECORDER) }) },
      }),
    );
  const { FunctionArn = "" } = await onceRolesAreKnown(create);
  made.undo.push(() => lambda.send(new DeleteFunctionCommand({ FunctionName })));
  await waitUntilFunctionActiveV2({ client: lambda, ...WAIT }, { FunctionName });
  return { functionArn: FunctionArn, roleArn: Role?.Arn ?? "" };
}

/** A new role takes some seconds until Lambda and Scheduler may assume it. */
async function onceRolesAreKnown<Output>(call: () => Promise<Output>): Promise<Output> {
  for (let attempt = 1; ; attempt += 1) {
    try {
      return await call();
    } catch (error) {
      const unknownRole = error instanceof Error && /role/i.test(error.message);
      if (!(error instanceof InvalidParameterValueException && unknownRole) || attempt === 10) throw error;
      await delay(2000);
    }
  }
}

async function makeTopic(
  { clients: { sns }, makers: { lambda }, made }: Making,
  own: string,
  filter: object | null,
  functionArn: string,
): Promise<void> {
  const { TopicArn = "" } = await sns.send(new CreateTopicCommand({ Name: `${made.prefix}-${own}` }));
  made.topicArns.set(own, TopicArn);
  made.undo.push(() => sns.send(new DeleteTopicCommand({ TopicArn })));
  await lambda.send(new AddPermissionCommand(permission(functionArn, own, "sns.amazonaws.com", TopicArn)));
  const Attributes: Record<string, string> = filter === null ? {} : { FilterPolicy: JSON.stringify(filter) };
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: "lambda", Endpoint: functionArn, Attributes }));
}

async function makeMapping(
  { clients: { kinesis, sqs }, makers: { lambda }, made }: Making,
  stream: string,
  { onFailure, ...settings }: MappingSettings,
): Promise<void> {
  const StreamName = `${made.prefix}-${stream}`;
  const { StreamDescriptionSummary } = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName }));
  const destination = async () => {
    if (onFailure === undefined) return undefined;
    if ("bucket" in onFailure) return `arn:aws:s3:::${made.prefix}-${onFailure.bucket}`;
    const QueueUrl = made.queueUrls.get(onFailure.queue);
    const { Attributes } = await sqs.send(
      new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }),
    );
    return Attributes?.QueueArn;
  };
  const Destination = await destination();
  const { UUID } = await lambda.send(
    new CreateEventSourceMappingCommand({
      FunctionName: `${made.prefix}-recorder`,
      EventSourceArn: StreamDescriptionSummary?.StreamARN,
      StartingPosition: "TRIM_HORIZON",
      ...(settings as object),
      ...(Destination !== undefined && { DestinationConfig: { OnFailure: { Destination } } }),
    }),
  );
  made.undo.push(() => lambda.send(new DeleteEventSourceMappingCommand({ UUID })));
  for (let left = 60; left > 0; left -= 1) {
    const { State } = await lambda.send(new GetEventSourceMappingCommand({ UUID }));
    if (State === "Enabled" || State === "Disabled") return;
    await delay(1000);
  }
}

async function makeRule(
  { makers: { events, lambda }, made }: Making,
  own: string,
  settings: object,
  functionArn: string,
): Promise<void> {
  const Name = `${made.prefix}-${own}`;
  const { RuleArn = "" } = await events.send(new PutRuleCommand({ Name, ...settings }));
  made.undo.push(() => events.send(new DeleteRuleCommand({ Name })));
  await lambda.send(new AddPermissionCommand(permission(functionArn, own, "events.amazonaws.com", RuleArn)));
  await events.send(new PutTargetsCommand({ Rule: Name, Targets: [{ Id: "recorder", Arn: functionArn }] }));
  made.undo.push(() => events.send(new RemoveTargetsCommand({ Rule: Name, Ids: ["recorder"] })));
}

async function makeSchedule(
  { makers: { scheduler }, made }: Making,
  own: string,
  settings: object,
  Arn: string,
  RoleArn: string,
): Promise<void> {
  const Name = `${made.prefix}-${own}`;
  const Input = JSON.stringify({ schedule: own, time: "<aws.scheduler.scheduled-time>" });
  await onceRolesAreKnown(() =>
    scheduler.send(
      new CreateScheduleCommand({
        Name,
        FlexibleTimeWindow: { Mode: "OFF" },
        Target: { Arn, RoleArn, Input },
        ...(settings as { ScheduleExpression: string }),
      }),
    ),
  );
  made.undo.push(() => scheduler.send(new DeleteScheduleCommand({ Name })));
}

/** A user, who needs no session, stands for a caller. */
async function makeCaller({ makers: { iam }, made }: Making, own: string, statements: readonly Statement[]) {
  const UserName = `${made.prefix}-${own}`;
  await iam.send(new CreateUserCommand({ UserName }));
  made.undo.push(() => iam.send(new DeleteUserCommand({ UserName })));
  if (statements.length > 0) {
    const PolicyName = "line";
    const named = statements.map((statement) => withArns(statement, (name) => `${made.prefix}-${name}`));
    await iam.send(new PutUserPolicyCommand({ UserName, PolicyName, PolicyDocument: policy(named) }));
    made.undo.push(() => iam.send(new DeleteUserPolicyCommand({ UserName, PolicyName })));
  }
  const { AccessKey } = await iam.send(new CreateAccessKeyCommand({ UserName }));
  const { AccessKeyId = "", SecretAccessKey = "" } = AccessKey ?? {};
  made.undo.push(() => iam.send(new DeleteAccessKeyCommand({ UserName, AccessKeyId })));
  made.credentials.set(own, { accessKeyId: AccessKeyId, secretAccessKey: SecretAccessKey });
}

const policy = (statements: readonly object[]) =>
  JSON.stringify({ Version: "2012-10-17", Statement: statements });

const permission = (FunctionName: string, own: string, Principal: string, SourceArn: string) => ({
  FunctionName,
  StatementId: `${own}-${Principal.split(".")[0]}`,
  Action: "lambda:InvokeFunction",
  Principal,
  SourceArn,
});
