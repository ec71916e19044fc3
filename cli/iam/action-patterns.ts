import { type Graph, resourcesOfType } from "../../local/graph.ts";
import { parsePolicy, type Statement } from "../../local/iam/policy.ts";
import { rolePoliciesOf } from "../../local/iam/role-policies.ts";
import type { ResourceRow } from "./resource-policies.ts";
import { actionsOf, isPattern } from "./statements.ts";

/** An action with a wildcard, or a statement with NotAction. */
export interface ActionPattern {
  /** `role alert`, `trust in role alert`, `bucket lake`. */
  readonly owner: string;
  readonly effect: Statement["Effect"];
  readonly action: string;
}

/** The patterns in all policies: of roles, of their trust policies and of resources. */
export function actionPatterns(graph: Graph, resources: readonly ResourceRow[]): ActionPattern[] {
  const policies = rolePoliciesOf(graph);
  const ofRoles = resourcesOfType(graph, "aws:iam/role:Role").flatMap(({ name, inputs, outputs }) => [
    ...patternsOf(`role ${outputs.name}`, policies.get(String(outputs.arn)) ?? []),
    ...patternsOf(
      `trust in role ${outputs.name}`,
      parsePolicy(inputs.assumeRolePolicy, `trust in role ${name}`),
    ),
  ]);
  const ofResources = resources.flatMap(({ resource, effect, actions }) =>
    actions.filter(isPattern).map((action) => ({ owner: resource, effect, action })),
  );
  return [...ofRoles, ...ofResources];
}

function patternsOf(owner: string, statements: readonly Statement[]): ActionPattern[] {
  return statements.flatMap((statement) =>
    actionsOf(statement)
      .filter(isPattern)
      .map((action) => ({ owner, effect: statement.Effect, action })),
  );
}
