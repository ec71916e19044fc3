import { presets } from "../handlers/weather/presets/presets.ts";
import type { Rule } from "../handlers/weather/rules.ts";
import type { StormwireConfig } from "./config-schema.ts";

type OwnRules = Pick<StormwireConfig["rules"], "hazards" | "off">;

/** The presets' rules and the stack's own: an own hazard replaces the presets' of that name, one that is off goes. */
export function effectiveRules({ preset, ...own }: StormwireConfig["rules"]): readonly Rule[] {
  return withOwn(
    [preset].flat().flatMap((name): readonly Rule[] => presets[name]),
    own,
  );
}

/** The rules of a place that has some of its own, over those of the stack. */
export function rulesOfPlace(rules: readonly Rule[], own: OwnRules): readonly Rule[] {
  return withOwn(rules, own);
}

/** By place, the rules of those that have some of their own. */
export function rulesByLocation({
  rules,
  locations,
}: Pick<StormwireConfig, "rules" | "locations">): Readonly<Record<string, readonly Rule[]>> {
  const stack = effectiveRules(rules);
  return Object.fromEntries(
    Object.entries(locations).flatMap(([place, { rules: own }]) =>
      own === undefined ? [] : [[place, rulesOfPlace(stack, own)]],
    ),
  );
}

function withOwn(rules: readonly Rule[], { hazards, off }: OwnRules): readonly Rule[] {
  const replaced = new Set([...hazards.map(({ hazard }) => hazard), ...off]);
  return [...rules.filter(({ hazard }) => !replaced.has(hazard)), ...hazards];
}
