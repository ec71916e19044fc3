import { expect } from "chai";
import { parseConfig } from "../../config/check.ts";
import { ruleChecks } from "../../config/checks/rules.ts";
import { ConfigError } from "../../config/problem.ts";

const portoAlegre = { name: "Porto Alegre", latitude: -30, longitude: -51, timeZone: "America/Sao_Paulo" };
const good = { locations: { "porto-alegre": portoAlegre, torres: portoAlegre }, apiKey: "key" };
const rain = { hazard: "rain", measure: { metric: "rainIntensity" }, levels: { orange: 20, red: 30 } };
const dry = { measure: { metric: "humidity" }, levels: { red: 20 }, below: true };
const gusty = { measure: { metric: "windGust" }, levels: { red: 11 } };
const silence = { from: "2026-01-02T00:00:00Z", until: "2026-01-03T00:00:00Z", reason: "New sensor" };

describe("rules in stack config", () => {
  it("take a list of presets, own hazards, what is off, and all of it by place", () => {
    const config = {
      ...good,
      locations: {
        ...good.locations,
        torres: { ...portoAlegre, rules: { off: ["fire", "frost"], hazards: [rain] } },
      },
      rules: {
        preset: ["inmet", "fire"],
        off: ["wind"],
        hazards: [
          { hazard: "frost", measure: { metric: "windChill" }, levels: { red: -20 }, below: true },
          { hazard: "dry-gale", all: [dry, gusty], repeatEvery: "6h" },
        ],
      },
      messages: {
        siren: { cron: "0 12 * * ? *", timeZone: "UTC", drill: { hazard: "frost", level: "red" } },
      },
      silences: {
        works: {
          locations: ["torres"],
          hazards: ["frost"],
          from: "2026-01-01T00:00:00Z",
          until: "2026-01-01T00:00:01Z",
          reason: "New sensor",
        },
      },
      quietHours: { from: "22:00", to: "06:00" },
    };

    expect(problems(config)).to.deep.equal([]);
  });

  const wrong: [name: string, config: Record<string, unknown>, path: string, allowed: RegExp, fix: string][] =
    [
      [
        "an unknown key in a rule",
        { rules: { preset: "inmet", hazards: [{ ...rain, clera: { after: "3h", ratio: 1 } }] } },
        "rules.hazards.0.clera",
        /^no such key; did you mean clear\? Known keys: hazard, .*measure/,
        "rename stormwire:rules.hazards[0].clera to clear in the stack's Pulumi.*.yaml",
      ],
      [
        "an unknown key in a measure of a place's rule",
        { locations: at("torres", { hazards: [{ ...rain, measure: { metric: "humidity", ovr: "1h" } }] }) },
        "locations.torres.rules.hazards.0.measure.ovr",
        /^no such key; did you mean over\? Known keys: metric, over, as, unit$/,
        "pulumi config rm --path 'stormwire:locations.torres.rules.hazards[0].measure.ovr' && pulumi config set --path 'stormwire:locations.torres.rules.hazards[0].measure.over' -- 1h",
      ],
      [
        "an unknown key in one of several conditions",
        { rules: { preset: "inmet", hazards: [{ hazard: "fire", all: [dry, { ...gusty, level: 1 }] }] } },
        "rules.hazards.0.all.1.level",
        /^no such key; did you mean levels\?/,
        "pulumi config rm --path 'stormwire:rules.hazards[0].all[1].level' && pulumi config set --path 'stormwire:rules.hazards[0].all[1].levels' -- 1",
      ],
      [
        "a threshold that is no number",
        { rules: { preset: "inmet", hazards: [{ ...rain, levels: { red: "lots" } }] } },
        "rules.hazards.0.levels.red",
        /^a number$/,
        "pulumi config set --path 'stormwire:rules.hazards[0].levels.red' -- 80",
      ],
      [
        "an end that is told some other way",
        { rules: { preset: "inmet", hazards: [rain, { ...rain, hazard: "hail", allClear: "never" }] } },
        "rules.hazards.1.allClear",
        /^message and digest$/,
        "pulumi config set --path 'stormwire:rules.hazards[1].allClear' -- digest",
      ],
      [
        "a preset that does not exist, in a list",
        { rules: { preset: ["inmet", "fires"] } },
        "rules.preset.1",
        /^one of basic, fire, heat, inmet, nws$/,
        "pulumi config set --path 'stormwire:rules.preset[1]' -- fire",
      ],
      [
        "a preset that does not exist",
        { rules: { preset: "fires" } },
        "rules.preset",
        /^one of basic, fire, heat, inmet, nws, or a list of them$/,
        "pulumi config set --path stormwire:rules.preset -- fire",
      ],
      [
        "a preset twice",
        { rules: { preset: ["heat", "heat"] } },
        "rules.preset",
        /^presets that fit together: two rules are "heat:heatIndex"/,
        "pulumi config rm --path stormwire:rules.preset && pulumi config set --path stormwire:rules.preset -- heat",
      ],
      [
        "levels out of order",
        { rules: { preset: "inmet", hazards: [rain, { ...rain, levels: { orange: 20, red: 10 } }] } },
        "rules.hazards.1",
        /^levels in order: rule "rain:rainIntensity": red 10 must be above orange 20$/,
        "write in the stack's Pulumi.*.yaml, as the value of stormwire:rules.hazards[1].levels:\norange: 10\nred: 20",
      ],
      [
        "levels out of order in one of several conditions, of one place",
        {
          locations: at("torres", {
            hazards: [
              {
                hazard: "fire",
                all: [
                  { ...gusty, levels: { orange: 5, red: 6 } },
                  { ...dry, levels: { orange: 20, red: 30 } },
                ],
              },
            ],
          }),
        },
        "locations.torres.rules.hazards.0",
        /red 30 must be below orange 20$/,
        "write in the stack's Pulumi.*.yaml, as the value of stormwire:locations.torres.rules.hazards[0].all[1].levels:\norange: 30\nred: 20",
      ],
      [
        "two rules of a place for one measure",
        { locations: at("torres", { hazards: [rain, { ...rain, levels: { red: 80 } }] }) },
        "locations.torres.rules.hazards.1",
        /^rules that fit together: two rules are "rain:rainIntensity"/,
        "pulumi config rm --path 'stormwire:locations.torres.rules.hazards[1]'",
      ],
      [
        "a hazard off that there is not",
        { rules: { preset: "inmet", off: ["wnd"] } },
        "rules.off.0",
        /^did you mean wind\? Known hazards: rain, wind, dry-air$/,
        "pulumi config set --path 'stormwire:rules.off[0]' -- wind",
      ],
      [
        "a hazard off at a place that there is not",
        { locations: at("torres", { off: ["dry-air", "dryair"] }) },
        "locations.torres.rules.off.1",
        /^did you mean dry-air\?/,
        "pulumi config set --path 'stormwire:locations.torres.rules.off[1]' -- dry-air",
      ],
      [
        "a drill of a hazard that there is not",
        { messages: { siren: { cron: "0 12 * * ? *", timeZone: "UTC", drill: drill("flood") } } },
        "messages.siren.drill.hazard",
        /^did you mean \w.*\? Known hazards: rain, wind, dry-air$/,
        "pulumi config set --path stormwire:messages.siren.drill.hazard",
      ],
      [
        "a drill of a hazard that is off",
        {
          rules: { preset: "inmet", off: ["wind"] },
          messages: { siren: { cron: "0 12 * * ? *", timeZone: "UTC", drill: drill("wind") } },
        },
        "messages.siren.drill.hazard",
        /Known hazards: rain, dry-air$/,
        "pulumi config set --path stormwire:messages.siren.drill.hazard",
      ],
      [
        "a silence of a hazard that there is not",
        { silences: { works: { ...silence, hazards: ["rian"] } } },
        "silences.works.hazards.0",
        /^did you mean rain\?/,
        "pulumi config set --path 'stormwire:silences.works.hazards[0]' -- rain",
      ],
      [
        "a silence of a place that there is not",
        { silences: { works: { ...silence, locations: ["torrs"] } } },
        "silences.works.locations.0",
        /^did you mean torres\? Known locations: porto-alegre, torres$/,
        "pulumi config set --path 'stormwire:silences.works.locations[0]' -- torres",
      ],
      [
        "quiet hours all day",
        { quietHours: { from: "22:00", to: "22:00" } },
        "quietHours.to",
        /^another time than from, 22:00/,
        "pulumi config set --path stormwire:quietHours.to -- 06:00",
      ],
      [
        "a silence that ends before it begins, by the offsets too",
        { silences: { works: { ...silence, until: "2026-01-02T01:00:00+03:00" } } },
        "silences.works.until",
        /^a time after from, 2026-01-02T00:00:00Z$/,
        "pulumi config set --path stormwire:silences.works.until -- 2026-01-02T01:00:00Z",
      ],
    ];
  for (const [name, config, path, allowed, fix] of wrong) {
    it(`refuse ${name}`, () => {
      const [problem, ...others] = problems({ ...good, ...config });

      expect(others).to.deep.equal([]);
      expect(problem?.path.join(".")).to.equal(path);
      expect(problem?.allowed).to.match(allowed);
      expect(problem?.fix.startsWith(fix), `${problem?.fix}`).to.equal(true);
    });
  }

  it("refuse a rule that has one measure and several", () => {
    const both = { ...rain, all: [dry, gusty] };
    const [problem] = problems({ ...good, rules: { preset: "inmet", hazards: [both] } });
    expect(problem?.path.slice(0, 3)).to.deep.equal(["rules", "hazards", 0]);
  });

  it("name the file of a preset that is broken, and say to edit it", () => {
    const { rules, ...config } = parseConfig(asPulumi(good), "dev");

    const found = ruleChecks({ ...config, rules: { ...rules, preset: "gone" } });

    expect(found).to.have.lengthOf(1);
    expect(found[0]?.path).to.deep.equal(["rules", "preset"]);
    expect(found[0]?.allowed).to.include("config/presets/gone.yaml: cannot be read");
    expect(found[0]?.fix).to.equal("edit config/presets/gone.yaml");
  });
});

function drill(hazard: string) {
  return { hazard, level: "red" };
}

/** Locations of which one has own rules. */
function at(place: string, rules: object) {
  return { ...good.locations, [place]: { ...portoAlegre, rules } };
}

function asPulumi(config: Record<string, unknown>): Record<string, string> {
  return Object.fromEntries(
    Object.entries(config).map(([key, value]) => [
      `stormwire:${key}`,
      typeof value === "string" ? value : JSON.stringify(value),
    ]),
  );
}

function problems(config: Record<string, unknown>) {
  try {
    parseConfig(asPulumi(config), "dev");
    return [];
  } catch (error) {
    if (error instanceof ConfigError) {
      return error.problems;
    }
    throw error;
  }
}
