import { expect } from "chai";
import fc from "fast-check";
import { evaluate } from "../../handlers/weather/alerts/evaluate.ts";
import { INITIAL_STATE } from "../../handlers/weather/alerts/state.ts";
import type { Transition } from "../../handlers/weather/alerts/transition.ts";
import { observedSeconds, takeMeasure } from "../../handlers/weather/rules/measure.ts";
import type { Rule } from "../../handlers/weather/rules/rules.ts";
import type { Cell } from "../../local/athena/result.ts";
import { planOf } from "../handlers/support/plan.ts";
import { type Asked, askedOf } from "./asked.ts";
import type { AlertRow, GoldRow } from "./weather-table.ts";

/** An observation so many minutes after the one before; null is unknown. */
interface Step {
  readonly minutes: number;
  readonly rain: number | null;
  readonly gust: number | null;
  readonly humidity: number | null;
}

const START = Date.parse("2024-05-01T00:00:00Z");
const HOUR = 3600;

const known = (most: number, factor: number) =>
  fc.option(
    fc.integer({ min: 0, max: most }).map((number) => factor * number),
    { freq: 4 },
  );
/** Intensities in sixes make whole tenths of mm in any minutes, so that no sum lies between two roundings. */
const seriesWith = (minutes: fc.Arbitrary<number>) =>
  fc.array(fc.record({ minutes, rain: known(5, 6), gust: known(40, 0.5), humidity: known(20, 5) }), {
    minLength: 1,
    maxLength: 25,
  });
/** In sixes, so that each is whole tenths of an hour. */
const shortSteps = fc.integer({ min: 1, max: 15 }).map((tenths) => 6 * tenths);
const anySteps = fc.oneof(shortSteps, fc.constantFrom(60, 180, 1434, 1440, 1446, 3000));
/** Each series is a location's own: one gold for several is quicker than a gold for each. */
const places = (minutes: fc.Arbitrary<number>) =>
  fc.array(seriesWith(minutes), { minLength: 1, maxLength: 8 });
const RUNS = { numRuns: 12 };

const sumOver = (over: string): Rule => ({
  hazard: `rain-${over}`,
  measure: { metric: "rainIntensity", over, as: "sum" },
  levels: { yellow: 5, orange: 20 },
});

const RULES: readonly Rule[] = [
  ...["1h", "3h", "24h"].map(sumOver),
  { hazard: "mean", measure: { metric: "rainIntensity", over: "6h", as: "mean" }, levels: { yellow: 4 } },
  { hazard: "gust", measure: { metric: "windGust", unit: "km/h" }, levels: { yellow: 30, red: 60 } },
  { hazard: "calm", measure: { metric: "windGust", over: "3h", as: "max" }, levels: { red: 9 }, below: true },
  { hazard: "dry", measure: { metric: "humidity" }, levels: { yellow: 40, red: 20 }, below: true },
  { hazard: "wet", measure: { metric: "humidity", over: "3h", as: "min" }, levels: { yellow: 60 } },
];
const PLAN = planOf(RULES);

/** What the alerts make of one observation. */
interface Seen extends Step {
  readonly time: string;
  readonly seconds: number;
  /** By hazard. */
  readonly measures: Readonly<Record<string, number | null>>;
}

function evaluated(location: string, steps: readonly Step[]): { seen: Seen[]; announced: Transition[] } {
  const seen: Seen[] = [];
  const announced: Transition[] = [];
  let state = INITIAL_STATE;
  let time = START;
  for (const step of steps) {
    time += step.minutes * 60_000;
    const { lastSeconds } = state;
    const values = { rainIntensity: step.rain, windGust: step.gust, humidity: step.humidity };
    const evaluation = evaluate(state, { location, time: new Date(time), values }, PLAN);
    state = evaluation.state;
    announced.push(...evaluation.announced);
    const rules = PLAN.hazards.flatMap(({ hazard, rules }) => rules.map((rule) => ({ hazard, rule })));
    const measures = rules.flatMap(({ hazard, rule }) =>
      rule.conditions.map((condition) => [
        hazard,
        takeMeasure(condition, { values, seconds: time / 1000, doubtful: new Set() }, state).value,
      ]),
    );
    seen.push({
      ...step,
      time: utc(time),
      seconds: observedSeconds(lastSeconds, time / 1000),
      measures: Object.fromEntries(measures),
    });
  }
  return { seen, announced };
}

