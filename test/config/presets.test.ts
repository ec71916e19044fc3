import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { PresetError, presetNames, readPreset } from "../../config/presets.ts";
import { compileRules, conditionsOf, LEVELS, ruleSchema } from "../../handlers/weather/rules/rules.ts";
import { presets } from "../handlers/support/presets.ts";

const fileOf = (name: string) => new URL(`../../config/presets/${name}.yaml`, import.meta.url);

/** Thresholds as one reads them: `rainIntensity sum 24h: orange 50, red 100`. */
function inShort(name: string): string[] {
  return readPreset(name).flatMap((rule) =>
    conditionsOf(rule).map(({ measure, levels, below }) => {
      const { metric, as, over, unit } = measure;
      const thresholds = LEVELS.filter((level) => levels[level] !== undefined).map(
        (level) => `${level} ${levels[level]}`,
      );
      const measured = [metric, as, over, unit, below ? "below" : undefined].filter(Boolean).join(" ");
      return `${rule.hazard}: ${measured}: ${thresholds.join(", ")}`;
    }),
  );
}

describe("presets", () => {
  it("are the files of one folder", () => {
    expect(presetNames()).to.deep.equal(["basic", "fire", "heat", "inmet", "nws"]);
    expect(Object.keys(presets), "those that tests know").to.have.members(presetNames());
  });

  for (const name of presetNames()) {
    it(`${name} is a list of valid rules that compile, levels in order`, () => {
      const rules = readPreset(name);

      for (const rule of rules) {
        expect(ruleSchema.safeParse(rule).error?.issues ?? []).to.deep.equal([]);
        for (const { levels, below } of conditionsOf(rule)) {
          const thresholds = LEVELS.flatMap((level) => levels[level] ?? []);
          const sorted = thresholds.toSorted((a, b) => (below ? b - a : a - b));
          expect(thresholds).to.deep.equal(sorted);
        }
      }
      expect(compileRules(rules)).to.have.lengthOf(rules.length);
    });

    it(`${name} says first what its levels and units are, whose, and how to copy it`, () => {
      const head = readFileSync(fileOf(name), "utf8").split("\n\n")[0] ?? "";

      expect(head).to.match(new RegExp(`^# ${name}: `));
      for (const part of ["# Levels ", "# Units ", "# To copy ", "https://", "below `hazards:`"]) {
        expect(head).to.include(part);
      }
      expect(head).not.to.match(/INMET warning|warns/i);
    });
  }

  it("inmet has the figures of INMET's levels", () => {
    expect(inShort("inmet")).to.deep.equal([
      "rain: rainIntensity sum 1h: yellow 20, orange 30, red 60",
      "rain: rainIntensity sum 24h: orange 50, red 100",
      "wind: windGust km/h: yellow 40, orange 60, red 100",
      "dry-air: humidity below: yellow 30, orange 20, red 12",
    ]);
    const common = presets.inmet.map(({ clear, scale }) => ({ clear, scale }));
    expect(common).to.deep.equal(Array(4).fill({ clear: { after: "3h", ratio: 0.9 }, scale: "INMET" }));
  });

  it("basic has the four thresholds of ten", () => {
    expect(inShort("basic")).to.deep.equal([
      "precipitation: precipitationProbability: orange 10",
      "wind: windSpeed: orange 10",
      "gust: windGust: orange 10",
      "rain: rainIntensity: orange 10",
    ]);
    expect(presets.basic.map(({ allClear }) => allClear)).to.deep.equal(Array(4).fill("digest"));
  });

  it("nws has advisories as yellow and warnings as orange", () => {
    expect(inShort("nws")).to.deep.equal([
      "wind: windGust mph: yellow 46, orange 58",
      "wind: windSpeed mph: yellow 31, orange 40",
    ]);
    expect(
      presets.nws.map((rule) => rule.for),
      "a sustained wind lasts an hour",
    ).to.deep.equal([undefined, "1h"]);
  });

  it("heat has the chart's categories: 90, 103 and 125 °F", () => {
    const [heat] = presets.heat.flatMap(conditionsOf);
    const fahrenheit = LEVELS.map((level) => Math.round((heat?.levels[level] ?? 0) * 1.8 + 32));
    expect(fahrenheit).to.deep.equal([90, 103, 125]);
  });

  it("fire has three conditions at yellow and orange, two at red", () => {
    expect(inShort("fire")).to.deep.equal([
      "fire: humidity below: yellow 30",
      "fire: temperature: yellow 30",
      "fire: windSpeed km/h: yellow 30",
      "fire: humidity below: orange 20",
      "fire: temperature: orange 30",
      "fire: windGust: orange 11",
      "fire: humidity below: red 15",
      "fire: windGust mph: red 25",
    ]);
  });

  it("go together, all of them", () => {
    const all = Object.values(presets).flat();
    expect(compileRules(all)).to.have.lengthOf(all.length);
  });
});

describe("a preset's file", () => {
  let folder: string;

  before(() => {
    folder = mkdtempSync(join(tmpdir(), "stormwire-presets-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  const refused: [name: string, text: string, message: RegExp][] = [
    [
      "a threshold in words",
      "- hazard: rain\n  measure: { metric: rainIntensity }\n  levels: { orange: much }",
      /own\.yaml: rule 1, levels\.orange is "much"; allowed: a number$/,
    ],
    [
      "a key misspelt, also in one of several conditions",
      "- hazard: fire\n  all:\n    - { measure: { metric: humidity }, levels: { red: 9 }, bellow: true }\n    - { measure: { metric: windGust }, levels: { red: 9 } }",
      /rule 1, all\[0\]\.bellow is true; allowed: no such key; did you mean below\? Known keys: measure, levels, below$/,
    ],
    [
      "levels out of order",
      "- hazard: rain\n  measure: { metric: rainIntensity }\n  levels: { orange: 9, red: 3 }",
      /own\.yaml: rule "rain:rainIntensity": red 3 must be above orange 9$/,
    ],
    ["no list", "hazard: rain", /own\.yaml: the file is .*; allowed: /],
    ["no rules", "[]", /own\.yaml: the file is \[\]; allowed: a list of rules, one or more$/],
    ["no YAML", "- hazard: [rain", /own\.yaml: .* at line 1/],
  ];
  for (const [name, text, message] of refused) {
    it(`is refused by name with ${name}`, () => {
      writeFileSync(join(folder, "own.yaml"), text);
      expect(() => readPreset("own", folder)).to.throw(PresetError, message);
    });
  }
});
