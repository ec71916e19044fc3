import { LANGUAGE_TAGS, type Language } from "../handlers/weather/messages/tags.ts";
import { LEVEL_RANKS, type Level } from "../handlers/weather/rules/rules.ts";
import type { StormwireConfig } from "./schema.ts";

type Condition = string | { readonly numeric: readonly [">=", number] };

/** Conditions by attribute name. One condition of each attribute must hold. */
export type FilterPolicy = Readonly<Record<string, readonly Condition[]>>;

/** The messages that one subscriber receives. */
export interface SubscriptionFilter {
  readonly level: Level;
  /** Defaults to all locations. */
  readonly locations?: readonly string[] | undefined;
  readonly language: Language;
  /** Groups the subscriber belongs to. */
  readonly groups?: readonly string[];
}

/**
 * The SNS filter policy of one subscriber. A message passes when it is addressed to all, to the subscriber or to one of
 * its groups, at its level or above, about one of its locations, and in its language. Messages to named people carry a
 * level and locations that pass (handlers/clients/publisher.ts).
 */
export function filterPolicy(
  subscriber: string,
  { level, locations, language, groups = [] }: SubscriptionFilter,
) {
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

/** The complexity of a policy as SNS counts it: the numbers of values of its attributes, multiplied. */
export function combinations(policy: FilterPolicy): number {
  return Object.values(policy).reduce((product, { length }) => product * length, 1);
}

/** Sorted, so that a changed order in the config does not update a subscription. */
function sorted(names: readonly string[]): string[] {
  return [...new Set(names)].sort();
}

/** The languages of all subscribers in a fixed order, or the stack's language when there are none. */
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
