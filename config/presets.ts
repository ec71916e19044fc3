import { readdirSync, readFileSync } from "node:fs";
import { basename, join, relative } from "node:path";
import { fileURLToPath } from "node:url";
import { parse, YAMLParseError } from "yaml";
import { z } from "zod";
import { compileRules, type Rule, RuleError, ruleSchema } from "../handlers/weather/rules/rules.ts";
import { UserError } from "../lib/user-error.ts";
import { Shown } from "./mask.ts";
import { problemsOf } from "./schema-problems.ts";

/** Read when a stack is deployed; functions get the rules as config, never the files. */
const PRESETS_DIRECTORY = fileURLToPath(new URL("presets", import.meta.url));
const PROJECT_DIRECTORY = fileURLToPath(new URL("..", import.meta.url));

const presetSchema = z.array(ruleSchema).min(1, "allowed is a list of rules, one or more");

/** Thrown when the file of a preset cannot be read or is not a list of rules. The message names file, field, value and what is allowed. */
export class PresetError extends UserError {
  override readonly name = "PresetError";
  /** From the project's folder. */
  readonly file: string;

  constructor(file: string, problem: string, options?: ErrorOptions) {
    const path = relative(PROJECT_DIRECTORY, file);
    super(`${path}: ${problem}`, options);
    this.file = path;
  }
}

/** Names that `preset:` takes: the files of the folder. */
export function presetNames(directory = PRESETS_DIRECTORY): string[] {
  return readdirSync(directory)
    .filter((file) => file.endsWith(".yaml"))
    .map((file) => basename(file, ".yaml"))
    .sort();
}

/** The rules of a preset. Throws {@link PresetError}. */
export function readPreset(name: string, directory = PRESETS_DIRECTORY): readonly Rule[] {
  const file = join(directory, `${name}.yaml`);
  const content = parseYaml(file);
  const result = presetSchema.safeParse(content);
  if (!result.success) {
    throw new PresetError(file, describe(result.error, content));
  }
  try {
    compileRules(result.data);
  } catch (cause) {
    throw cause instanceof RuleError ? new PresetError(file, cause.message, { cause }) : cause;
  }
  return result.data;
}

function parseYaml(file: string): unknown {
  try {
    return parse(readFileSync(file, "utf8"));
  } catch (cause) {
    const problem = cause instanceof YAMLParseError ? cause.message : `cannot be read (${String(cause)})`;
    throw new PresetError(file, problem, { cause });
  }
}

function describe(error: z.ZodError, content: unknown): string {
  return problemsOf(error, presetSchema, content)
    .map(({ path, found, allowed }) => {
      const raw = found instanceof Shown ? found.value : found;
      const value = raw === undefined ? "nothing" : JSON.stringify(raw);
      return `${positionOf(path)} is ${value}; allowed: ${allowed}`;
    })
    .join("; ");
}

/** `rule 2, levels.orange`: counted from 1, as one reads the file. */
function positionOf([index, ...rest]: readonly PropertyKey[]): string {
  if (typeof index !== "number") {
    return "the file";
  }
  const field = rest.map((part) => (typeof part === "number" ? `[${part}]` : `.${String(part)}`)).join("");
  return field === "" ? `rule ${index + 1}` : `rule ${index + 1}, ${field.slice(1)}`;
}
