import { expect } from "chai";
import {
  configuredRules,
  configuredRulesOfLocation,
  effectiveRules,
  rulesByLocation,
} from "../../config/rules.ts";
import type { StormwireConfig } from "../../config/schema.ts";
import type { Rule } from "../../handlers/weather/rules/rules.ts";

const ownRain: Rule = { hazard: "rain", measure: { metric: "rainIntensity" }, levels: { red: 50 } };
const frost: Rule = { hazard: "frost", measure: { metric: "temperature" }, levels: { red: 0 }, below: true };

const stackRules = (rules: Partial<StormwireConfig["rules"]> = {}): StormwireConfig["rules"] => ({
  preset: "inmet",
  hazards: [],
  off: [],
  yellow: "message",
  doubtful: "send",
  ...rules,
});
const place = { name: "A", latitude: 0, longitude: 0, timeZone: "UTC" };
const hazards = (rules: readonly Rule[]) => rules.map(({ hazard }) => hazard);

describe("rules in effect", () => {
  it("are the preset's, where nothing else is said", () => {
    expect(hazards(effectiveRules(stackRules()))).to.deep.equal(["rain", "rain", "wind", "dry-air"]);
  });

  it("are those of all presets of a list", () => {
    const rules = effectiveRules(stackRules({ preset: ["nws", "heat"] }));
    expect(hazards(rules)).to.deep.equal(["wind", "wind", "heat"]);
  });

  it("have own rules in place of all the presets' rules of that hazard", () => {
    const rules = effectiveRules(stackRules({ hazards: [ownRain, frost] }));
    expect(hazards(rules)).to.deep.equal(["wind", "dry-air", "rain", "frost"]);
    expect(rules).to.include(ownRain);
  });

  it("lack what is off, own rules too", () => {
    const rules = effectiveRules(stackRules({ hazards: [ownRain], off: ["rain", "dry-air"] }));
    expect(hazards(rules)).to.deep.equal(["wind"]);
  });

  it("are listed for the places that have their own, and for those only", () => {
    const locations = {
      plain: place,
      cold: { ...place, rules: { hazards: [frost], off: ["dry-air"] } },
      silent: { ...place, rules: { hazards: [], off: ["rain", "wind", "dry-air"] } },
    };

    const rules = rulesByLocation({ rules: stackRules(), locations });

    expect(Object.keys(rules)).to.deep.equal(["cold", "silent"]);
    expect(hazards(rules.cold ?? [])).to.deep.equal(["rain", "rain", "wind", "frost"]);
    expect(rules.silent).to.deep.equal([]);
  });

  it("of a place stand over those of the stack, and bring back what the stack has off", () => {
    const stack = configuredRules(stackRules({ hazards: [frost], off: ["rain"] }));
    const wetter = { ...ownRain, levels: { red: 5 } };

    const rules = configuredRulesOfLocation(stack, { hazards: [wetter], off: ["frost"] });

    expect(rules.map(({ rule, from, off }) => [rule.hazard, from, off])).to.deep.equal([
      ["wind", { preset: "inmet" }, undefined],
      ["dry-air", { preset: "inmet" }, undefined],
      ["frost", "stack", "location"],
      ["rain", "location", undefined],
    ]);
  });

  it("remember that the stack has a hazard off when a place has it off as well", () => {
    const stack = configuredRules(stackRules({ off: ["rain"] }));
    const rules = configuredRulesOfLocation(stack, { hazards: [], off: ["rain"] });
    expect(rules.filter(({ rule }) => rule.hazard === "rain").map(({ off }) => off)).to.deep.equal([
      "stack",
      "stack",
    ]);
  });
});
