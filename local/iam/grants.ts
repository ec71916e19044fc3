import type { Permission } from "../endpoint/operation.ts";
import { matchesAction, matchesPattern } from "./pattern.ts";
import type { Statement } from "./policy.ts";

/** One action on one resource pattern that a statement allows, both as the statement writes them. */
export interface Grant {
  readonly action: string;
  readonly resource: string;
  readonly condition?: Statement["Condition"];
}

/** What `NotAction` and `NotResource` leave is, for whoever reads a grant, everything. */
const EVERYTHING: readonly string[] = ["*"];

/** A policy taken apart: a grant for each action and resource that it allows. */
export function grantsOf(statements: readonly Statement[]): Grant[] {
  return statements
    .filter(({ Effect }) => Effect === "Allow")
    .flatMap(({ Action = EVERYTHING, Resource = EVERYTHING, Condition }) =>
      Action.flatMap((action) =>
        Resource.map((resource) => ({
          action,
          resource,
          ...(Condition !== undefined && { condition: Condition }),
        })),
      ),
    );
}

/** Those of the grants that name what a permission asks for. */
export function grantsFor(statements: readonly Statement[], { action, resource }: Permission): Grant[] {
  return grantsOf(statements).filter(
    (grant) => matchesAction(grant.action, action) && matchesPattern(grant.resource, resource),
  );
}

/** The same text for the same grant. */
export function grantKey({ action, resource, condition }: Grant): string {
  return [action, resource, ...(condition === undefined ? [] : [JSON.stringify(condition)])].join(" ");
}
