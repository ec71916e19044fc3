import { isDeepStrictEqual } from "node:util";
import { closest } from "fastest-levenshtein";
import { z } from "zod";
import { parseJson } from "../lib/json.ts";
import { nearestOf } from "../lib/nearest.ts";
import { removeCommand, renaming, setCommand, setting, textEdit } from "./commands.ts";
import { exampleOf, kindOf } from "./examples.ts";
import { maskValue, Shown, structureOf } from "./mask.ts";
import type { ConfigProblem } from "./problem.ts";
import { fittingIssues, keysAt, metaOf, schemasAt, variants } from "./schema-walk.ts";
import type { Refusal } from "./values.ts";

/** Turns zod's issues into problems that carry the value found, what is allowed and the command. */
export function problemsOf(error: z.ZodError, schema: z.core.$ZodType, input: unknown): ConfigProblem[] {
  return error.issues.flatMap(fittingIssues).flatMap((issue): ConfigProblem[] => {
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((unknownKey) => unknownKeyProblem([...issue.path, unknownKey], schema, input));
    }
    if (issue.code === "invalid_key") {
      return [badNameProblem(issue.path, schema)];
    }
    const schemas = schemasAt(schema, issue.path);
    const found = valueAt(input, issue.path);
    const meant = meantBy(issue, found);
    return [
      {
        path: issue.path,
        found,
        allowed: allowedBy(issue, schemas) + textForStructure(found),
        fix: setting(issue.path, meant ?? exampleOf(schemas, issue.path.at(-1)), found),
      },
    ];
  });
}

/** What was probably meant, where the check can say so. */
function meantBy(issue: z.core.$ZodIssue, found: unknown): string | undefined {
  if (issue.code === "invalid_value" && typeof found === "string") {
    return nearestOf(found, issue.values.map(String));
  }
  return refusalOf(issue)?.suggestion;
}

function allowedBy(issue: z.core.$ZodIssue, schemas: readonly z.core.$ZodType[]): string {
  const described = allowedOf(schemas);
  const refusal = refusalOf(issue);
  if (refusal !== undefined && described !== undefined) return `${described}; this one ${refusal.reason}`;
  if (described !== undefined) return described;
  return issue.code === "invalid_type" && issue.message.startsWith("Invalid input")
    ? kindOf(schemas)
    : issue.message.replace(/^allowed (is|are) /, "");
}

/** The CLI stores what looks like a map or a list as text, which is read when it is JSON. */
function textForStructure(found: unknown): string {
  return typeof found === "string" && /^\s*[{[]/.test(found) && structureOf(found) === undefined
    ? "; this one is text that is not JSON"
    : "";
}

function refusalOf(issue: z.core.$ZodIssue): Refusal | undefined {
  return issue.code === "custom" ? (issue.params?.refusal as Refusal | undefined) : undefined;
}

function badNameProblem(path: readonly PropertyKey[], schema: z.core.$ZodType): ConfigProblem {
  const names = schemasAt(schema, path.slice(0, -1))
    .flatMap(variants)
    .flatMap((record) => (record instanceof z.ZodRecord ? [record.keyType] : []));
  return {
    path,
    found: path.at(-1),
    allowed: allowedOf(names) ?? "another name",
    fix: removeCommand(path),
  };
}

function unknownKeyProblem(
  path: readonly PropertyKey[],
  schema: z.core.$ZodType,
  input: unknown,
): ConfigProblem {
  const name = String(path.at(-1));
  const known = keysAt(schema, path.slice(0, -1));
  const nearest = known.length > 0 && !known.includes(name) ? closest(name, known) : undefined;
  const found = valueAt(input, path);
  const structure = typeof found === "string" ? (structureOf(found) ?? found) : found;
  const shown = maskValue(structure, name);
  const advice = known.includes(name)
    ? "not together with the other keys here. "
    : `no such key; did you mean ${nearest}? `;
  return {
    path,
    found: new Shown(shown),
    allowed: `${known.length > 0 ? advice : ""}Known keys: ${known.join(", ")}`,
    fix: nearest === undefined ? removeCommand(path) : rename(path, nearest, { structure, shown }),
  };
}

function rename(
  path: readonly PropertyKey[],
  name: string,
  { structure, shown }: { structure: unknown; shown: unknown },
): string {
  if (typeof structure === "object") return renaming(path, name);
  const value = isDeepStrictEqual(shown, structure) ? String(structure) : "VALUE";
  return `${removeCommand(path)} && ${setCommand([...path.slice(0, -1), name], value)}`;
}

/** A fix for a key below one that is stored as JSON text: neither `set` nor `rm` reaches it. Pulumi passes all top-level values as text. */
export function withinReach(problem: ConfigProblem, input: unknown): ConfigProblem {
  const texts = problem.path.map((_, index) => problem.path.slice(0, index));
  const text = texts.find((path) => path.length > 1 && isStructureText(valueAt(input, path)));
  return text === undefined
    ? problem
    : { ...problem, fix: `${textEdit(text)}: the CLI stored it as JSON text` };
}

function isStructureText(value: unknown): boolean {
  return typeof value === "string" && structureOf(value) !== undefined;
}

function allowedOf(schemas: readonly z.core.$ZodType[]): string | undefined {
  const allowed = metaOf(schemas)?.allowed;
  return allowed === undefined ? undefined : String(allowed);
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, part) => {
    const container = typeof value === "string" ? parseJson(value) : value;
    return typeof container === "object" && container !== null ? Reflect.get(container, part) : undefined;
  }, input);
}
