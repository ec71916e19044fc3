import { fileURLToPath } from "node:url";
import * as z from "zod";
import type { Graph, Resource } from "../../../local/graph.ts";
import { ask } from "./ask.ts";
import type { Judge } from "./install.ts";

type Statement = Readonly<Record<string, unknown>>;

/** Name, e.g. `aws:iam/role:Role alert assumeRolePolicy` -> policy document. */
export type Policies = Readonly<Record<string, { readonly Statement: readonly Statement[] }>>;

const SCRIPT = fileURLToPath(new URL("policy_findings.py", import.meta.url));
const documentSchema = z.looseObject({ Statement: z.array(z.record(z.string(), z.unknown())) });

/** Policy -> what parliament finds in it. */
export async function parliamentFindings(
  python: Judge,
  policies: Policies,
): Promise<Record<string, string[]>> {
  const file = { name: "policies.json", content: JSON.stringify(policies) };
  return z.record(z.string(), z.array(z.string())).parse(await ask(python, [SCRIPT, file.name], file));
}

/** Every policy of a graph: of roles, who may assume them, and of buckets, topics and keys. */
export function policiesOf({ resources }: Graph): Policies {
  const policies = resources.flatMap((resource) =>
    ["assumeRolePolicy", "policy"].flatMap((input) => {
      const value = resource.inputs[input];
      if (value === undefined) return [];
      const document = documentSchema.parse(typeof value === "string" ? JSON.parse(value) : value);
      const Statement = document.Statement.map((statement) => onResource(statement, resource, input));
      return [[`${resource.type} ${resource.name} ${input}`, { ...document, Statement }] as const];
    }),
  );
  return Object.fromEntries(policies);
}

/** parliament knows policies of identities: what is implied in one of a resource is said, so that it looks at it too. */
function onResource(statement: Statement, { type, outputs }: Resource, input: string): Statement {
  const ofIdentity = type.startsWith("aws:iam/") && input === "policy";
  const implied = statement.Resource === undefined || statement.Resource === "*";
  return !ofIdentity && implied ? { ...statement, Resource: outputs.arn } : statement;
}
