import { readPreset } from "../../../config/presets.ts";

/** The presets' rules by name, as stacks get them. */
export const presets = {
  basic: readPreset("basic"),
  fire: readPreset("fire"),
  heat: readPreset("heat"),
  inmet: readPreset("inmet"),
  nws: readPreset("nws"),
};

export type PresetName = keyof typeof presets;
