import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { isObject } from "../../lib/json.ts";
import { parseYaml } from "../../local/program/project.ts";

/** What replaces the secrets of a stack's file. */
export interface Placeholders {
  /** Whole entries of the config, `namespace:key` -> value. */
  readonly overrides: Readonly<Record<string, unknown>>;
  /** Paths of the secrets, as `stormwire:subscriptions.me.sms`. */
  readonly replaced: readonly string[];
}

const PLACEHOLDER = "placeholder";

/** Valid values by the name of the property; `count` makes them differ. */
const BY_NAME: Readonly<Record<string, (count: number) => string>> = {
  // Numbers from +1 202 555 0100 to 0199 are reserved for fiction: https://www.nanpa.com/numbering/555-line-numbers
  sms: (count) => `+120255501${String(count % 100).padStart(2, "0")}`,
  email: (count) => `person-${count}@example.org`,
  opsEmail: () => "ops@example.org",
  // Telegram accepts the fewest forms of all formats, so that this URL suits each of them.
  url: (count) => `https://api.telegram.org/bot${count}/sendMessage`,
  secret: () => "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
  chatId: () => "@weather",
};

/**
 * Placeholders for the secrets that only Pulumi can decrypt. Empty for a file that cannot be read, which is an error when
 * the stack is loaded.
 *
 * @throws {ProgramError} for a stack file that is not YAML
 */
export async function placeholdersForSecrets(directory: string, stack: string): Promise<Placeholders> {
  const config = await readConfig(directory, stack);
  const replaced: string[] = [];
  const overrides = Object.entries(config).flatMap(([key, value]) => {
    const before = replaced.length;
    const plain = withoutSecrets(value, [key], replaced);
    return replaced.length > before ? [[key, plain] as const] : [];
  });
  return { overrides: Object.fromEntries(overrides), replaced };
}

/**
 * Config that a bill or a list of permissions can do with: placeholders for secrets, and for an API key that is needed and
 * not set.
 *
 * @throws {ProgramError} for a stack file that is not YAML
 */
export async function placeholdersFor(
  directory: string,
  project: string,
  stack: string,
): Promise<Placeholders["overrides"]> {
  const config = await readConfig(directory, stack);
  const { overrides } = await placeholdersForSecrets(directory, stack);
  const apiKey = `${project}:apiKey`;
  const source = config[`${project}:source`];
  const needsKey = !(isObject(source) && source.provider === "open-meteo") && !(apiKey in config);
  return { ...overrides, ...(needsKey && { [apiKey]: PLACEHOLDER }) };
}

async function readConfig(directory: string, stack: string): Promise<Record<string, unknown>> {
  const file = join(directory, `Pulumi.${stack}.yaml`);
  const text = await readFile(file, "utf8").catch(() => "");
  const content: unknown = parseYaml(text, file);
  return isObject(content) && isObject(content.config) ? content.config : {};
}

/** The value with placeholders; the path of each secret is added to `replaced`. */
function withoutSecrets(value: unknown, path: readonly string[], replaced: string[]): unknown {
  if (Array.isArray(value)) {
    return value.map((item, index) => withoutSecrets(item, [...path, String(index)], replaced));
  }
  if (!isObject(value)) return value;
  if ("secure" in value) {
    replaced.push(pathText(path));
    return BY_NAME[propertyOf(path)]?.(replaced.length) ?? PLACEHOLDER;
  }
  return Object.fromEntries(
    Object.entries(value).map(([name, item]) => [name, withoutSecrets(item, [...path, name], replaced)]),
  );
}

/** As `pulumi config set --path` takes it. */
function pathText([key = "", ...names]: readonly string[]): string {
  return names.reduce((text, name) => text + (/^\d+$/.test(name) ? `[${name}]` : `.${name}`), key);
}

/** Name of the property that holds the secret; items of a list have that of the list. */
function propertyOf(path: readonly string[]): string {
  const name = path.findLast((part) => !/^\d+$/.test(part)) ?? "";
  return name.split(":").at(-1) ?? name;
}
