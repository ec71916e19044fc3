import { expect } from "chai";
import {
  type AlertState,
  INITIAL_STATE,
  parseState,
  serializeState,
} from "../../../../handlers/weather/alerts/state.ts";
import { StoredSeriesError } from "../../../../handlers/weather/observation/stored-series.ts";
import { EMPTY_SERIES, segmentsOf } from "../../../../handlers/weather/observation/window.ts";
import type { Rule } from "../../../../handlers/weather/rules/rules.ts";
import { at, GUST_RULE, gusts, runPlan, START } from "../../support/alert-run.ts";
import { planOf } from "../../support/plan.ts";
import { rainEscalation } from "../../support/transitions.ts";

describe("a state in storage", () => {
  /** Four windows of 72 h, on three metrics. */
  const rules: readonly Rule[] = [
    {
      hazard: "rain",
      measure: { metric: "rainIntensity", over: "72h", as: "sum" },
      levels: { yellow: 50, orange: 100, red: 200 },
    },
    {
      hazard: "soil",
      measure: { metric: "rainIntensity", over: "72h", as: "mean" },
      levels: { orange: 1, red: 4 },
    },
    {
      hazard: "wind",
      measure: { metric: "windGust", over: "72h", as: "max", unit: "km/h" },
      levels: { yellow: 40, orange: 60, red: 100 },
    },
    {
      hazard: "cold",
      measure: { metric: "temperature", over: "72h", as: "min" },
      levels: { orange: 5, red: 0 },
      below: true,
    },
  ];
  const minutes = (from: number, to: number) =>
    Array.from({ length: to - from }, (_, index) => {
      const minute = from + index;
      return at(minute / 60, {
        rainIntensity: ((minute * 37) % 400) / 10,
        windGust: ((minute * 53) % 300) / 10,
        temperature: ((minute * 29) % 400) / 10 - 5,
      });
    });
  const THREE_DAYS = 72 * 60;

  /** A minute's value takes some 5 bytes, of three metrics in 4320 minutes; the rest is a few kB. */
  it("takes some 63 kB after 72 h of changing minutes under four rules, and no more after as long again", () => {
    const plan = planOf(rules);
    const first = runPlan(minutes(0, THREE_DAYS + 1), plan).state;
    const second = runPlan(minutes(THREE_DAYS + 1, 2 * THREE_DAYS + 1), plan, first).state;
    const [bytes, bytesLater] = [first, second].map((state) => Buffer.byteLength(serializeState(state)));
    expect(bytes).to.be.within(60_000, 66_000);
    expect(bytesLater).to.be.within(60_000, 66_000);
    expect(segmentsOf(second.windows.rainIntensity ?? EMPTY_SERIES)).to.have.lengthOf(THREE_DAYS);
    expect(second.history.rainIntensity).to.have.lengthOf(25);
  });

  it("takes a few kB when the weather stays the same, however often that is observed", () => {
    const dry = Array.from({ length: THREE_DAYS }, (_, minute) =>
      at(minute / 60, { rainIntensity: 0, windGust: 3, temperature: 20 }),
    );
    const { state } = runPlan(dry, planOf(rules));
    expect(Buffer.byteLength(serializeState(state))).to.be.below(3000);
  });

  it("comes back as it was, without idle rules, hazards or windows of what is not measured", () => {
    const text = serializeState(runPlan(gusts([5, 5]), planOf([GUST_RULE])).state);
    expect(JSON.parse(text)).to.deep.equal({
      version: 1,
      lastSeconds: START / 1000 + 3600,
      windows: {},
      history: {
        windGust: [
          [START / 1000 - 3600, 5],
          [START / 1000, 5],
        ],
      },
      rules: {},
      hazards: {},
      latest: { time: "2024-04-30T01:00:00Z", values: { windGust: 5 } },
      recent: { windGust: [5, START / 1000, START / 1000 + 3600, 5] },
      doubted: {},
      unwatched: {},
      events: [],
      pending: [],
    });
    expect(serializeState(parseState(text))).to.equal(text);
  });

  it("keeps what is pending, which the evaluation never touches", () => {
    const cap = { sent: rainEscalation.time, references: [] };
    const pending = [{ transition: rainEscalation, languages: ["pt-BR" as const], cap }];
    const { state } = runPlan(gusts([5, 35]), planOf([GUST_RULE]), { ...INITIAL_STATE, pending });
    expect(state.pending).to.equal(pending);
    expect(parseState(serializeState(state)).pending).to.deep.equal(pending);
  });

  it("takes 24 h of hours and the one under way with it, not more", () => {
    const rain = Array.from({ length: 72 * 2 }, (_, half) => at(half / 2, { rainIntensity: 3 }));
    const { state } = runPlan(rain, planOf([rules[0] ?? GUST_RULE]));
    const hours = state.history.rainIntensity ?? [];
    expect(hours).to.have.lengthOf(25);
    expect(hours.slice(0, -1).every(([, millimetres]) => millimetres === 3)).to.equal(true);
    expect(hours.at(-1)).to.deep.equal([START / 1000 + 71 * 3600, 1.5]);
  });
});

describe("what is no state", () => {
  const text = serializeState(runPlan(gusts([5, 12]), planOf([GUST_RULE])).state);
  const changed = (change: Partial<Record<keyof AlertState, unknown>>) =>
    JSON.stringify({ ...(JSON.parse(text) as object), ...change });
  const garbage: Readonly<Record<string, string>> = {
    "no JSON": "{",
    nothing: "null",
    "an empty object": "{}",
    "another version": changed({ version: 2 }),
    "a state without its fields": JSON.stringify({ version: 1 }),
    "a time in words": changed({ lastSeconds: "yesterday" }),
    "a rank that is none": changed({ hazards: { wind: { rank: 4 } } }),
    "windows of another shape": changed({ windows: { windGust: [[0, 1, 2]] } }),
    "a pending message in no language of ours": changed({
      pending: [{ transition: rainEscalation, languages: ["tlh"] }],
    }),
  };
  for (const [name, json] of Object.entries(garbage)) {
    it(`is refused: ${name}`, () => {
      expect(() => parseState(json)).to.throw();
    });
  }

  it("is refused with more or fewer values than its steps are for", () => {
    for (const values of [[1], [1, 2, 3]]) {
      const windows = { windGust: { start: 0, steps: [60, 2], values } };
      expect(() => parseState(changed({ windows }))).to.throw(
        StoredSeriesError,
        `steps are for 2 values, but there are ${values.length}`,
      );
    }
  });
});
