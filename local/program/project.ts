import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { ProgramError } from "./error.ts";
import { parseYaml } from "./yaml.ts";

const projectSchema = z.looseObject({
  name: z.string(),
  main: z.string().default("index.ts"),
  runtime: z.union([z.literal("nodejs"), z.looseObject({ name: z.literal("nodejs") })]),
});

const stackSchema = z.looseObject({ config: z.record(z.string(), z.unknown()).default({}) });

/** Name and main file of the Pulumi project in `directory`. Throws {@link ProgramError}. */
export async function readProject(directory: string): Promise<{ name: string; main: string }> {
  const file = join(directory, "Pulumi.yaml");
  const result = projectSchema.safeParse(await readYaml(file, "Pulumi project"));
  if (!result.success) {
    throw new ProgramError(`${file} is no Pulumi project for Node.js: ${z.prettifyError(result.error)}`);
  }
  return result.data;
}

/**
 * A stack's config as Pulumi hands it to a program: text by `namespace:key`, structured values as JSON text.
 * Keys that are not needed are left out; they may be secrets.
 *
 * @throws {ProgramError} for a file that cannot be read, is no YAML or no stack's config, or holds secrets that are needed
 */
export async function readStackConfig(
  directory: string,
  project: string,
  stack: string,
  overrides: Readonly<Record<string, unknown>>,
  isNeeded: (key: string) => boolean = () => true,
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
  const values = Object.entries({ ...result.data.config, ...overrides })
    .map(([key, value]) => [key.includes(":") ? key : `${project}:${key}`, value] as const)
    .filter(([key]) => isNeeded(key));
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
