import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { isObject } from "../../lib/json.ts";
import { ProgramError } from "./error.ts";
import { parseYaml } from "./yaml.ts";

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
  /** File that Pulumi runs when nothing names another. */
  readonly main: string;
  /** What Pulumi.yaml names as the program: a file or a folder. */
  readonly namedMain?: string;
  /** False when Node.js runs the TypeScript as it is. */
  readonly transpile: boolean;
  /** Config that every stack has unless its own file says otherwise. */
  readonly defaults: Readonly<Record<string, unknown>>;
}

/** What Pulumi.yaml of the project in `directory` says. Throws {@link ProgramError}. */
export async function readProject(directory: string): Promise<Project> {
  const file = join(directory, "Pulumi.yaml");
  const result = projectSchema.safeParse(await readYaml(file, "Pulumi project"));
  if (!result.success) {
    throw new ProgramError(`${file} is no Pulumi project for Node.js: ${z.prettifyError(result.error)}`);
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

/** Project config is a value, or an object with one: https://www.pulumi.com/docs/iac/concepts/config/#project-level-configuration */
function defaultsOf(config: Readonly<Record<string, unknown>>): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries(config).flatMap(([key, declared]) => {
      const value = isObject(declared) ? (declared.value ?? declared.default) : declared;
      return value === undefined ? [] : [[key, value]];
    }),
  );
}

/** Whether there is a config file of the stack. */
export async function hasStack(directory: string, stack: string): Promise<boolean> {
  return (await stacksOf(directory)).includes(stack);
}

/** Config of a stack without a file of its own. */
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
 * A stack's config as Pulumi hands it to a program: text by `namespace:key`, structured values as JSON text.
 *
 * @throws {ProgramError} for a file that cannot be read, is no YAML or no stack's config, or holds secrets
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
    `stack "${stack}" (there are: ${(await stacksOf(directory)).join(", ")})`,
  );
  const result = stackSchema.safeParse(content ?? {});
  if (!result.success) {
    throw new ProgramError(`${file} is no stack config: ${z.prettifyError(result.error)}`);
  }
  const values = Object.entries({ ...result.data.config, ...overrides }).map(
    ([key, value]) => [key.includes(":") ? key : `${project}:${key}`, value] as const,
  );
  const encrypted = values.flatMap(([key, value]) => (hasSecureValue(value) ? [key] : []));
  if (encrypted.length > 0) {
    throw new ProgramError(
      `${file} holds secrets that only Pulumi can decrypt: ${encrypted.join(", ")}. Use a stack without, such as "local"`,
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
    `Stack "${stack}" does not say in which region it is: pulumi config set --stack ${stack} aws:region -- us-east-1`,
  );
}

async function readYaml(file: string, what: string): Promise<unknown> {
  let text: string;
  try {
    text = await readFile(file, "utf8");
  } catch (cause) {
    throw new ProgramError(`${file} cannot be read: there is no ${what}`, { cause });
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
