import { removeCommand, setCommand } from "../commands.ts";
import { LIMITS } from "../limits.ts";
import { Shown } from "../mask.ts";
import type { ConfigProblem } from "../problem.ts";
import type { StormwireConfig } from "../schema.ts";

type Webhook = StormwireConfig["webhooks"][string];

/** https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#signature-scheme */
const KEY_BYTES = { min: 24, max: 64 };

const EXAMPLE_URLS = {
  json: "https://hooks.example.org/weather",
  slack: "https://hooks.slack.com/services/T000/B000/XXXX",
  telegram: "https://api.telegram.org/botTOKEN/sendMessage",
} as const satisfies Record<Webhook["format"], string>;

/** Checks the keys of a webhook against each other. */
export function checkWebhooks({ webhooks }: StormwireConfig): ConfigProblem[] {
  return Object.entries(webhooks).flatMap(([name, webhook]) => [
    ...url(name, webhook),
    ...belongs(name, webhook, "secret", "json", "whsec_KEY"),
    ...belongs(name, webhook, "chatId", "telegram", "@weather"),
    ...key(name, webhook),
  ]);
}

/** Value of the SSM parameter with the secrets of a webhook, which only its function can read. */
export function parameterOf({ url, secret, chatId }: Pick<Webhook, "url" | "secret" | "chatId">): string {
  return JSON.stringify({ url, secret, chatId });
}

function url(name: string, webhook: Webhook): ConfigProblem[] {
  const { url: text, format } = webhook;
  const parsed = new URL(text);
  const isOpen = parsed.protocol === "http:" && !isLoopback(parsed);
  const hasPassword = parsed.username !== "" || parsed.password !== "";
  const bytes = Buffer.byteLength(parameterOf(webhook));
  const isOtherMethod = format === "telegram" && !parsed.pathname.endsWith("/sendMessage");
  const allowed = [
    isOpen &&
      "https, because http exposes the message and the URL in transit; http is allowed to this machine only",
    hasPassword && "a URL without user name and password: they would not be sent",
    bytes > LIMITS.parameter.maximum &&
      `a shorter one: with its names, secret and chatId an SSM parameter of ${LIMITS.parameter.maximum} bytes must hold it, and this makes ${bytes}`,
    isOtherMethod && "the URL of the bot's method sendMessage",
  ].filter((rule) => rule !== false);
  const path = ["webhooks", name, "url"];
  return allowed.map((rule) => ({
    path,
    found: text,
    allowed: rule,
    fix: setCommand(path, EXAMPLE_URLS[format]),
  }));
}

/** RFC 6761 for the name, RFC 5735 and RFC 4291 for the addresses. */
export function isLoopback({ hostname }: URL): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** A key that one format requires and the others do not use. */
function belongs(
  name: string,
  webhook: Webhook,
  property: "secret" | "chatId",
  format: Webhook["format"],
  example: string,
): ConfigProblem[] {
  const path = ["webhooks", name, property];
  const found = webhook[property];
  const isNeeded = webhook.format === format;
  if (isNeeded === (found !== undefined)) return [];
  return [
    isNeeded
      ? {
          path,
          found,
          allowed: `a value, which the format ${format} needs`,
          fix: setCommand(path, example),
        }
      : {
          path,
          found,
          allowed: `nothing: of the formats only ${format} uses it, and this is ${webhook.format}`,
          fix: removeCommand(path),
        },
  ];
}

/** Base64 that is only partly valid would sign with a key that no receiver has. */
function key(name: string, { secret }: Webhook): ConfigProblem[] {
  if (secret === undefined) return [];
  const base64 = secret.slice("whsec_".length);
  const bytes = Buffer.from(base64, "base64");
  const isWhole = bytes.toString("base64") === base64;
  if (isWhole && bytes.length >= KEY_BYTES.min && bytes.length <= KEY_BYTES.max) return [];
  const path = ["webhooks", name, "secret"];
  return [
    {
      path,
      found: new Shown(isWhole ? `a key of ${bytes.length} bytes` : "a key that is not whole base64"),
      allowed: `whsec_ and ${KEY_BYTES.min} to ${KEY_BYTES.max} random bytes in base64, padded with =`,
      fix: setCommand(path, "whsec_KEY"),
    },
  ];
}
