import { conditionsOf } from "../../handlers/weather/rules/rules.ts";
import { setCommand } from "../commands.ts";
import type { ConfigProblem } from "../problem.ts";
import { type ConfiguredRule, configuredRules, configuredRulesOfPlace } from "../rules.ts";
import type { RuleConfig } from "../schema.ts";

/**
 * What waits for a digest, where none comes again and again: nobody would ever hear of it. It is no warning, for config
 * contradicts itself, and what was not told cannot be told later.
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
      allowed: `one or more of them, or nobody hears of ${waiting.join("; ")}`,
      fix: Object.entries(digest)
        .map(([key, value]) => setCommand(["messages", "daily-digest", key], value))
        .join(" && "),
    },
  ];
}

/** In words: yellow alerts, and the ends of hazards, with where config says so. */
function waitingForDigest({ rules, locations }: RuleConfig): string[] {
  const stack = configuredRules(rules);
  const lists = [
    stack,
    ...Object.values(locations).map((place) => configuredRulesOfPlace(stack, place.rules)),
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

/** The end of a hazard waits where all its rules say so: docs/decisions/0010-what-is-and-what-was-told.md */
function endInDigest(rules: readonly ConfiguredRule[]): ConfiguredRule[] {
  const byHazard = Map.groupBy(rules, ({ rule }) => rule.hazard);
  return [...byHazard.values()]
    .filter((ofHazard) => ofHazard.every(({ rule }) => rule.allClear === "digest"))
    .flat();
}

function originOf({ from }: ConfiguredRule): string {
  return typeof from === "string" ? "own rules" : `preset ${from.preset}`;
}
