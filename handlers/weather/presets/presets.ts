import type { Rule } from "../rules.ts";
import { basic } from "./basic.ts";
import { inmet } from "./inmet.ts";

/** Rule sets that config names: `preset: inmet`. */
export const presets = { inmet, basic } as const satisfies Record<string, readonly Rule[]>;

export type PresetName = keyof typeof presets;
