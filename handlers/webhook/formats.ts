import { createHmac } from "node:crypto";
import * as z from "zod/mini";
import { parseJson } from "../../lib/json.ts";
import type { HttpRequest } from "../http/http-client.ts";
import type { WebhookTarget } from "./target.ts";

/** A message on its way to a webhook. */
export interface OutgoingMessage {
  /** The same for every attempt at the message, so that receivers can drop what they have. */
  readonly id: string;
  /** For people. */
  readonly text: string;
  /** All of it as JSON, as it was published. */
  readonly json: string;
}

/** The request that delivers a message. `now` is asked at each attempt: its time is signed. */
export function requestFor(target: WebhookTarget, message: OutgoingMessage, now: () => Date): HttpRequest {
  const url = new URL(target.url);
  switch (target.format) {
    case "json": {
      const { secret } = target;
      const { id, json: body } = message;
      return post(url, body, () => signatureHeaders({ id, body, secret, time: now() }));
    }
    case "slack":
      return post(url, JSON.stringify({ text: escapeForSlack(message.text) }));
    case "telegram":
      return post(url, JSON.stringify({ chat_id: target.chatId, text: message.text }));
  }
}

function post(url: URL, body: string, signature?: () => Readonly<Record<string, string>>): HttpRequest {
  const headers = () => ({
    "content-type": "application/json",
    "user-agent": "stormwire",
    ...signature?.(),
  });
  return { url, method: "POST", headers, body };
}

const SECRET_PREFIX = "whsec_";

/**
 * The headers that Standard Webhooks signs a body with: HMAC-SHA256 over `ID.TIMESTAMP.BODY`.
 * https://github.com/standard-webhooks/standard-webhooks/blob/main/spec/standard-webhooks.md#signature-scheme
 *
 * @param signed.secret `whsec_` and the key in base64
 * @param signed.time of the attempt
 */
export function signatureHeaders(signed: {
  readonly id: string;
  readonly body: string;
  readonly secret: string;
  readonly time: Date;
}): Record<string, string> {
  const { id, body, secret, time } = signed;
  const timestamp = Math.floor(time.getTime() / 1000);
  const key = Buffer.from(secret.slice(SECRET_PREFIX.length), "base64");
  const signature = createHmac("sha256", key).update(`${id}.${timestamp}.${body}`).digest("base64");
  return {
    "webhook-id": id,
    "webhook-timestamp": String(timestamp),
    "webhook-signature": `v1,${signature}`,
  };
}

/** Three characters mean something to Slack. https://docs.slack.dev/messaging/formatting-message-text/#escaping */
function escapeForSlack(text: string): string {
  return text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
}

/** https://core.telegram.org/bots/api#making-requests */
const telegramAnswer = z.object({ description: z.string().check(z.maxLength(200)) });

/**
 * Why a service refused, where it says so in a form that is known; undefined when that is not so, or when its words
 * repeat a part of the URL or the chat.
 */
export function reasonOf(target: WebhookTarget, body: string): string | undefined {
  const reason = spokenReason(target.format, body);
  const { pathname, search } = new URL(target.url);
  const parts = `${pathname}${search}`.split(/[/?&=]/).filter((part) => part !== "");
  const secrets = target.format === "telegram" ? [...parts, target.chatId] : parts;
  return secrets.some((secret) => reason?.includes(secret)) ? undefined : reason;
}

function spokenReason(format: WebhookTarget["format"], body: string): string | undefined {
  // `no_service`, `invalid_token`, …: https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks/#handling_errors
  if (format === "slack") return /^[a-z_]{1,60}$/.exec(body)?.[0];
  return format === "telegram" ? descriptionOf(body) : undefined;
}

function descriptionOf(body: string): string | undefined {
  return telegramAnswer.safeParse(parseJson(body)).data?.description;
}
