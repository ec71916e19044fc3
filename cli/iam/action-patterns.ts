import { type Graph, resourcesOfType } from "../../local/graph.ts";
import { parsePolicy, type Statement } from "../../local/iam/policy.ts";
import { rolePoliciesOf } from "../../local/iam/role-policies.ts";
import type { ResourceRow } from "./resource-policies.ts";

/** A statement that says which actions it speaks of by a pattern, or by what it leaves out, and names none. */
export interface ActionPattern {
  /** `role alert`, `trust in role alert`, `bucket lake`. */
  readonly owner: string;
  readonly effect: Statement["Effect"];
  readonly action: string;
}

/** Those of all policies: of roles, of who may act as them, and of resources. */
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

/** As people read them: `s3:GetObject`, or `all but s3:GetObject`. */
export function actionsOf({
  Action,
  NotAction = [],
}: Pick<Statement, "Action" | "NotAction">): readonly string[] {
  return Action ?? NotAction.map((action) => `${ALL_BUT}${action}`);
}

function isPattern(action: string): boolean {
  return action.startsWith(ALL_BUT) || /[*?]/.test(action);
}

const ALL_BUT = "all but ";
