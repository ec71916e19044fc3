import { compileRules, RuleError } from "../handlers/weather/rules.ts";
import type { ConfigProblem } from "./config-problems.ts";
import { setCommand } from "./config-problems.ts";
import type { StormwireConfig } from "./config-schema.ts";
import { webhookChecks } from "./config-webhook-checks.ts";
import { effectiveRules } from "./rules.ts";

/** Filter policies that one topic takes. https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html */
const FILTER_POLICIES_PER_TOPIC = 200;

/** What one key cannot say alone: names that must exist elsewhere, keys that need each other, limits of AWS over the whole. */
export function crossCheck(config: StormwireConfig): ConfigProblem[] {
  return [
    apiKey(config),
    hazards(config),
    subscriptionPlaces(config),
    messageAudiences(config),
    subscriptionCount(config),
    webhookChecks(config),
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

function hazards({ rules }: StormwireConfig): ConfigProblem[] {
  try {
    compileRules(effectiveRules(rules));
    return [];
  } catch (error) {
    if (error instanceof RuleError) {
      const path = ["rules", "hazards"];
      return [
        {
          path,
          found: rules.hazards,
          allowed: `rules that fit together: ${error.message}`,
          fix: setCommand([...path, 0], "RULE"),
        },
      ];
    }
    throw error;
  }
}

function subscriptionPlaces({ subscriptions, webhooks, locations }: StormwireConfig): ConfigProblem[] {
  const known = Object.keys(locations);
  const told = [
    ...Object.entries(subscriptions).map(([name, { locations: wanted }]) => ({
      path: ["subscriptions", name],
      wanted,
    })),
    ...Object.entries(webhooks).map(([name, { locations: wanted }]) => ({
      path: ["webhooks", name],
      wanted,
    })),
  ];
  return told.flatMap(({ path, wanted = [] }) =>
    wanted.flatMap((place, index) =>
      known.includes(place) ? [] : [notAmong([...path, "locations", index], place, "places", known)],
    ),
  );
}

function messageAudiences({ messages, subscriptions, webhooks }: StormwireConfig): ConfigProblem[] {
  const known = [...Object.keys(subscriptions), ...Object.keys(webhooks)];
  return Object.entries(messages).flatMap(([name, { audience }]) =>
    (audience === "all" ? [] : audience).flatMap((who, index) => {
      const path = ["messages", name, "audience", index];
      return known.includes(who) ? [] : [notAmong(path, who, "subscriptions and webhooks", known)];
    }),
  );
}

function subscriptionCount({ subscriptions, webhooks }: StormwireConfig): ConfigProblem[] {
  const people = Object.values(subscriptions).reduce(
    (sum, { sms, email }) => sum + (sms ? 1 : 0) + (email ? 1 : 0),
    0,
  );
  const programs = Object.keys(webhooks).length;
  const count = people + programs;
  return count > FILTER_POLICIES_PER_TOPIC
    ? [
        {
          path: ["subscriptions"],
          found: `${people} phones and mailboxes${programs > 0 ? `, ${programs} webhooks` : ""}`,
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
