import { expect } from "chai";
import { resultCsv } from "../../local/athena/result.ts";
import { expectGolden } from "../handlers/support/golden.ts";
import { type Asked, type Given, savedQueries } from "./asked.ts";
import { askedOfFlood, floodLines, type Line, WEEK } from "./flood-week.ts";

const GOLDEN = new URL("golden/", import.meta.url);

/** Where the defaults would find nothing in that week. */
const GIVEN: Readonly<Record<string, Given>> = {
  gaps: { longer_than_minutes: 59, to: "2024-04-29" },
  hours_of_strong_wind: { gust_at_least: 8 },
  fire_weather_hours: { temperature_at_least: 21, humidity_at_most: 85, wind_at_least: 1 },
};

const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe("saved queries over the flood of Porto Alegre", function () {
  this.timeout(120_000);
  let flood: Asked;
  const lines = floodLines();

  before(async () => {
    flood = await askedOfFlood();
  });

  after(() => flood?.[Symbol.asyncDispose]());

  const ask = async (name: string, columns: readonly string[], given: Given = {}) =>
    await flood.rows(name, { ...WEEK, ...given }, columns);

  for (const { name } of savedQueries) {
    it(`${name} answers its golden file`, async () => {
      expectGolden(`${name}.csv`, resultCsv(await flood.ask(name, { ...WEEK, ...GIVEN[name] })), GOLDEN);
    });
  }

  describe("agree with the figures themselves:", () => {
    it("rain by local day", async () => {
      const days = groupBy(lines, ({ time }) => utc(time - 3 * HOUR - 1000).slice(0, 10));
      const rain = [...days].map(([day, members]) => [
        day,
        round(sum(members.map((line) => line.rain))),
        members.length,
      ]);

      const answer = await ask("daily_summary", ["local_day", "rain_total", "observations"], {
        from: "2024-04-28",
      });

      expect(answer).to.deep.equal(rain);
    });

    it("24 h of rain, the worst 120.8 mm until 2 UTC on 1 May", async () => {
      const sums = lines.map(({ time }) => ({ time, rain: rainBetween(time - DAY, time) }));
      const worst = [...groupBy(sums, ({ time }) => utc(time).slice(0, 7))].map(([month, members]) => {
        const rain = Math.max(...members.map((member) => member.rain));
        return [month, rain, utc(members.find((member) => member.rain === rain)?.time ?? 0)];
      });

      expect(await ask("worst_rain_by_month", ["month", "rain_24h", "ended_at"])).to.deep.equal(worst);
      expect(worst.at(-1)).to.deep.equal(["2024-05", 120.8, "2024-05-01 02:00:00.000"]);
    });

    it("rain of 3 and 24 h at every hour", async () => {
      const sums = lines.map(({ time }, index) => {
        // The first reading of the location stands for no time.
        const sumOf = (duration: number) => (index === 0 ? null : rainBetween(time - duration, time));
        return [utc(time), sumOf(3 * HOUR), sumOf(DAY)];
      });

      expect(await ask("rain_running_sums", ["observed_at", "rain_3h", "rain_24h"])).to.deep.equal(sums);
    });

    it("gusts", async () => {
      const strongest = lines
        .filter(({ gust }) => gust !== null)
        .sort((a, b) => Number(b.gust) - Number(a.gust) || a.time - b.time)
        .slice(0, 10);

      expect(await ask("gust_ranking", ["wind_gust", "observed_at"])).to.deep.equal(
        strongest.map(({ gust, time }) => [gust, utc(time)]),
      );
    });

    it("degree days", async () => {
      const days = groupBy(lines, ({ time }) => utc(time).slice(0, 10));
      const heating = new Map<string, number>();
      for (const [day, members] of days) {
        const mean = sum(members.map(({ temperature }) => temperature)) / members.length;
        const month = day.slice(0, 7);
        heating.set(month, (heating.get(month) ?? 0) + Math.max(0, 18 - mean));
      }

      expect(await ask("degree_days", ["month", "heating"])).to.deep.equal(
        [...heating].map(([month, degrees]) => [month, round(degrees)]),
      );
    });

    it("runs of heavy rain", async () => {
      const runs: Line[][] = [];
      for (const line of lines.filter(({ rain }) => Number(rain) >= 10)) {
        const last = runs.at(-1);
        if (last?.at(-1)?.time === line.time - HOUR) last.push(line);
        else runs.push([line]);
      }

      expect(
        await ask("threshold_runs", ["started_at", "hours_beyond", "peak"], {
          metric: "rain_intensity",
          threshold: 10,
        }),
      ).to.deep.equal(
        runs.map((run) => [
          utc(run[0]?.time ?? 0),
          run.length,
          Math.max(...run.map(({ rain }) => Number(rain))),
        ]),
      );
      expect(runs).not.to.have.length(0);
    });

    it("the peak of the flood's alert, which its notifications do not have", async () => {
      const worst = Math.max(...lines.map(({ time }) => rainBetween(time - DAY, time)));
      expect(
        await ask("alert_history", ["measure", "threshold", "peak", "peak_at", "peak_from"]),
      ).to.deep.equal([["rainIntensity sum 24h", 100, worst, "2024-05-01 02:00:00.000", "observations"]]);
      expect(worst).to.equal(120.8);
    });

    it("hours with 100 mm in 24 h, and how many events they were, but no rate of a week", async () => {
      const hours = lines.filter(({ time }) => rainBetween(time - DAY, time) >= 100).map(({ time }) => time);
      const events = hours.filter((time, index) => index === 0 || time - Number(hours[index - 1]) >= DAY);

      expect(
        await ask(
          "return_levels",
          ["hours_beyond", "events", "events_per_year", "chance_in_a_year", "basis"],
          {
            thresholds: "100",
          },
        ),
      ).to.deep.equal([
        [hours.length, events.length, null, null, "no rate: less than 80 % of a year is known"],
      ]);
    });

    it("the wind rose", async () => {
      const names = "N NNE NE ENE E ESE SE SSE S SSW SW WSW W WNW NW NNW".split(" ");
      const blowing = lines.filter(({ wind, direction }) => Number(wind) > 0 && direction !== null);
      const sectors = groupBy(
        blowing,
        ({ direction }) => names[Math.round(Number(direction) / 22.5) % 16] ?? "",
      );
      const shares = [...sectors].map(([name, members]) => [
        name,
        round((100 * members.length) / blowing.length),
      ]);

      expect(await ask("wind_rose", ["sector", "share"])).to.have.deep.members(shares);
    });
  });

  /** mm after one time, until another one. */
  function rainBetween(after: number, until: number): number {
    return round(sum(lines.filter(({ time }) => time > after && time <= until).map(({ rain }) => rain)));
  }
});

function groupBy<Item>(items: readonly Item[], key: (item: Item) => string): Map<string, Item[]> {
  return Map.groupBy(items, key);
}

function sum(figures: readonly (number | null)[]): number {
  return figures.reduce<number>((total, figure) => total + (figure ?? 0), 0);
}

/** To a tenth, halves up, whatever the last digits of a sum. */
function round(figure: number): number {
  return Math.round(Number((figure * 10).toFixed(6))) / 10;
}

/** As Athena writes it. */
function utc(time: number): string {
  return new Date(time).toISOString().replace("T", " ").replace("Z", "");
}
