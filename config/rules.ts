import type { Rule } from "../handlers/weather/rules/rules.ts";
import { readPreset } from "./presets.ts";
import type { StormwireConfig } from "./schema.ts";

/** A rule with where it comes from, and who switched its hazard off. */
export interface ConfiguredRule {
  readonly rule: Rule;
  readonly from: "stack" | "location" | { readonly preset: string };
  /** Absent: it is in effect. */
  readonly off?: "stack" | "location";
}

type OwnRules = Pick<StormwireConfig["rules"], "hazards" | "off">;

/**
 * The rules of a stack, those that are off included: its presets', then its own, which replace all rules of the
 * presets for the same hazard. `off` comes last, and switches off own rules too.
 *
 * @throws {PresetError} when a preset's file is no list of rules.
 */
export function configuredRules({ preset, hazards, off }: StormwireConfig["rules"]): ConfiguredRule[] {
  const presets = [preset]
    .flat()
    .flatMap((name) => readPreset(name).map((rule) => ({ rule, from: { preset: name } })));
  return withOwn(presets, { hazards, off }, "stack");
}

/** The rules of a place: those of the stack, then its own in the same way. An own rule brings a hazard back that the stack has off. */
export function configuredRulesOfPlace(
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

/** The rules that the stack's places have unless they have some of their own. Throws {@link PresetError}. */
export function effectiveRules(rules: StormwireConfig["rules"]): readonly Rule[] {
  return inEffect(configuredRules(rules));
}

/** By place, the rules of those that have some of their own. Throws {@link PresetError}. */
export function rulesByLocation({
  rules,
  locations,
}: Pick<StormwireConfig, "rules" | "locations">): Readonly<Record<string, readonly Rule[]>> {
  const stack = configuredRules(rules);
  return Object.fromEntries(
    Object.entries(locations)
      .filter(([, { rules: own }]) => own !== undefined)
      .map(([place, { rules: own }]) => [place, inEffect(configuredRulesOfPlace(stack, own))]),
  );
}

function inEffect(rules: readonly ConfiguredRule[]): readonly Rule[] {
  return rules.filter(({ off }) => off === undefined).map(({ rule }) => rule);
}
