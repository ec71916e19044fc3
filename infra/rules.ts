import { presets } from "../handlers/weather/presets/presets.ts";
import type { Rule } from "../handlers/weather/rules.ts";
import type { StormwireConfig } from "./config-schema.ts";

/** The preset's rules and the stack's own; a hazard of the stack's own replaces the preset's hazard of that name. */
export function effectiveRules({ preset, hazards }: StormwireConfig["rules"]): readonly Rule[] {
  const own = new Set(hazards.map(({ hazard }) => hazard));
  return [...presets[preset].filter(({ hazard }) => !own.has(hazard)), ...hazards];
}
