import type { Rule } from "../handlers/weather/rules/rules.ts";
import { readPreset } from "./presets.ts";
import type { StormwireConfig } from "./schema.ts";

/** A rule, its origin, and who switched its hazard off. */
export interface ConfiguredRule {
  readonly rule: Rule;
  readonly from: "stack" | "location" | { readonly preset: string };
  /** Undefined when the rule is in effect. */
  readonly off?: "stack" | "location";
}

type OwnRules = Pick<StormwireConfig["rules"], "hazards" | "off">;

/**
 * The rules of a stack, including those that are off: the presets' rules, then its own rules, which replace all preset
 * rules of the same hazard. `off` is applied last and switches off own rules, too.
 *
 * @throws {PresetError} when a preset's file is not a list of rules.
 */
export function configuredRules({ preset, hazards, off }: StormwireConfig["rules"]): ConfiguredRule[] {
  const presets = [preset]
    .flat()
    .flatMap((name) => readPreset(name).map((rule) => ({ rule, from: { preset: name } })));
  return withOwn(presets, { hazards, off }, "stack");
}

/** The rules of a location: those of the stack, then its own in the same way. An own rule enables a hazard that the stack has off. */
export function configuredRulesOfLocation(
  stack: readonly ConfiguredRule[],
  own: OwnRules | undefined,
): readonly ConfiguredRule[] {
  return own === undefined ? stack : withOwn(stack, own, "location");
}

function withOwn(
  rules: readonly ConfiguredRule[],
  { hazards, off }: OwnRules,
  owner: "stack" | "location",
): ConfiguredRule[] {
  const replaced = new Set(hazards.map(({ hazard }) => hazard));
  const kept = rules.filter(({ rule }) => !replaced.has(rule.hazard));
  const own = hazards.map((rule) => ({ rule, from: owner }));
  return [...kept, ...own].map((configured) =>
    off.includes(configured.rule.hazard) ? { off: owner, ...configured } : configured,
  );
}

/** The rules of locations without rules of their own. Throws {@link PresetError}. */
export function effectiveRules(rules: StormwireConfig["rules"]): readonly Rule[] {
  return inEffect(configuredRules(rules));
}

/** The rules of locations with rules of their own, by location. Throws {@link PresetError}. */
export function rulesByLocation({
  rules,
  locations,
}: Pick<StormwireConfig, "rules" | "locations">): Readonly<Record<string, readonly Rule[]>> {
  const stack = configuredRules(rules);
  return Object.fromEntries(
    Object.entries(locations)
      .filter(([, { rules: own }]) => own !== undefined)
      .map(([location, { rules: own }]) => [location, inEffect(configuredRulesOfLocation(stack, own))]),
  );
}

function inEffect(rules: readonly ConfiguredRule[]): readonly Rule[] {
  return rules.filter(({ off }) => off === undefined).map(({ rule }) => rule);
}
