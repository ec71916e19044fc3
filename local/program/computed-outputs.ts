import { createHash } from "node:crypto";

/** The account and region of the local run. */
export interface Account {
  readonly region: string;
  readonly accountId: string;
}

/** The account number in the examples of AWS's documentation. */
export const LOCAL_ACCOUNT_ID = "123456789012";

type Inputs = Readonly<Record<string, unknown>>;
type Computed = { id: string } & Record<string, unknown>;
type Compute = (name: string, inputs: Inputs, account: Account, uuid: string) => Computed;

/**
 * The outputs that the AWS provider would compute for a resource: id, ARN and physical name. A missing output would silently
 * remove the dependency of a resource that reads it, so every type has at least these. The table lists types with others.
 *
 * @param urn determines generated ids, so that they are the same in every run
 */
export function computedOutputs(
  urn: string,
  type: string,
  logicalName: string,
  inputs: Inputs,
  account: Account,
): Computed {
  const name = text(inputs.name) ?? logicalName;
  const compute = COMPUTED[type];
  return compute
    ? compute(name, inputs, account, uuidFrom(urn))
    : { id: name, name, arn: defaultArn(type, name, account) };
}

/** The answer of the provider functions for region, account and partition; undefined for other functions. */
export function computedAnswer(
  token: string,
  { region, accountId }: Account,
): Record<string, unknown> | undefined {
  const answers: Record<string, Record<string, unknown>> = {
    "aws:index/getRegion:getRegion": { region, name: region, id: region },
    "aws:index/getCallerIdentity:getCallerIdentity": { accountId, id: accountId },
    "aws:index/getPartition:getPartition": { partition: "aws", dnsSuffix: "amazonaws.com", id: "aws" },
  };
  return answers[token];
}

/** `aws:kinesis/stream:Stream` -> `arn:aws:kinesis:REGION:ACCOUNT:stream/NAME`, the form of most services. */
function defaultArn(type: string, name: string, account: Account): string {
  const [service = "", kind = ""] = type.replace(/^aws:/, "").split(":")[0]?.split("/") ?? [];
  return arn(service, `${kind}/${name}`, account);
}

function arn(service: string, resource: string, { region, accountId }: Account): string {
  return `arn:aws:${service}:${region}:${accountId}:${resource}`;
}

function named(service: string, prefix: string): Compute {
  return (name, _inputs, account) => ({ id: name, name, arn: arn(service, `${prefix}${name}`, account) });
}

function global(service: string, prefix: string): Compute {
  return (name, _inputs, { accountId }) => ({
    id: name,
    name,
    arn: `arn:aws:${service}::${accountId}:${prefix}${name}`,
  });
}

const bucket: Compute = (name, inputs) => {
  const physical = text(inputs.bucket) ?? name;
  return { id: physical, bucket: physical, arn: `arn:aws:s3:::${physical}` };
};

const bucketSetting: Compute = (name, inputs) => ({ id: text(inputs.bucket) ?? name });

const bucketObject: Compute = (name, inputs) => {
  const key = text(inputs.key) ?? name;
  return { id: key, key, arn: `arn:aws:s3:::${text(inputs.bucket)}/${key}` };
};

const lambdaFunction: Compute = (name, _inputs, account) => {
  const functionArn = arn("lambda", `function:${name}`, account);
  const invokeArn = `arn:aws:apigateway:${account.region}:lambda:path/2015-03-31/functions/${functionArn}/invocations`;
  return { id: name, name, arn: functionArn, invokeArn, version: "$LATEST" };
};

const rule: Compute = (name, inputs, account) => {
  const bus = text(inputs.eventBusName);
  return { id: name, name, arn: arn("events", `rule/${bus === undefined ? "" : `${bus}/`}${name}`, account) };
};

/** The ARN of a dashboard has no region: https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazoncloudwatch.html */
const dashboard: Compute = (name, inputs, { accountId }) => {
  const dashboardName = text(inputs.dashboardName) ?? name;
  const dashboardArn = `arn:aws:cloudwatch::${accountId}:dashboard/${dashboardName}`;
  return { id: dashboardName, dashboardName, dashboardArn };
};