/** Asks the queries about series, each of a location of its own, and the alerts that come of them. */
async function compared(
  series: readonly (readonly Step[])[],
  judge: (asked: Asked, seen: readonly [string, Seen[], Transition[]][]) => Promise<void>,
): Promise<void> {
  const all = series.map((steps, index): [string, Seen[], Transition[]] => {
    const { seen, announced } = evaluated(`place-${index}`, steps);
    return [`place-${index}`, seen, announced];
  });
  const observations = all.flatMap(([location, seen]) =>
    seen.map(
      ({ time, rain, gust, humidity }): GoldRow => ({
        location,
        observed_at: time,
        rain_intensity: rain,
        wind_gust: gust,
        humidity,
        temperature: rain === null ? null : 20,
        wind_speed: 1,
      }),
    ),
  );
  await using asked = await askedOf(
    observations,
    all.flatMap(([, , announced]) => announced.map(toAlertRow)),
  );
  await judge(asked, all);
}

function toAlertRow({ id, time, since, measure, below, ...transition }: Transition): AlertRow {
  const { location, hazard, kind, level, value, threshold } = transition;
  return {
    ...{ transition: id, location, hazard, kind, level, value, threshold },
    ...{ occurred_at: gold(time), started_at: gold(since), below: String(below) },
    ...{ metric: measure.metric, aggregate: measure.as, duration: measure.over, unit: measure.unit },
  };
}

describe("queries and alerts", function () {
  this.timeout(300_000);

  it("integrate by one rule", async () => {
    await fc.assert(
      fc.asyncProperty(places(anySteps), (series) =>
        compared(series, async (asked, all) => {
          const rows = await asked.rows("rain_running_sums", {}, [
            "location",
            "observed_at",
            "rain",
            "rain_3h",
            "rain_24h",
          ]);
          expect(rows).to.deep.equal(
            all.flatMap(([location, seen]) =>
              seen
                .filter(({ rain }) => rain !== null)
                .map(({ time, rain, seconds, measures }) => [
                  location,
                  `${time}.000`,
                  seconds === 0 ? null : tenths((Number(rain) * seconds) / HOUR),
                  tenths(measures["rain-3h"]),
                  tenths(measures["rain-24h"]),
                ]),
            ),
          );

          const totals = (rowsOfQuery: readonly Cell[][]) =>
            new Map([...Map.groupBy(rowsOfQuery, ([location]) => String(location))].map(toTotal));
          const hours = (isCounted: (seen: Seen) => boolean) =>
            new Map(
              all.flatMap(([location, seen]): [string, number][] => {
                const counted = seen.filter(isCounted);
                return counted.length === 0 ? [] : [[location, inHours(counted)]];
              }),
            );
          const isKnown = ({ rain }: Seen) => rain !== null;
          expect(
            totals(await asked.rows("fire_weather_hours", {}, ["location", "hours_known"])),
            "fire_weather_hours",
          ).to.satisfy(nearly(hours((seen) => isKnown(seen) && seen.humidity !== null)));
          expect(
            totals(await asked.rows("threshold_runs", { threshold: 6 }, ["location", "hours_beyond"])),
            "threshold_runs",
          ).to.satisfy(nearly(hours(({ rain }) => Number(rain) >= 6)));
          expect(
            totals(
              await asked.rows("return_levels", { metric: "rain_1h", thresholds: "5" }, [
                "location",
                "hours_beyond",
              ]),
            ),
            "return_levels",
          ).to.satisfy(
            nearly(
              hours((seen) => isKnown(seen) && seen.seconds > 0),
              hours((seen) => isKnown(seen) && Number(seen.measures["rain-1h"]) >= 5),
            ),
          );
          expect(
            totals(await asked.rows("daily_summary", { time_zone: "UTC" }, ["location", "rain_hours_known"])),
            "daily_summary",
          ).to.satisfy(
            nearly(
              hours(() => true),
              hours(isKnown),
            ),
          );
          expect(
            await asked.rows("worst_rain_by_month", {}, ["location", "month", "rain_24h"]),
            "worst_rain_by_month",
          ).to.deep.equal(all.flatMap(([location, seen]) => worstByMonth(location, seen)));
        }),
      ),
      RUNS,
    );
  });

  it("agree on the peak of an alert", async () => {
    await fc.assert(
      fc.asyncProperty(places(anySteps), (series) =>
        compared(series, async (asked, all) => {
          const rows = await asked.rows("alert_history", {}, [
            "location",
            "hazard",
            "started_at",
            "peak",
            "peak_at",
            "peak_from",
          ]);
          expect(rows).to.have.deep.members(
            all.flatMap(([location, seen, announced]) => peaksOf(location, seen, announced)),
          );
        }),
      ),
      RUNS,
    );
  });

  it("see the same from a day inside the record on", async () => {
    const steps = fc.oneof(shortSteps, fc.constantFrom(180, 702, 1434));
    await fc.assert(
      fc.asyncProperty(places(steps), fc.integer({ min: 1, max: 5 }), (series, days) =>
        compared(series, async (asked) => {
          const from = new Date(START + days * 24 * HOUR * 1000).toISOString().slice(0, 10);
          for (const [name, column] of [
            ["rain_running_sums", "observed_at"],
            ["daily_summary", "local_day"],
          ] as const) {
            const query = { time_zone: "UTC" };
            const all = await asked.rows(name, query);
            const days = await asked.rows(name, query, [column]);
            const later = all.filter((_, index) => String(days[index]?.[0]) >= from);
            expect(await asked.rows(name, { ...query, from }), name).to.deep.equal(later);
          }
        }),
      ),
      RUNS,
    );
  });
});

