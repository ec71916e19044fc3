import { ATHENA_RESOURCE_TYPES } from "./athena/athena.ts";
import { GLUE_RESOURCE_TYPES } from "./glue/glue.ts";
import type { Graph } from "./graph.ts";
import { S3_INERT_RESOURCE_TYPES, S3_RESOURCE_TYPES } from "./s3/s3.ts";
import { SNS_INERT_RESOURCE_TYPES, SNS_RESOURCE_TYPES } from "./sns/sns.ts";
import { SQS_RESOURCE_TYPES } from "./sqs/sqs.ts";

/** Resource types that the local run gives life to. */
const EMULATED: ReadonlySet<string> = new Set([
  ...ATHENA_RESOURCE_TYPES,
  ...GLUE_RESOURCE_TYPES,
  ...S3_RESOURCE_TYPES,
  ...SNS_RESOURCE_TYPES,
  ...SQS_RESOURCE_TYPES,
  "aws:cloudwatch/eventRule:EventRule",
  "aws:cloudwatch/eventTarget:EventTarget",
  "aws:cloudwatch/logGroup:LogGroup",
  "aws:iam/policy:Policy",
  "aws:iam/role:Role",
  "aws:iam/rolePolicy:RolePolicy",
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
  "aws:kinesis/resourcePolicy:ResourcePolicy",
  "aws:kinesis/stream:Stream",
  "aws:kms/alias:Alias",
  "aws:kms/key:Key",
  "aws:lambda/eventSourceMapping:EventSourceMapping",
  "aws:lambda/function:Function",
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
  "aws:lambda/permission:Permission",
  "aws:scheduler/schedule:Schedule",
  "aws:scheduler/scheduleGroup:ScheduleGroup",
  "aws:ssm/parameter:Parameter",
]);

/** Types that a program may declare and that change nothing of what runs here. */
const INERT: ReadonlySet<string> = new Set([
  ...S3_INERT_RESOURCE_TYPES,
  ...SNS_INERT_RESOURCE_TYPES,
  "aws:cloudwatch/dashboard:Dashboard",
  "aws:cloudwatch/metricAlarm:MetricAlarm",
]);

/** What of a program the local run does, and what it leaves out: said in the output, never in silence. */
export interface Coverage {
  /** Types without any effect here, sorted. */
  readonly inert: readonly string[];
  /** Types that the local run does not know, sorted. */
  readonly unknown: readonly string[];
}

/** Sorts the AWS resource types of a graph by what the local run makes of them. Components have no life of their own. */
export function coverageOf(graph: Graph): Coverage {
  const types = [...new Set(graph.resources.filter(({ id }) => id !== "").map(({ type }) => type))].sort();
  const isInert = (type: string) => INERT.has(type) || type.startsWith("pulumi:providers:");
  return {
    inert: types.filter(isInert),
    unknown: types.filter((type) => !EMULATED.has(type) && !isInert(type)),
  };
}
