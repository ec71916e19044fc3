import { type Graph, type Resource, resourcesOfType } from "../../local/graph.ts";
import { parsePolicy, type Statement } from "../../local/iam/policy.ts";
import { resourceName } from "./resource-names.ts";
import { actionsOf, describeConditions } from "./statements.ts";

/** One statement of a resource-based policy. */
export interface ResourceRow {
  readonly resource: string;
  readonly effect: Statement["Effect"];
  /** AWS services, ARNs, `everyone`, or `the account`: identities of the account whose own policy allows it. */
  readonly principals: readonly string[];
  readonly actions: readonly string[];
  readonly condition: string;
}

/** The resource-based policies of buckets, topics, keys and functions. */
export function resourcePolicies(graph: Graph): ResourceRow[] {
  return [
    ...resourcesOfType(graph, "aws:s3/bucketPolicy:BucketPolicy").flatMap(({ inputs }) =>
      documentRows(graph, `bucket ${inputs.bucket}`, inputs.policy),
    ),
    ...resourcesOfType(graph, "aws:sns/topicPolicy:TopicPolicy").flatMap(({ inputs }) =>
      documentRows(graph, resourceName(graph, String(inputs.arn)), inputs.policy),
    ),
    ...resourcesOfType(graph, "aws:kms/key:Key").flatMap((key) => keyRows(graph, key)),
    ...resourcesOfType(graph, "aws:lambda/permission:Permission").map((permission) =>
      permissionRow(graph, permission),
    ),
  ];
}

function documentRows(graph: Graph, resource: string, policy: unknown): ResourceRow[] {
  return parsePolicy(policy, resource).map(
    ({ Effect, Principal = {}, Action, NotAction, Condition }): ResourceRow => ({
      resource,
      effect: Effect,
      principals: Object.values(Principal)
        .flat()
        .map((principal) => principalName(graph, principal)),
      actions: actionsOf({ Action, NotAction }),
      condition: describeConditions(Condition),
    }),
  );
}

function principalName({ accountId }: Graph, principal: string): string {
  if (principal === "*") return "everyone";
  return principal.endsWith(`:iam::${accountId}:root`) ? "the account" : principal;
}

/** https://docs.aws.amazon.com/kms/latest/developerguide/key-policy-default.html */
function keyRows(graph: Graph, { name, inputs }: Resource): ResourceRow[] {
  const resource = `key ${name}`;
  if (inputs.policy !== undefined) return documentRows(graph, resource, inputs.policy);
  const condition = "AWS's default: left to the policies of roles";
  return [{ resource, effect: "Allow", principals: ["the account"], actions: ["kms:*"], condition }];
}

function permissionRow(graph: Graph, { inputs }: Resource): ResourceRow {
  const { sourceArn } = inputs;
  return {
    resource: `function ${inputs.function}`,
    effect: "Allow",
    principals: [String(inputs.principal)],
    actions: [String(inputs.action)],
    condition: typeof sourceArn === "string" ? `for ${resourceName(graph, sourceArn)}` : "",
  };
}
