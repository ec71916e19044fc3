import { conditionsOf } from "../../handlers/weather/rules/rules.ts";
import { setCommand } from "../commands.ts";
import type { ConfigProblem } from "../problem.ts";
import { type ConfiguredRule, configuredRules, configuredRulesOfLocation } from "../rules.ts";
import type { RuleConfig } from "../schema.ts";

/**
 * Digest-only alerts in a stack without a recurring digest: no message would ever announce them. This is an error and not
 * a warning, because the config contradicts itself and a missed alert cannot be announced later.
 */
export function missingDigest(config: RuleConfig): ConfigProblem[] {
  const comesAgain = Object.values(config.messages).some(({ digest, at }) => digest && at === undefined);
  const waiting = comesAgain ? [] : waitingForDigest(config);
  if (waiting.length === 0) return [];
  const timeZone = Object.values(config.locations)[0]?.timeZone ?? "UTC";
  const digest = { cron: "0 7 * * ? *", timeZone, digest: true };
  return [
    {
      path: ["messages"],
      found: "no digest by cron or rate",
      allowed: `one or more, because otherwise no message announces ${waiting.join("; ")}`,
      fix: Object.entries(digest)
        .map(([key, value]) => setCommand(["messages", "daily-digest", key], value))
        .join(" && "),
    },
  ];
}

/** Digest-only alerts and all-clears in words, with the key that makes them so. */
function waitingForDigest({ rules, locations }: RuleConfig): string[] {
  const stack = configuredRules(rules);
  const lists = [
    stack,
    ...Object.values(locations).map((location) => configuredRulesOfLocation(stack, location.rules)),
  ];
  const inEffect = lists.map((list) => list.filter(({ off }) => off === undefined));
  const ending = inEffect.flatMap(endInDigest);
  const hasYellow = inEffect
    .flat()
    .flatMap(({ rule }) => conditionsOf(rule))
    .some(({ levels }) => levels.yellow !== undefined);
  const hazards = [...new Set(ending.map(({ rule }) => rule.hazard))].join(", ");
  const origins = [...new Set(ending.map(originOf))].join(", ");
  return [
    ...(rules.yellow === "digest" && hasYellow ? ["yellow alerts (rules.yellow: digest)"] : []),
    ...(ending.length > 0 ? [`the end of ${hazards} (allClear: digest of ${origins})`] : []),
  ];
}

/** An all-clear is digest-only when all rules of its hazard say so: docs/decisions/0010-what-is-and-what-was-told.md */
function endInDigest(rules: readonly ConfiguredRule[]): ConfiguredRule[] {
  const byHazard = Map.groupBy(rules, ({ rule }) => rule.hazard);
  return [...byHazard.values()]
    .filter((ofHazard) => ofHazard.every(({ rule }) => rule.allClear === "digest"))
    .flat();
}

function originOf({ from }: ConfiguredRule): string {
  return typeof from === "string" ? "own rules" : `preset ${from.preset}`;
}
