import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { stripVTControlCharacters } from "node:util";
import { expect } from "chai";
import { formatPlot, type PlotOptions } from "../../../cli/query/plot.ts";
import { isPlottable } from "../../../cli/query/plot-columns.ts";
import { monthTicks, timeTicks, valueTicks } from "../../../cli/query/ticks.ts";
import type { Cell, QueryResult } from "../../../local/athena/result.ts";
import { parseSavedQuery, readSavedQueries } from "../../../queries/saved-queries.ts";

const RAIN = parseSavedQuery(
  "rain",
  "-- title: Rain\n-- question: How much?\n-- cost: little\n-- columns: location, observed_at UTC, rain mm, rain_24h mm, gust m/s, count\nSELECT 1",
);
const MONTHS = parseSavedQuery(
  "months",
  "-- title: Months\n-- question: How warm?\n-- cost: little\n-- columns: location, month UTC, warmth °C\nSELECT 1",
);

/** Hours of two wet days; a sensor that says nothing from 18 to 24, and none of the gusts. */
const hourly: readonly (readonly Cell[])[] = Array.from({ length: 48 }, (_, hour) => {
  const rain = Math.max(0, Math.round(80 * Math.sin(hour / 8)) / 10);
  const isSilent = hour >= 18 && hour < 24;
  const time = `2024-04-${30 - Math.floor((47 - hour) / 24)} ${String(hour % 24).padStart(2, "0")}:00:00.000`;
  return ["poa", time, isSilent ? null : rain, isSilent ? null : Math.min(40, 2 * hour), null, 1];
});

function result(names: readonly string[], rows: readonly (readonly Cell[])[]): QueryResult {
  return { columns: names.map((name) => ({ name, type: "varchar" })), rows, bytesScanned: 0 };
}

const rain = result(["location", "observed_at", "rain", "rain_24h", "gust", "count"], hourly);
const twoPlaces = {
  ...rain,
  rows: [...hourly, ...hourly.map((row) => ["rio", row[1] ?? null, 3, 20, null, 1])],
};
const plain: PlotOptions = { columns: [], width: 72, hasColors: false };

describe("plots", () => {
  it("draw a column as a line that ends where figures end", () => {
    expectGolden("one-column.txt", formatPlot(RAIN, rain, { ...plain, columns: ["rain"] }));
  });

  it("draw the columns of the first unit with a symbol each", () => {
    expectGolden("one-unit.txt", formatPlot(RAIN, rain, plain));
  });

  it("draw a series for each place", () => {
    expectGolden("two-places.txt", formatPlot(RAIN, twoPlaces, { ...plain, columns: ["rain"] }));
  });

  it("draw a chart for each unit, and say where there is nothing to draw", () => {
    const text = formatPlot(RAIN, rain, { ...plain, columns: ["rain", "gust"] });
    expect(text).to.match(/^mm, by observed_at \(UTC\)$/m);
    expect(text).to.match(/^m\/s, by observed_at \(UTC\)\n\nno values$/m);
    expect(formatPlot(RAIN, { ...rain, rows: [] }, plain)).to.match(/no values/);
  });

  it("draw months as months", () => {
    const rows = [8, 12.5, null, 30].map((warmth, month) => ["poa", `2024-0${month + 1}`, warmth]);
    expectGolden("months.txt", formatPlot(MONTHS, result(["location", "month", "warmth"], rows), plain));
  });

  it("draw a single figure", () => {
    expectGolden("one-figure.txt", formatPlot(RAIN, { ...rain, rows: hourly.slice(4, 5) }, plain));
  });

  it("keep to the terminal's width", () => {
    for (const width of [40, 64, 80, 133]) {
      for (const rows of [hourly, hourly.slice(0, 9), hourly.slice(7, 30)]) {
        const lines = formatPlot(RAIN, { ...rain, rows }, { ...plain, width }).split("\n");
        const chart = lines.slice(lines.findIndex((line) => line.endsWith("▲")));
        expect(Math.max(...chart.map((line) => line.length)), `${width}`).to.be.within(width - 10, width);
      }
    }
  });

  it("have colours only where they are shown, and the same symbols with them", () => {
    const colored = formatPlot(RAIN, rain, { ...plain, hasColors: true });
    expect(colored).to.include("\u001b[36m●\u001b[39m rain").and.include("\u001b[33m○\u001b[39m rain_24h");
    expect(stripVTControlCharacters(colored)).to.equal(formatPlot(RAIN, rain, plain));
  });

  it("are there for a query with one column of times and values", () => {
    const isPlotted = (columns: string) =>
      isPlottable(
        parseSavedQuery("q", `-- title: t\n-- question: q\n-- cost: c\n-- columns: ${columns}\nSELECT 1`),
      );
    expect(["day UTC, rain mm", "day local day, rain mm", "local_day, rain mm"].map(isPlotted)).to.deep.equal(
      [true, true, true],
    );
    expect(
      ["rain mm", "day UTC, name", "from_at UTC, to_at UTC, rain mm", "local_hour h, rain mm"].map(isPlotted),
    ).to.deep.equal([false, false, false, true].map(() => false));
    expect(
      readSavedQueries("queries")
        .filter(isPlottable)
        .map(({ name }) => name),
    ).to.include("rain_running_sums");
  });
});

