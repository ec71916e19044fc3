import { ATHENA_RESOURCE_TYPES } from "./athena/athena.ts";
import { type Cloud, type CloudOptions, startCloud } from "./cloud.ts";
import { NotEmulatedError } from "./endpoint/error.ts";
import { GLUE_RESOURCE_TYPES } from "./glue/glue.ts";
import type { Graph, Resource } from "./graph.ts";
import { isUnknownPolicy } from "./iam/role-policies.ts";
import { S3_INERT_RESOURCE_TYPES, S3_RESOURCE_TYPES } from "./s3/s3.ts";
import { SNS_INERT_RESOURCE_TYPES, SNS_RESOURCE_TYPES } from "./sns/sns.ts";
import { SQS_RESOURCE_TYPES } from "./sqs/sqs.ts";

/** Resource types that the local run emulates. */
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

/** Types that a program may declare and that have no effect on the local run. */
const INERT: ReadonlySet<string> = new Set([
  ...S3_INERT_RESOURCE_TYPES,
  ...SNS_INERT_RESOURCE_TYPES,
  "aws:cloudwatch/dashboard:Dashboard",
  "aws:cloudwatch/metricAlarm:MetricAlarm",
]);

/** The resource types of a program that have no effect or are not emulated. The output always names them. */
export interface Coverage {
  /** Types without an effect on the local run, sorted. */
  readonly inert: readonly string[];
  /** Types that are not emulated, sorted. */
  readonly unknown: readonly string[];
}

/** The AWS resource types of a graph that have no effect or are not emulated. Components are not counted. */
export function coverageOf(graph: Graph): Coverage {
  const types = [...new Set(graph.resources.filter(({ id }) => id !== "").map(({ type }) => type))].sort();
  const isInert = (type: string) => INERT.has(type) || type.startsWith("pulumi:providers:");
  return {
    inert: types.filter(isInert),
    unknown: types.filter((type) => !EMULATED.has(type) && !isInert(type)),
  };
}

/** Types that only connect other resources, and have no purpose when one of those is missing. */
const CONNECTIONS: ReadonlySet<string> = new Set([
  "aws:cloudwatch/eventTarget:EventTarget",
  "aws:lambda/eventSourceMapping:EventSourceMapping",
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
  "aws:lambda/permission:Permission",
  "aws:s3/bucketNotification:BucketNotification",
  "aws:scheduler/schedule:Schedule",
  "aws:sns/topicPolicy:TopicPolicy",
  "aws:sns/topicSubscription:TopicSubscription",
  "aws:sqs/queuePolicy:QueuePolicy",
]);

/**
 * Starts a program without the resources that are not emulated, and without those that only connect them.
 *
 * @throws {NotEmulatedError} for a feature that cannot be attributed to one resource, or an AwsError as {@link startCloud}.
 */
export async function startEmulated(
  options: CloudOptions,
): Promise<{ cloud: Cloud; notEmulated: readonly string[] }> {
  const notEmulated: string[] = [];
  for (let graph = withKnownPolicies(options.graph, notEmulated); ; ) {
    try {
      return { cloud: await startCloud({ ...options, graph }), notEmulated };
    } catch (error) {
      const resource = notEmulatedResource(graph, error);
      if (resource === undefined) throw error;
      const connections = graph.resources.filter((other) => connects(other, resource));
      notEmulated.push(
        (error as NotEmulatedError).what,
        ...connections.map(({ type, name }) => `${type} ${name}`),
      );
      graph = without(graph, [resource, ...connections]);
    }
  }
}

/** The graph without AWS-managed policies in `managedPolicyArns` whose text is not known here. */
function withKnownPolicies(graph: Graph, notEmulated: string[]): Graph {
  const resources = graph.resources.map((resource) => {
    const { managedPolicyArns } = resource.inputs;
    if (resource.type !== "aws:iam/role:Role" || !Array.isArray(managedPolicyArns)) return resource;
    const unknown = managedPolicyArns.filter((arn) => isUnknownPolicy(String(arn)));
    notEmulated.push(...unknown.map((arn) => `AWS-managed policy ${arn} of role ${resource.name}`));
    const known = managedPolicyArns.filter((arn) => !unknown.includes(arn));
    return { ...resource, inputs: { ...resource.inputs, managedPolicyArns: known } };
  });
  return { ...graph, resources };
}

function notEmulatedResource(graph: Graph, error: unknown): Resource | undefined {
  if (!(error instanceof NotEmulatedError)) return undefined;
  return graph.resources.find(({ urn }) => urn === error.urn);
}

function connects({ type, dependencies }: Resource, { urn }: Resource): boolean {
  return CONNECTIONS.has(type) && dependencies.includes(urn);
}

function without(graph: Graph, removed: readonly Resource[]): Graph {
  return { ...graph, resources: graph.resources.filter((resource) => !removed.includes(resource)) };
}
