import { isDeepStrictEqual } from "node:util";
import { closest } from "fastest-levenshtein";
import { z } from "zod";
import { fittingIssues, inner, keysAt, schemasAt, variants } from "./config-schema-walk.ts";
import { confidentialKey, maskText, maskValue, Shown, structureOf } from "./mask.ts";

/** One thing wrong with a stack's config. */
export interface ConfigProblem {
  /** Key path below `stormwire:`, e.g. `["subscriptions", "duty-officer", "sms"]`. */
  readonly path: readonly PropertyKey[];
  /** Masked when the error is made; a `Shown` is printed as it stands. */
  readonly found: unknown;
  readonly allowed: string;
  /** The command that mends it, to be typed as it stands once the value is chosen. */
  readonly fix: string;
}

/**
 * Thrown before any resource is declared when the stack's config has problems; the message lists them all. It ends in
 * logs: neither the message nor `problems` holds a phone number, a mailbox, a URL or a secret.
 */
export class ConfigError extends Error {
  readonly problems: readonly ConfigProblem[];

  constructor(stack: string, problems: readonly ConfigProblem[]) {
    const count = problems.length === 1 ? "1 problem" : `${problems.length} problems`;
    const masked = problems.map(withoutSecrets);
    super([`The config of stack "${stack}" has ${count}:`, ...masked.map(paragraph)].join("\n\n"));
    this.name = "ConfigError";
    this.problems = masked;
  }
}

function withoutSecrets({ path, found, allowed, fix }: ConfigProblem): ConfigProblem {
  return {
    path: path.map((part) => (typeof part === "string" ? maskText(part) : part)),
    found: maskValue(found, confidentialKey(path)),
    allowed,
    fix,
  };
}

function paragraph(problem: ConfigProblem): string {
  return [
    `  ${keyPath(problem.path)}`,
    `    found    ${problem.found === undefined ? "nothing" : JSON.stringify(problem.found)}`,
    `    allowed  ${problem.allowed}`,
    `    fix      ${problem.fix}`,
  ].join("\n");
}

/** `stormwire:subscriptions.duty-officer.sms`, as `pulumi config set --path` takes it. */
export function keyPath(path: readonly PropertyKey[]): string {
  const [first, ...rest] = path;
  return rest.reduce<string>(
    (text, part) => (typeof part === "number" ? `${text}[${part}]` : `${text}.${maskText(String(part))}`),
    `stormwire:${maskText(String(first))}`,
  );
}

/** The `pulumi config set` line for a key path. Endpoints and keys are set as secrets. */
export function setCommand(path: readonly PropertyKey[], value: unknown): string {
  const isSecret = confidentialKey(path) !== undefined;
  const flags = [path.length > 1 ? ["--path"] : [], isSecret ? ["--secret"] : []].flat();
  return ["pulumi config set", ...flags, quote(keyPath(path)), quote(asText(value))].join(" ");
}

/** The `pulumi config rm` line for a key path. */
export function removeCommand(path: readonly PropertyKey[]): string {
  return ["pulumi config rm", ...(path.length > 1 ? ["--path"] : []), quote(keyPath(path))].join(" ");
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

function quote(text: string): string {
  return /^[\w:.@+/-]+$/.test(text) ? text : `'${text.replaceAll("'", `'\\''`)}'`;
}

/** Turns zod's issues into problems that carry the value found, what is allowed and the command. */
export function problemsOf(error: z.ZodError, schema: z.core.$ZodType, input: unknown): ConfigProblem[] {
  return error.issues.flatMap(fittingIssues).flatMap((issue): ConfigProblem[] => {
    if (issue.code === "unrecognized_keys") {
      return issue.keys.map((unknownKey) => unknownKeyProblem([...issue.path, unknownKey], schema, input));
    }
    if (issue.code === "invalid_key") {
      return [badNameProblem(issue.path, schema)];
    }
    const { allowed, example } = descriptionOf(schemasAt(schema, issue.path));
    return [
      {
        path: issue.path,
        found: valueAt(input, issue.path),
        allowed: allowed ?? issue.message.replace(/^allowed (is|are) /, ""),
        fix: setCommand(issue.path, example ?? "VALUE"),
      },
    ];
  });
}

function badNameProblem(path: readonly PropertyKey[], schema: z.core.$ZodType): ConfigProblem {
  const names = schemasAt(schema, path.slice(0, -1))
    .flatMap(variants)
    .flatMap((record) => (record instanceof z.ZodRecord ? [record.keyType] : []));
  return {
    path,
    found: path.at(-1),
    allowed: descriptionOf(names).allowed ?? "another name",
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
  const value = isDeepStrictEqual(shown, structure) ? found : undefined;
  const rename =
    nearest && `${removeCommand(path)} && ${setCommand([...path.slice(0, -1), nearest], value ?? "VALUE")}`;
  const advice = known.includes(name)
    ? "not together with the other keys here. "
    : `no such key; did you mean ${nearest}? `;
  return {
    path,
    found: new Shown(shown),
    allowed: `${known.length > 0 ? advice : ""}Known keys: ${known.join(", ")}`,
    fix: rename ?? removeCommand(path),
  };
}

function descriptionOf(schemas: readonly z.core.$ZodType[]): { allowed?: string; example?: unknown } {
  for (const schema of schemas) {
    for (let current: z.core.$ZodType | undefined = schema; current !== undefined; current = inner(current)) {
      const meta = z.globalRegistry.get(current);
      if (meta?.allowed !== undefined) {
        return { allowed: String(meta.allowed), example: meta.example };
      }
    }
  }
  return {};
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>((value, part) => {
    const container = typeof value === "string" ? parsed(value) : value;
    return typeof container === "object" && container !== null ? Reflect.get(container, part) : undefined;
  }, input);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) {
      return text;
    }
    throw error;
  }
}
