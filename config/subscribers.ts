import { LANGUAGE_TAGS, type Language } from "../handlers/weather/messages/tags.ts";
import { LEVEL_RANKS, type Level } from "../handlers/weather/rules/rules.ts";
import type { StormwireConfig } from "./schema.ts";

type Condition = string | { readonly numeric: readonly [">=", number] };

/** Conditions by attribute name: one of each attribute's must hold. */
export type FilterPolicy = Readonly<Record<string, readonly Condition[]>>;

/** What one subscriber hears of. */
export interface Hearing {
  readonly level: Level;
  /** All places, unless some are named. */
  readonly locations?: readonly string[] | undefined;
  readonly language: Language;
  /** Groups the subscriber belongs to. */
  readonly groups?: readonly string[];
}

/**
 * Which messages reach one subscriber: addressed to all, to them by name or to a group of theirs, at their level or
 * above, about one of their places (every place when none are named), in their language. SNS wants all of it to match;
 * messages to people by name carry a level and places that pass (handlers/clients/publisher.ts).
 */
export function filterPolicy(subscriber: string, { level, locations, language, groups = [] }: Hearing) {
  return {
    audience: ["all", subscriber, ...sorted(groups)],
    level: [{ numeric: [">=", LEVEL_RANKS[level]] }],
    language: [language],
    ...(locations && { location: sorted(locations) }),
  } satisfies FilterPolicy;
}

/** Names of the groups that a subscription is a member of, in alphabetical order. */
export function groupsOf(
  subscriber: string,
  groups: Readonly<Record<string, readonly string[]>>,
): readonly string[] {
  return sorted(Object.keys(groups).filter((group) => groups[group]?.includes(subscriber)));
}

/** How SNS counts a policy's complexity: the numbers of values of its attributes, multiplied. */
export function combinations(policy: FilterPolicy): number {
  return Object.values(policy).reduce((product, { length }) => product * length, 1);
}

/** In an order of their own: the order of config must not touch a subscription. */
function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}

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
