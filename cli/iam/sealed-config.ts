import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import { parseYaml } from "../../local/program/yaml.ts";

const stackSchema = z.object({ config: z.record(z.string(), z.unknown()).default({}) });
const sourceSchema = z.object({ provider: z.string().optional() });

/** Valid values in place of secrets that only Pulumi can decrypt, by the name of the property. */
const STAND_INS: Readonly<Record<string, string>> = {
  sms: "+12025550100",
  email: "unset@example.org",
  opsEmail: "unset@example.org",
  url: "https://example.org/bot0:unset/sendMessage",
  secret: "whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=",
  chatId: "@unset",
};

/**
 * What replaces config of a stack where its secrets are encrypted or not set yet: none of them changes which resources
 * and roles there are. Empty for a stack file that cannot be read, which whoever loads it will say.
 *
 * @throws {ProgramError} for a stack file that is no YAML
 */
export async function standInsForSecrets(
  directory: string,
  stack: string,
): Promise<Readonly<Record<string, unknown>>> {
  const { config } = await readStack(join(directory, `Pulumi.${stack}.yaml`));
  const source = sourceSchema.safeParse(config["stormwire:source"]);
  const needsKey = source.data?.provider !== "open-meteo";
  const unsealed = Object.entries(config).map(([key, value]) => [key, unseal(value, key.split(":").at(-1))]);
  return { ...(needsKey && { "stormwire:apiKey": "unset" }), ...Object.fromEntries(unsealed) };
}

async function readStack(file: string): Promise<z.infer<typeof stackSchema>> {
  const text = await readFile(file, "utf8").catch(() => "");
  return stackSchema.safeParse(parseYaml(text, file)).data ?? { config: {} };
}

function unseal(value: unknown, name = ""): unknown {
  if (Array.isArray(value)) return value.map((item) => unseal(item, name));
  if (typeof value !== "object" || value === null) return value;
  if ("secure" in value) return STAND_INS[name] ?? "unset";
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, unseal(item, key)]));
}
