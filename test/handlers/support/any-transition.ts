import fc from "fast-check";
import { TRANSITION_KINDS, type Transition } from "../../../handlers/weather/alerts/transition.ts";
import { conditionsOf, LEVELS, type Rule } from "../../../handlers/weather/rules/rules.ts";
import { presets } from "./presets.ts";
import { rainEscalation } from "./transitions.ts";

const rules: readonly Rule[] = Object.values(presets).flat();

export const presetHazards: readonly string[] = [...new Set(rules.map(({ hazard }) => hazard))];

/** Conditions of the presets, alone or up to five together, each with some value. */
const anyConditions = fc.array(
  fc.record({
    condition: fc.constantFrom(...rules.flatMap(conditionsOf)),
    value: fc.double({ min: -1000, max: 1000, noNaN: true }),
  }),
  { minLength: 1, maxLength: 5 },
);

/** Any rule of the presets at any level, of any kind, its condition combined with up to four others. */
export const anyTransition: fc.Arbitrary<Transition> = fc
  .record({
    rule: fc.constantFrom(...rules),
    level: fc.constantFrom(...LEVELS),
    kind: fc.constantFrom(...TRANSITION_KINDS),
    conditions: anyConditions,
  })
  .map(({ rule, level, kind, conditions: drawn }): Transition => {
    const { hazard, scale } = rule;
    const conditions = drawn.map(({ condition: { measure, below = false, levels }, value }) => ({
      measure,
      below,
      value,
      threshold: Object.values(levels).find((threshold) => threshold !== undefined) ?? 0,
    }));
    const [first = { measure: rainEscalation.measure, below: false, value: 0, threshold: 0 }] = conditions;
    const { scale: _, earlier, ...base } = rainEscalation;
    return {
      ...base,
      id: `${base.location}/${hazard}/${base.time}/${kind}`,
      hazard,
      level,
      kind,
      ...first,
      ...(conditions.length > 1 && { conditions }),
      ...(scale !== undefined && { scale }),
      ...(kind !== "start" && earlier !== undefined && { earlier }),
    };
  });

/** Names of places as Portuguese writes them, as long as config allows. */
export const portugueseName: fc.Arbitrary<string> = fc
  .string({
    unit: fc.constantFrom(..."aàáâãbcçdeéêfghiíjlmnoóôõpqrstuúüvxzAÁÂÃBCÇDEÉÊOÓÔÕ -'.º"),
    minLength: 1,
    maxLength: 40,
  })
  .filter((name) => name.trim() !== "");
