import { closest } from "fastest-levenshtein";
import { counted } from "../lib/counted.ts";
import { UserError } from "../lib/user-error.ts";
import { keyPath, removeCommand, setCommand } from "./commands.ts";
import { confidentialKey, maskText, maskValue } from "./mask.ts";

/** One problem of a stack's config. */
export interface ConfigProblem {
  /** Key path below `stormwire:`, e.g. `["subscriptions", "duty-officer", "sms"]`. */
  readonly path: readonly PropertyKey[];
  /** Masked by {@link ConfigError}, unless it is a `Shown`. */
  readonly found: unknown;
  readonly allowed: string;
  /** The command that corrects it, or YAML or an edit where no command can. */
  readonly fix: string;
}

/**
 * Thrown before any resource is declared when the stack's config has problems. The message lists all of them. It is
 * logged, so neither the message nor `problems` contains a phone number, a mailbox, a URL or a secret.
 */
export class ConfigError extends UserError {
  override readonly name = "ConfigError";
  readonly problems: readonly ConfigProblem[];

  constructor(stack: string, problems: readonly ConfigProblem[]) {
    const count = counted(problems.length, "problem");
    const masked = problems.map(withoutSecrets);
    super([`The config of stack "${stack}" has ${count}:`, ...masked.map(paragraph)].join("\n\n"));
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
    `    fix      ${problem.fix.replaceAll("\n", `\n${" ".repeat(13)}`)}`,
  ].join("\n");
}

/**
 * A name that refers to nothing.
 *
 * @param kind of names that are known, e.g. "locations"
 * @param meant the current name, where `found` is a former one. Defaults to the nearest known name.
 */
export function unknownName(
  path: readonly PropertyKey[],
  found: string,
  kind: string,
  known: readonly string[],
  meant = known.length > 0 ? closest(found, known) : undefined,
): ConfigProblem {
  const hint = meant === undefined ? "" : `did you mean ${meant}? `;
  return {
    path,
    found,
    allowed: `${hint}Known ${kind}: ${known.join(", ") || "(none)"}`,
    fix: meant === undefined ? removeCommand(path) : setCommand(path, meant),
  };
}
