import { LANGUAGE_TAGS, type Language } from "../handlers/weather/messages/tags.ts";
import type { StormwireConfig } from "./schema.ts";

/** The languages of all subscriptions, the stack's own when there are none yet; in a fixed order. */
export function languagesOf({
  language,
  subscriptions,
  webhooks,
}: Pick<StormwireConfig, "language" | "subscriptions" | "webhooks">): Language[] {
  const subscribers = [...Object.values(subscriptions), ...Object.values(webhooks)];
  const used = new Set(
    subscribers.length === 0 ? [language] : subscribers.map((one) => one.language ?? language),
  );
  return LANGUAGE_TAGS.filter((tag) => used.has(tag));
}
