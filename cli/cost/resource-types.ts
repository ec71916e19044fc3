import type { Graph } from "../../local/graph.ts";

/** How a type of resource shows in the bill. */
type Classification =
  | { readonly kind: "priced" }
  /** Costs nothing, or what it costs shows at another type. */
  | { readonly kind: "free"; readonly why: string }
  | { readonly kind: "not priced" };

const NO_CHARGE = "AWS charges nothing for it";
const A_SETTING = "a setting of another resource";

const PRICED: readonly string[] = [
  "aws:cloudwatch/dashboard:Dashboard",
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:cloudwatch/metricAlarm:MetricAlarm",
  "aws:glue/catalogDatabase:CatalogDatabase",
  "aws:glue/catalogTable:CatalogTable",
  "aws:glue/crawler:Crawler",
  "aws:glue/job:Job",
  "aws:kinesis/stream:Stream",
  "aws:kms/key:Key",
  "aws:lambda/eventSourceMapping:EventSourceMapping",
  "aws:lambda/function:Function",
  "aws:s3/bucket:Bucket",
  "aws:scheduler/schedule:Schedule",
  "aws:sns/topic:Topic",
  "aws:sns/topicSubscription:TopicSubscription",
  "aws:athena/workgroup:Workgroup",
];

const FREE: Readonly<Record<string, string>> = {
  "aws:athena/namedQuery:NamedQuery": "a text; its runs show at the workgroup",
  "aws:athena/preparedStatement:PreparedStatement": "a text; its runs show at the workgroup",
  "aws:cloudwatch/eventRule:EventRule": "events of the clock and of AWS's services are free",
  "aws:cloudwatch/eventTarget:EventTarget": NO_CHARGE,
  "aws:glue/trigger:Trigger": "what it starts is priced",
  "aws:glue/workflow:Workflow": "what it starts is priced",
  "aws:iam/policy:Policy": NO_CHARGE,
  "aws:iam/role:Role": NO_CHARGE,
  "aws:iam/rolePolicy:RolePolicy": NO_CHARGE,
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": NO_CHARGE,
  "aws:kms/alias:Alias": NO_CHARGE,
  "aws:kms/keyPolicy:KeyPolicy": A_SETTING,
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": A_SETTING,
  "aws:lambda/permission:Permission": A_SETTING,
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration":
    "a setting of the bucket; deletions are free",
  "aws:s3/bucketNotification:BucketNotification": A_SETTING,
  "aws:s3/bucketObjectv2:BucketObjectv2": "a few KB that the job reads",
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": A_SETTING,
  "aws:s3/bucketPolicy:BucketPolicy": A_SETTING,
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": A_SETTING,
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration":
    "S3's own keys are free",
  "aws:s3/bucketVersioning:BucketVersioning":
    "a setting of the bucket; old versions are priced as what S3 stores",
  "aws:scheduler/scheduleGroup:ScheduleGroup": NO_CHARGE,
  "aws:sns/topicPolicy:TopicPolicy": A_SETTING,
  "aws:ssm/parameter:Parameter": "a standard parameter",
};

/** Components and the stack itself, which are nothing on AWS. */
const STRUCTURE = /^(?!aws:)/;

export function classify(type: string): Classification {
  if (PRICED.includes(type)) return { kind: "priced" };
  const why = FREE[type];
  return why === undefined ? { kind: "not priced" } : { kind: "free", why };
}

export interface TypeCount {
  readonly type: string;
  readonly count: number;
  readonly classification: Classification;
}

/** Every type of AWS's in a graph, in alphabetical order. */
export function classifyTypes(graph: Graph): TypeCount[] {
  const counts = new Map<string, number>();
  for (const { type } of graph.resources) {
    if (!STRUCTURE.test(type)) counts.set(type, (counts.get(type) ?? 0) + 1);
  }
  return [...counts]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([type, count]) => ({ type, count, classification: classify(type) }));
}
