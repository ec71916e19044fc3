import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { parse, YAMLParseError } from "yaml";
import { z } from "zod";
import { isObject } from "../../lib/json.ts";
import { UserError } from "../../lib/user-error.ts";

/** Thrown when a Pulumi program cannot be loaded, with the message of the program, e.g. a list of config problems. */
export class ProgramError extends UserError {
  override readonly name = "ProgramError";
}

const projectSchema = z.looseObject({
  name: z.string(),
  main: z.string().optional(),
  runtime: z.union([
    z.literal("nodejs"),
    z.looseObject({
      name: z.literal("nodejs"),
      options: z.looseObject({ typescript: z.boolean().optional() }).optional(),
    }),
  ]),
  config: z.record(z.string(), z.unknown()).optional(),
});

const stackSchema = z.looseObject({ config: z.record(z.string(), z.unknown()).default({}) });

export interface Project {
  readonly name: string;
  /** File that Pulumi runs by default. */
  readonly main: string;
  /** The file or folder that Pulumi.yaml names as the program. */
  readonly namedMain?: string;
  /** False when Node.js runs the TypeScript without a transpiler. */
  readonly transpile: boolean;
  /** Default config of every stack. */
  readonly defaults: Readonly<Record<string, unknown>>;
}

/** Reads Pulumi.yaml of the project in `directory`. Throws {@link ProgramError}. */
export async function readProject(directory: string): Promise<Project> {
  const file = join(directory, "Pulumi.yaml");
  const result = projectSchema.safeParse(await readYaml(file, "the Pulumi project does not exist"));
  if (!result.success) {
    throw new ProgramError(`${file} is not a Pulumi project for Node.js: ${z.prettifyError(result.error)}`);
  }
  const { name, main, runtime, config = {} } = result.data;
  return {
    name,
    main: main ?? "index.ts",
    ...(main !== undefined && { namedMain: main }),
    transpile: runtime === "nodejs" || runtime.options?.typescript !== false,
    defaults: defaultsOf(config),
  };
}

/** Project config is a value, or an object with a value: https://www.pulumi.com/docs/iac/concepts/config/#project-level-configuration */
function defaultsOf(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config).flatMap(([key, declared]) => {
      const value = isObject(declared) ? (declared.value ?? declared.default) : declared;
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

/** Whether the stack has a config file. */
export async function hasStack(directory: string, stack: string): Promise<boolean> {
  return (await stacksOf(directory)).includes(stack);
}

/** The config of a stack without a config file. */
export function configWithoutFile(
  project: string,
  values: Readonly<Record<string, unknown>>,
): { config: Record<string, string>; secretKeys: string[] } {
  return { config: asConfig(project, values), secretKeys: [] };
}

function asConfig(project: string, values: Readonly<Record<string, unknown>>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(values).map(([key, value]) => [
      key.includes(":") ? key : `${project}:${key}`,
      asText(value),
    ]),
  );
}

/**
 * The config of a stack as Pulumi passes it to a program: text by `namespace:key`, structured values as JSON text.
 *
 * @throws {ProgramError} for a file that cannot be read, is not YAML or not a stack's config, or contains secrets
 */
export async function readStackConfig(
  directory: string,
  project: string,
  stack: string,
  overrides: Readonly<Record<string, unknown>>,
): Promise<{ config: Record<string, string>; secretKeys: string[] }> {
  const file = join(directory, `Pulumi.${stack}.yaml`);
  const content = await readYaml(
    file,
    `stack "${stack}" does not exist (existing stacks: ${(await stacksOf(directory)).join(", ")})`,
  );
  const result = stackSchema.safeParse(content ?? {});
  if (!result.success) {
    throw new ProgramError(`${file} is not a stack config: ${z.prettifyError(result.error)}`);
  }
  const values = Object.entries({ ...result.data.config, ...overrides }).map(
    ([key, value]) => [key.includes(":") ? key : `${project}:${key}`, value] as const,
  );
  const encrypted = values.flatMap(([key, value]) => (hasSecureValue(value) ? [key] : []));
  if (encrypted.length > 0) {
    throw new ProgramError(
      `${file} contains secrets that only Pulumi can decrypt: ${encrypted.join(", ")}. Use a stack without secrets, such as "local"`,
    );
  }
  return {
    config: Object.fromEntries(values.map(([key, value]) => [key, asText(value)])),
    secretKeys: [],
  };
}

/** @throws {ProgramError} for config without the region that the provider needs. */
export function requireRegion(config: Readonly<Record<string, string>>, stack: string): string {
  const region = config["aws:region"];
  if (region !== undefined) return region;
  throw new ProgramError(
    `Stack "${stack}" has no region: pulumi config set --stack ${stack} aws:region -- us-east-1`,
  );
}

async function readYaml(file: string, problem: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    throw new ProgramError(`${file} cannot be read: ${problem}`, { cause });
  }
  return parseYaml(text, file);
}

async function stacksOf(directory: string): Promise<string[]> {
  const files = await readdir(directory).catch(() => []);
  return files.flatMap((name) => /^Pulumi\.(.+)\.yaml$/.exec(name)?.[1] ?? []);
}

function hasSecureValue(value: unknown): boolean {
  if (typeof value !== "object" || value === null) {
    return false;
  }
  return "secure" in value || Object.values(value).some(hasSecureValue);
}

function asText(value: unknown): string {
  return typeof value === "string" ? value : JSON.stringify(value);
}

/**
 * Parses YAML.
 *
 * @param file the name of the file in errors
 * @throws {ProgramError} naming file, line, column and problem, but no text of the file, which may be a secret
 */
export function parseYaml(text: string, file: string): unknown {
  try {
    return parse(text);
  } catch (cause) {
    if (cause instanceof YAMLParseError) {
      const [start] = cause.linePos ?? [];
      const position = start === undefined ? file : `${file}, line ${start.line}, column ${start.col}`;
      throw new ProgramError(`${position}: this is not YAML. ${problemOf(cause)}`, { cause });
    }
    // An alias without an anchor, or too many aliases. This error has no line.
    if (cause instanceof ReferenceError) {
      throw new ProgramError(`${file}: this is not YAML. ${cause.message}`, { cause });
    }
    throw cause;
  }
}

/** The first line of the message describes the problem; lines of the file follow it. */
function problemOf({ message }: YAMLParseError): string {
  return message.split(/ at line \d+, column \d+|\n/)[0] ?? message;
}
