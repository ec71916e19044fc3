import { readdir, readFile, readlink } from "node:fs/promises";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import type { Graph } from "../../local/graph.ts";

/** One of each kind of secret that a stack's config has; nobody's, and found nowhere else. */
export const PLANTED = {
  apiKey: "planted-api-key-8c1f6b",
  phone: "+5551988887777",
  email: "planted.person@example.org",
  opsEmail: "planted.ops@example.org",
  webhookSecret: "whsec_cGxhbnRlZC1rZXktb2YtYS13ZWJob29rLTAxMjM0NTY3",
  /** Of a webhook's URL. */
  path: "planted-path-4d2e91",
  /** Of Telegram's URL. */
  botToken: "7001:planted-bot-token",
  chatId: "@planted_chat_5f0c",
} as const;

type Secret = keyof typeof PLANTED;

/** Where secrets were found, and which: `outbox.ndjson` -> `["email", "phone"]`. */
export type Findings = Readonly<Record<string, readonly Secret[]>>;

/** The secrets in a text, plain or inside of base64, sorted. */
export function secretsIn(text: string): Secret[] {
  return SECRETS.filter(([, forms]) => forms.some((form) => text.includes(form))).map(([secret]) => secret);
}

const SECRETS = Object.entries(PLANTED)
  .map(([secret, value]) => [secret as Secret, formsOf(value.replace(/^whsec_/, ""))] as const)
  .sort(([a], [b]) => (a < b ? -1 : 1));

/** Base64 looks different at each of three offsets; only the characters that belong to the value alone are kept. */
function formsOf(value: string): string[] {
  const inBase64 = [0, 1, 2].map((offset) => {
    const bytes = Buffer.concat([Buffer.alloc(offset), Buffer.from(value)]);
    return bytes.toString("base64").slice(Math.ceil((offset * 4) / 3), Math.floor((bytes.length * 4) / 3));
  });
  return [value, ...inBase64];
}

/** Which files below a folder hold which secrets; gzip is looked into. */
export async function secretsInFolder(directory: string): Promise<Findings> {
  const entries = await readdir(directory, { recursive: true, withFileTypes: true });
  const found: Record<string, Secret[]> = {};
  for (const entry of entries) {
    const path = join(entry.parentPath, entry.name);
    if (entry.isSymbolicLink()) found[path.slice(directory.length + 1)] = secretsIn(await readlink(path));
    if (!entry.isFile()) continue;
    const bytes = await readFile(path);
    const text = (isGzip(bytes) ? gunzipSync(bytes) : bytes).toString("latin1");
    found[path.slice(directory.length + 1)] = secretsIn(text);
  }
  return whereAny(found);
}

function isGzip(bytes: Buffer): boolean {
  return bytes[0] === 0x1f && bytes[1] === 0x8b;
}

/**
 * Which inputs of a graph hold which secrets, by resource and path: `Parameter api-key value`. Only those that Pulumi
 * encrypts in its state, or only those that it does not.
 */
export function secretsInInputs(graph: Graph, { marked }: { marked: boolean }): Findings {
  const found = graph.resources.flatMap(({ type, name, inputs, secrets }) =>
    leavesOf(inputs).flatMap(([path, text]): [string, Secret[]][] => {
      const isMarked = secrets.some((secret) => path === secret || path.startsWith(`${secret}.`));
      return isMarked === marked ? [[`${type.split(":").at(-1)} ${name} ${path}`, secretsIn(text)]] : [];
    }),
  );
  return whereAny(Object.fromEntries(found));
}

function whereAny(found: Record<string, Secret[]>): Findings {
  return Object.fromEntries(Object.entries(found).filter(([, secrets]) => secrets.length > 0));
}

/** Every value inside of a value, as text, with its path. */
function leavesOf(value: unknown, path: readonly string[] = []): [string, string][] {
  if (typeof value !== "object" || value === null) return [[path.join("."), String(value)]];
  return Object.entries(value).flatMap(([key, item]) => leavesOf(item, [...path, key]));
}
