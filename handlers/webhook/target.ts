import * as z from "zod/mini";
import { parseJson } from "../../lib/json.ts";
import { WebhookTargetError } from "./errors.ts";

/** `json`: the message as data, signed. `slack`, `telegram`: its text, in the shape that these services take. */
export type WebhookFormat = "json" | "slack" | "telegram";

const url = z.url({ protocol: /^https?$/ });

/** What each format needs to know. */
const schemas = {
  json: z.object({ url, secret: z.string().check(z.startsWith("whsec_")) }),
  slack: z.object({ url }),
  telegram: z.object({ url, chatId: z.string().check(z.minLength(1)) }),
} as const satisfies Record<WebhookFormat, z.ZodMiniType>;

/** Where a message goes. All of it is secret: who knows a URL of Slack's or Telegram's can post there. */
export type WebhookTarget = {
  [Format in WebhookFormat]: { readonly format: Format } & Readonly<z.infer<(typeof schemas)[Format]>>;
}[WebhookFormat];

const ALLOWED: Readonly<Record<WebhookFormat, string>> = {
  json: "JSON with url and secret",
  slack: "JSON with url",
  telegram: "JSON with url and chatId",
};

/** What a parameter must hold, in words. */
export function allowedTarget(format: WebhookFormat): string {
  return ALLOWED[format];
}

/** Reads the parameter's JSON. Throws {@link WebhookTargetError}. */
export function parseTarget(format: WebhookFormat, parameterName: string, value: string): WebhookTarget {
  const parsed = schemas[format].safeParse(parseJson(value));
  if (parsed.success) return { format, ...parsed.data } as WebhookTarget;
  // Without its cause: what a parser says quotes what it read.
  throw new WebhookTargetError(
    `SSM parameter ${parameterName} is not what the format ${format} needs; allowed is ${ALLOWED[format]}`,
  );
}