function peaksOf(location: string, seen: readonly Seen[], announced: readonly Transition[]): Cell[][] {
  const episodes = Map.groupBy(announced, ({ hazard, since }) => `${hazard} ${since}`);
  return [...episodes.values()].flatMap((episode) => {
    const [first] = episode;
    if (first === undefined) return [];
    const { hazard, below } = first;
    const since = gold(first.since);
    const cleared = episode.find(({ kind }) => kind === "clear");
    const until = cleared === undefined ? "9999" : gold(cleared.time);
    const sign = below ? -1 : 1;
    const during = seen
      .filter(({ time }) => time >= since && time <= until)
      .flatMap(({ time, measures }) => {
        const value = measures[hazard] ?? null;
        return value === null ? [] : [{ time, value }];
      });
    const peak = during.toSorted((a, b) => sign * (b.value - a.value) || (a.time < b.time ? -1 : 1))[0];
    return [
      [
        location,
        hazard,
        `${since}.000`,
        Math.round(Number(peak?.value) * 1000) / 1000,
        `${peak?.time}.000`,
        "observations",
      ],
    ];
  });
}

function worstByMonth(location: string, seen: readonly Seen[]): Cell[][] {
  const counted = seen.filter(({ rain, seconds }) => rain !== null && seconds > 0);
  const months = Map.groupBy(counted, ({ time }) => time.slice(0, 7));
  return [...months].map(([month, members]) => [
    location,
    month,
    Math.max(...members.map(({ measures }) => Number(tenths(measures["rain-24h"])))),
  ]);
}

function toTotal([location, rows]: [string, Cell[][]]): [string, number] {
  return [location, rows.reduce((total, [, hours]) => total + Number(hours), 0)];
}

function inHours(seen: readonly Seen[]): number {
  return seen.reduce((total, { seconds }) => total + seconds, 0) / HOUR;
}

/** The same locations, each with the hours that are expected of it, or none. */
function nearly(locations: ReadonlyMap<string, number>, expected = locations) {
  return (found: ReadonlyMap<string, number>) =>
    [...found.keys()].toSorted().join() === [...locations.keys()].toSorted().join() &&
    [...found].every(([location, hours]) => Math.abs(hours - (expected.get(location) ?? 0)) < 1e-6);
}

function tenths(value: number | null | undefined): number | null {
  return value === null || value === undefined ? null : Math.round(value * 10) / 10;
}

/** As gold has it: `2024-05-01 00:00:00`. */
function utc(time: number): string {
  return gold(new Date(time).toISOString());
}

function gold(time: string): string {
  return time.slice(0, 19).replace("T", " ");
}