describe("ticks", () => {
  const figures: [number[], string[]][] = [
    [
      [0, 117.4],
      ["0", "50", "100", "150"],
    ],
    [
      [-3.2, 4.9],
      ["-5", "0", "5"],
    ],
    [
      [0.12, 0.18],
      ["0.12", "0.14", "0.16", "0.18"],
    ],
    [[7], ["6", "8"]],
    [[0], ["0.0", "0.5"]],
  ];
  for (const [values, labels] of figures) {
    it(`of figures from ${values.join(" to ")} are ${labels.join(", ")}`, () => {
      const ticks = valueTicks(values, 4);
      expect(ticks.values.map(ticks.format)).to.deep.equal(labels);
    });
  }

  const times: [string, string, string[]][] = [
    [
      "2024-04-30T22:30Z",
      "2024-05-01T03:00Z",
      ["04-30 23:00", "05-01 00:00", "05-01 01:00", "05-01 02:00", "05-01 03:00"],
    ],
    ["2024-04-29T00:00Z", "2024-05-05T23:00Z", ["04-29", "05-01", "05-03", "05-05"]],
    [
      "2022-01-01T00:00Z",
      "2024-05-05T00:00Z",
      ["2022-04-28", "2022-10-27", "2023-04-27", "2023-10-26", "2024-04-25"],
    ],
    ["2024-04-29T07:10Z", "2024-04-29T07:10Z", ["04-29 07:10"]],
  ];
  for (const [from, to, labels] of times) {
    it(`of times from ${from} to ${to} are ${labels.join(", ")}`, () => {
      const ticks = timeTicks([Date.parse(from), Date.parse(to)], 5);
      expect(ticks.values.map(ticks.format)).to.deep.equal(labels);
    });
  }

  it("of months leave some out where there are many", () => {
    const months = Array.from({ length: 9 }, (_, index) => Date.UTC(2024, index));
    const ticks = monthTicks(months, 3);
    expect(ticks.values.map(ticks.format)).to.deep.equal(["2024-01", "2024-04", "2024-07"]);
  });
});

/** Compares with a file beside this one; `UPDATE_GOLDEN=1` writes it instead. Read the diff before you commit it. */
function expectGolden(name: string, text: string): void {
  const file = new URL(`golden/${name}`, import.meta.url);
  if (process.env.UPDATE_GOLDEN === "1") writeFileSync(file, text);
  const golden = existsSync(file) ? readFileSync(file, "utf-8") : "";
  expect(text, `test/cli/query/golden/${name}; if it changed on purpose: UPDATE_GOLDEN=1 npx mocha`).to.equal(
    golden,
  );
}