const COMPUTED: Readonly<Record<string, Compute>> = {
  "aws:athena/namedQuery:NamedQuery": (name, _inputs, _place, uuid) => ({ id: uuid, name }),
  "aws:athena/preparedStatement:PreparedStatement": (name, inputs) => ({
    id: `${text(inputs.workgroup)}/${text(inputs.name) ?? name}`,
    name: text(inputs.name) ?? name,
  }),
  "aws:cloudwatch/dashboard:Dashboard": dashboard,
  "aws:cloudwatch/eventRule:EventRule": rule,
  "aws:cloudwatch/eventTarget:EventTarget": (name, inputs) => ({
    id: `${text(inputs.rule)}-${name}`,
    targetId: name,
  }),
  "aws:cloudwatch/logGroup:LogGroup": named("logs", "log-group:"),
  "aws:cloudwatch/metricAlarm:MetricAlarm": named("cloudwatch", "alarm:"),
  "aws:glue/catalogDatabase:CatalogDatabase": named("glue", "database/"),
  "aws:iam/policy:Policy": global("iam", "policy/"),
  "aws:iam/role:Role": global("iam", "role/"),
  "aws:iam/rolePolicy:RolePolicy": (name, inputs) => ({ id: `${text(inputs.role)}:${name}`, name }),
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": (name, inputs) => ({
    id: `${text(inputs.role)}-${name}`,
  }),
  "aws:kms/key:Key": (_name, _inputs, account, uuid) => ({
    id: uuid,
    keyId: uuid,
    arn: arn("kms", `key/${uuid}`, account),
  }),
  "aws:lambda/eventSourceMapping:EventSourceMapping": (_name, inputs, account, uuid) => ({
    id: uuid,
    uuid,
    functionArn: text(inputs.functionName),
    arn: arn("lambda", `event-source-mapping:${uuid}`, account),
  }),
  "aws:lambda/function:Function": lambdaFunction,
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": (name, inputs) => ({
    id: text(inputs.functionName) ?? name,
  }),
  "aws:lambda/permission:Permission": (name) => ({ id: name, statementId: name }),
  "aws:s3/bucket:Bucket": bucket,
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": bucketSetting,
  "aws:s3/bucketNotification:BucketNotification": bucketSetting,
  "aws:s3/bucketObject:BucketObject": bucketObject,
  "aws:s3/bucketObjectv2:BucketObjectv2": bucketObject,
  "aws:s3/bucketPolicy:BucketPolicy": bucketSetting,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": bucketSetting,
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": bucketSetting,
  "aws:s3/bucketV2:BucketV2": bucket,
  "aws:s3/bucketVersioning:BucketVersioning": bucketSetting,
  "aws:scheduler/schedule:Schedule": (name, inputs, account) => {
    const path = `${text(inputs.groupName) ?? "default"}/${name}`;
    return { id: path, name, arn: arn("scheduler", `schedule/${path}`, account) };
  },
  "aws:scheduler/scheduleGroup:ScheduleGroup": named("scheduler", "schedule-group/"),
  "aws:sns/topic:Topic": (name, _inputs, account) => {
    const topicArn = arn("sns", name, account);
    return { id: topicArn, name, arn: topicArn };
  },
  "aws:sns/topicSubscription:TopicSubscription": (_name, inputs, _place, uuid) => {
    const subscriptionArn = `${text(inputs.topic)}:${uuid}`;
    return { id: subscriptionArn, arn: subscriptionArn };
  },
  "aws:sqs/queue:Queue": (name, _inputs, account) => {
    const url = `https://sqs.${account.region}.amazonaws.com/${account.accountId}/${name}`;
    return { id: url, name, url, arn: arn("sqs", name, account) };
  },
  "aws:ssm/parameter:Parameter": (name, _inputs, account) => ({
    id: name,
    name,
    arn: arn("ssm", `parameter/${name.replace(/^\//, "")}`, account),
  }),
};

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}

function uuidFrom(urn: string): string {
  const hex = createHash("sha256").update(urn).digest("hex");
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `4${hex.slice(13, 16)}`,
    `a${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}

/** Number of hex digits that Pulumi appends to a name: https://www.pulumi.com/docs/iac/concepts/resources/names/#autonaming */
const DIGITS = 7;

/** Longest names of the types whose limit is most often reached. */
const MAX_LENGTHS: Readonly<Record<string, number>> = {
  "aws:cloudwatch/eventRule:EventRule": 64,
  "aws:iam/role:Role": 64,
  "aws:kinesis/stream:Stream": 128,
  "aws:lambda/function:Function": 64,
  "aws:s3/bucket:Bucket": 63,
  "aws:s3/bucketV2:BucketV2": 63,
  "aws:scheduler/schedule:Schedule": 64,
  "aws:sns/topic:Topic": 256,
  "aws:sqs/queue:Queue": 80,
};

/** Types whose physical name is the logical name: the key of an object has no suffix. */
const LOGICAL: ReadonlySet<string> = new Set([
  "aws:s3/bucketObject:BucketObject",
  "aws:s3/bucketObjectv2:BucketObjectv2",
]);

/**
 * The name of a resource without an explicit name: its logical name and a suffix. The suffix is derived from the URN, so
 * that runs can be compared, while Pulumi's is random.
 *
 * @throws {Error} when the name would be longer than AWS allows.
 */
export function physicalName(
  urn: string,
  type: string,
  logicalName: string,
  inputs: Readonly<Record<string, unknown>>,
): string {
  if (!type.startsWith("aws:") || LOGICAL.has(type)) return logicalName;
  const end = inputs.fifoQueue === true || inputs.fifoTopic === true ? ".fifo" : "";
  const suffix = `-${createHash("sha256").update(urn).digest("hex").slice(0, DIGITS)}${end}`;
  const name = `${logicalName}${suffix}`;
  const limit = MAX_LENGTHS[type];
  if (limit !== undefined && name.length > limit)
    throw new Error(
      `${type} ${logicalName}: its name would be ${name.length} characters long with Pulumi's suffix; allowed are ${limit}. Shorten the logical name or set a name`,
    );
  return type.startsWith("aws:s3/bucket") ? name.toLowerCase() : name;
}
