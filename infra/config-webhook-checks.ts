import type { ConfigProblem } from "./config-problems.ts";
import { removeCommand, SECRET_VALUE, setCommand } from "./config-problems.ts";
import type { StormwireConfig } from "./config-schema.ts";

type Webhook = StormwireConfig["webhooks"][string];

/** An SSM parameter of the standard tier holds 4 KB; the rest is for key and chat. */
const MAX_URL_CHARACTERS = 2000;

/** A key of Standard Webhooks. https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#signature-scheme */
const KEY_BYTES = { min: 24, max: 64 };

const EXAMPLES = {
  json: "https://hooks.example.org/weather",
  slack: "https://hooks.slack.com/services/T000/B000/XXXX",
  telegram: "https://api.telegram.org/botTOKEN/sendMessage",
} as const satisfies Record<Webhook["format"], string>;

/** What a webhook's keys cannot say alone. No problem shows a URL, a key or a chat. */
export function webhookChecks({ webhooks, subscriptions }: StormwireConfig): ConfigProblem[] {
  return Object.entries(webhooks).flatMap(([name, webhook]) => [
    ...named(name, subscriptions),
    ...url(name, webhook),
    ...belongs(name, webhook, "secret", "json", "whsec_KEY"),
    ...belongs(name, webhook, "chatId", "telegram", "@weather"),
    ...key(name, webhook),
  ]);
}

/** A message's audience is names of both. */
function named(name: string, subscriptions: StormwireConfig["subscriptions"]): ConfigProblem[] {
  return Object.hasOwn(subscriptions, name)
    ? [
        {
          path: ["webhooks", name],
          found: `the name ${name}, which a subscription has, too`,
          allowed: "a name that no subscription has: messages are addressed by it",
          fix: removeCommand(["webhooks", name]),
        },
      ]
    : [];
}

function url(name: string, { url: text, format }: Webhook): ConfigProblem[] {
  const parsed = new URL(text);
  const problem = (found: string, allowed: string): ConfigProblem => {
    const path = ["webhooks", name, "url"];
    return { path, found, allowed, fix: setCommand(path, EXAMPLES[format]) };
  };
  return [
    ...(parsed.protocol === "http:" && !isLoopback(parsed)
      ? [
          problem(
            `a http URL at ${parsed.host}`,
            "https, for the message and the URL itself would be open to all on the way; http to this machine only",
          ),
        ]
      : []),
    ...(parsed.username !== "" || parsed.password !== ""
      ? [problem(`a URL at ${parsed.host} with a user name or password in it`, "a URL without them")]
      : []),
    ...(text.length > MAX_URL_CHARACTERS
      ? [problem(`a URL of ${text.length} characters`, `${MAX_URL_CHARACTERS} characters at most`)]
      : []),
    ...(format === "telegram" && !parsed.pathname.endsWith("/sendMessage")
      ? [problem(`a URL at ${parsed.host} of another method`, "the URL of the bot's method sendMessage")]
      : []),
  ];
}

/** RFC 6761 for the name, RFC 5735 and RFC 4291 for the addresses. */
export function isLoopback({ hostname }: URL): boolean {
  return hostname === "localhost" || hostname === "[::1]" || /^127(\.\d{1,3}){3}$/.test(hostname);
}

/** A key that one format needs and the others have no use for. */
function belongs(
  name: string,
  webhook: Webhook,
  property: "secret" | "chatId",
  format: Webhook["format"],
  example: string,
): ConfigProblem[] {
  const isNeeded = webhook.format === format;
  const isThere = webhook[property] !== undefined;
  if (isNeeded === isThere) return [];
  const path = ["webhooks", name, property];
  return isNeeded
    ? [
        {
          path,
          found: undefined,
          allowed: `a value, which the format ${format} needs`,
          fix: setCommand(path, example),
        },
      ]
    : [
        {
          path,
          found: SECRET_VALUE,
          allowed: `nothing: of the formats only ${format} uses it, and this is ${webhook.format}`,
          fix: removeCommand(path),
        },
      ];
}

/** Base64 that decodes in part only would sign with a key that no receiver has. */
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
      found: isWhole ? `a key of ${bytes.length} bytes` : "a key that is not whole base64",
      allowed: `whsec_ and ${KEY_BYTES.min} to ${KEY_BYTES.max} random bytes in base64, padded with =`,
      fix: setCommand(path, "whsec_KEY"),
    },
  ];
}
