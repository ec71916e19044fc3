import { expect } from "chai";
import fc from "fast-check";
import { type HourlyHistory, historyTable } from "../../../../handlers/weather/messages/history-table.ts";
import { wordsOf } from "../../../../handlers/weather/messages/language.ts";

const HOUR = 3600;
const time = new Date("2024-04-30T11:20:00Z");
const context = { time, timeZone: "America/Sao_Paulo", words: wordsOf("en") };
const rain = { metric: "rainIntensity", over: "1h", as: "sum" } as const;

/** Values of the hours up to the one of `time`, the last one last; undefined: not known. */
function history(...values: (number | undefined)[]): HourlyHistory {
  const first = Date.UTC(2024, 3, 30, 11) / 1000 - (values.length - 1) * HOUR;
  return values.flatMap((value, index): [number, number][] =>
    value === undefined ? [] : [[first + index * HOUR, value]],
  );
}

/** The second line's bars. */
function bars(lines: readonly string[]): string {
  return lines[1]?.split(" ")[3] ?? "";
}

describe("the table of the last 24 hours", () => {
  it("tells an hour without data from a dry one", () => {
    const lines = historyTable(rain, history(0, undefined, 0.2, 20), context);

    expect(bars(lines)).to.equal(`${"-".repeat(20)}▁-▂█`);
    expect(lines[2]).to.equal("min 0, max 20, sum 20.2, 21 h without data");
    expect(lines.slice(-4)).to.deep.equal([
      "  30 Apr 05:00-06:00    0",
      "  30 Apr 06:00-07:00    -",
      "  30 Apr 07:00-08:00  0.2",
      "  30 Apr 08:00-09:00   20",
    ]);
  });

  it("is left out when nothing of the day is known", () => {
    expect(historyTable(rain, [], context)).to.deep.equal([]);
    expect(historyTable(rain, [[Date.UTC(2024, 3, 28) / 1000, 4]], context)).to.deep.equal([]);
  });

  it("ends with the hour that the observation is in, or that it ends on", () => {
    const onTheHour = { ...context, time: new Date("2024-04-30T12:00:00Z") };

    for (const measure of [rain, { metric: "windGust" } as const]) {
      expect(historyTable(measure, history(1, 2), context)[1]).to.match(
        /^29 Apr 09:00 -{22}.█ 30 Apr 09:00$/,
      );
      expect(historyTable(measure, history(1, 2), onTheHour)[1]).to.match(/-{22}.█ 30 Apr 09:00$/);
    }
  });

  it("speaks of wind in the rule's unit, or in km/h", () => {
    const inMph = historyTable({ metric: "windGust", unit: "mph" }, history(10, 20), context);
    const inKmh = historyTable({ metric: "windGust" }, history(10, 20), context);

    expect(inMph[0]).to.equal("Last 24 hours: gust in mph, the extreme of each clock hour, local time");
    expect(inMph[2]).to.equal("min 22.4, max 44.7, 22 h without data");
    expect(inKmh[2]).to.equal("min 36, max 72, 22 h without data");
  });

  it("spans the range of a metric that has no zero, also below it", () => {
    const lines = historyTable({ metric: "windChill" }, history(-10, -5, 0), context);

    expect(bars(lines).slice(-3)).to.equal("▁▅█");
    expect(lines[0]).to.include("wind chill in °C");
  });

  it("shows local hours where they are half an hour off", () => {
    const lines = historyTable(rain, history(1), { ...context, timeZone: "Asia/Kolkata" });
    expect(lines.at(-1)).to.equal("  30 Apr 16:30-17:30  1");
  });

  it("has 24 columns and 6 rows for any history, a gap just where nothing is known", () => {
    const value = fc.option(fc.double({ min: -50, max: 200, noNaN: true }), { nil: undefined });
    const metric = fc.constantFrom("rainIntensity" as const, "temperature" as const, "windGust" as const);
    const property = fc.property(fc.array(value, { minLength: 24, maxLength: 25 }), metric, (values, of) => {
      fc.pre(values.slice(-24).some((known) => known !== undefined));
      const positive = values.map((known) => (known === undefined ? known : Math.abs(known)));

      const lines = historyTable({ metric: of }, history(...positive), context);

      const shown = Array.from(bars(lines));
      expect(shown.map((bar) => bar === "-")).to.deep.equal(
        values.slice(-24).map((known) => known === undefined),
      );
      expect(lines).to.have.lengthOf(9);
    });
    fc.assert(property);
  });
});
