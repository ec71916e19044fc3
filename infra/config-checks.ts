import type { ConfigProblem } from "./config-problems.ts";
import { setCommand } from "./config-problems.ts";
import { ruleChecks } from "./config-rule-checks.ts";
import type { StormwireConfig } from "./config-schema.ts";

/** Filter policies that one topic takes. https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html */
const FILTER_POLICIES_PER_TOPIC = 200;

/** What one key cannot say alone: names that must exist elsewhere, keys that need each other, limits of AWS over the whole. */
export function crossCheck(config: StormwireConfig): ConfigProblem[] {
  return [
    apiKey(config),
    ruleChecks(config),
    subscriptionPlaces(config),
    messageAudiences(config),
    subscriptionCount(config),
  ].flat();
}

function apiKey({ source, apiKey }: StormwireConfig): ConfigProblem[] {
  return source.provider === "tomorrow.io" && apiKey === undefined
    ? [
        {
          path: ["apiKey"],
          found: undefined,
          allowed: "the API key of tomorrow.io, as a secret",
          fix: setCommand(["apiKey"], "KEY"),
        },
      ]
    : [];
}

function subscriptionPlaces({ subscriptions, locations }: StormwireConfig): ConfigProblem[] {
  const known = Object.keys(locations);
  return Object.entries(subscriptions).flatMap(([name, { locations: wanted = [] }]) =>
    wanted.flatMap((place, index) => {
      const path = ["subscriptions", name, "locations", index];
      return known.includes(place) ? [] : [notAmong(path, place, "places", known)];
    }),
  );
}

function messageAudiences({ messages, subscriptions }: StormwireConfig): ConfigProblem[] {
  const known = Object.keys(subscriptions);
  return Object.entries(messages).flatMap(([name, { audience }]) =>
    (audience === "all" ? [] : audience).flatMap((who, index) => {
      const path = ["messages", name, "audience", index];
      return known.includes(who) ? [] : [notAmong(path, who, "subscriptions", known)];
    }),
  );
}

function subscriptionCount({ subscriptions }: StormwireConfig): ConfigProblem[] {
  const count = Object.values(subscriptions).reduce(
    (sum, { sms, email }) => sum + (sms ? 1 : 0) + (email ? 1 : 0),
    0,
  );
  return count > FILTER_POLICIES_PER_TOPIC
    ? [
        {
          path: ["subscriptions"],
          found: `${count} phones and mailboxes`,
          allowed: `${FILTER_POLICIES_PER_TOPIC} at most: each has a filter policy, and SNS takes no more on one topic`,
          fix: "pulumi config rm --path 'stormwire:subscriptions.NAME'",
        },
      ]
    : [];
}

function notAmong(
  path: readonly PropertyKey[],
  found: string,
  kind: string,
  known: readonly string[],
): ConfigProblem {
  return {
    path,
    found,
    allowed: `one of the configured ${kind}: ${known.length > 0 ? known.join(", ") : "(none yet)"}`,
    fix: setCommand(path, known[0] ?? "NAME"),
  };
}
