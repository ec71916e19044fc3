import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { parseYaml } from "../../local/program/yaml.ts";

/** A bill needs no secret, only that there is one: values of the right form in place of those that Pulumi encrypted. */
const BY_KEY: Readonly<Record<string, (index: number) => string>> = {
  sms: (index) => `+1555${String(index).padStart(7, "0")}`,
  email: (index) => `person-${index}@example.org`,
  opsEmail: () => "ops@example.org",
  // Telegram's is the narrowest of those that config takes; no other format refuses it.
  url: (index) => `https://api.telegram.org/bot${index}/sendMessage`,
  secret: () => "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
  chatId: () => "@weather",
};

/** Config by key that replaces what of a stack's file is secret, and the API key that no file needs to have. Throws ProgramError for one that is no YAML. */
export async function standInsFor(
  directory: string,
  project: string,
  stack: string,
): Promise<Record<string, unknown>> {
  const config = await readConfig(join(directory, `Pulumi.${stack}.yaml`));
  let count = 0;
  const standIn = (key: string): string => {
    count += 1;
    return BY_KEY[key]?.(count) ?? "stand-in";
  };
  const replaced = Object.entries(config).flatMap(([key, value]) =>
    hasSecret(value) ? [[key, withoutSecrets(value, key.split(":").at(-1) ?? key, standIn)] as const] : [],
  );
  const apiKey = `${project}:apiKey`;
  const source = config[`${project}:source`];
  const needsKey = !(isObject(source) && source.provider === "open-meteo") && !(apiKey in config);
  return Object.fromEntries([...replaced, ...(needsKey ? [[apiKey, "stand-in"] as const] : [])]);
}

/** Nothing for a file that is not there or has no objects: loading the program then says so. */
async function readConfig(file: string): Promise<Record<string, unknown>> {
  const text = await readFile(file, "utf8").catch(() => "");
  const content: unknown = parseYaml(text, file);
  return isObject(content) && isObject(content.config) ? content.config : {};
}

function withoutSecrets(value: unknown, key: string, standIn: (key: string) => string): unknown {
  if (Array.isArray(value)) return value.map((item) => withoutSecrets(item, key, standIn));
  if (!isObject(value)) return value;
  if ("secure" in value) return standIn(key);
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, withoutSecrets(item, name, standIn)]),
  );
}

function hasSecret(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  return "secure" in value || Object.values(value).some(hasSecret);
}

function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
