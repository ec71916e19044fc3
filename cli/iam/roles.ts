import { type Graph, type Resource, resourcesOfType } from "../../local/graph.ts";
import { type Grant, grantsOf } from "../../local/iam/evaluate.ts";
import { parsePolicy, type Statement } from "../../local/iam/policy.ts";
import { rolePoliciesOf } from "../../local/iam/role-policies.ts";
import { resourceName } from "./resource-names.ts";
import { describeConditions } from "./statements.ts";

/** What one role may do. */
export interface RoleTable {
  readonly role: string;
  /** Services that may act as the role, e.g. `lambda.amazonaws.com`. */
  readonly assumedBy: readonly string[];
  /** Condition of the trust policy, e.g. `aws:SourceAccount is 123456789012`. */
  readonly assumedWhen: string;
  /** Resources that act as the role, e.g. `function alert`. */
  readonly usedBy: readonly string[];
  readonly rows: readonly RoleRow[];
}

/** Each of the actions is allowed on each of the resources. */
interface RoleRow {
  readonly actions: readonly string[];
  /** Readable names, in the order of `arns`. */
  readonly resources: readonly string[];
  readonly arns: readonly string[];
  readonly condition: string;
}

/** Every role of a program, by name. */
export function roleTables(graph: Graph): RoleTable[] {
  const policies = rolePoliciesOf(graph);
  return resourcesOfType(graph, "aws:iam/role:Role")
    .map((role) => ({
      role: String(role.outputs.name),
      assumedBy: trustOf(role).flatMap(({ Principal }) => Principal?.Service ?? []),
      assumedWhen: [...new Set(trustOf(role).map(({ Condition }) => describeConditions(Condition)))].join(
        "; ",
      ),
      usedBy: usersOf(graph, role),
      rows: rowsOf(graph, grantsOf(policies.get(String(role.outputs.arn)) ?? [])),
    }))
    .sort((a, b) => (a.role < b.role ? -1 : 1));
}

function trustOf({ name, inputs }: Resource): readonly Statement[] {
  return parsePolicy(inputs.assumeRolePolicy, `trust in role ${name}`);
}

/** `function alert`, `crawler raw`, `schedule morning-digest`: with the name of the Pulumi type. */
function usersOf(graph: Graph, { outputs }: Resource): string[] {
  return graph.resources
    .filter(({ inputs }) => [inputs.role, inputs.roleArn, targetRole(inputs.target)].includes(outputs.arn))
    .map(({ type, name }) => `${type.split(":").at(-1)?.toLowerCase()} ${name}`);
}

function targetRole(target: unknown): unknown {
  return typeof target === "object" && target !== null && "roleArn" in target ? target.roleArn : undefined;
}

/** One row for resources with the same actions and condition. */
function rowsOf(graph: Graph, grants: readonly Grant[]): RoleRow[] {
  const ofResource = Map.groupBy(grants, ({ resource, condition }) =>
    JSON.stringify([resource, describeConditions(condition)]),
  );
  const resources = [...ofResource.values()].map((same) => ({
    actions: [...new Set(same.map(({ action }) => action))].sort(),
    arn: same[0]?.resource ?? "",
    condition: describeConditions(same[0]?.condition),
  }));
  const ofActions = Map.groupBy(resources, ({ actions, condition }) => JSON.stringify([actions, condition]));
  return [...ofActions.values()].flatMap((alike) => {
    const [first] = alike;
    if (first === undefined) return [];
    const arns = alike.map(({ arn }) => arn);
    const { actions, condition } = first;
    return [{ actions, resources: arns.map((arn) => resourceName(graph, arn)), arns, condition }];
  });
}
