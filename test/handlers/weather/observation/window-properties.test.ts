import { expect } from "chai";
import fc from "fast-check";
import {
  restoreSeries,
  storedSeriesSchema,
  storeSeries,
} from "../../../../handlers/weather/observation/stored-series.ts";
import {
  append,
  EMPTY_SERIES,
  type Series,
  segmentsOf,
  toMillionths,
} from "../../../../handlers/weather/observation/window.ts";
import { aggregate, observedSeconds } from "../../../../handlers/weather/rules/measure.ts";
import type { CompiledWindow } from "../../../../handlers/weather/rules/rules.ts";
import { DAY, HOUR, type PlainReading } from "../../support/series.ts";

const LONGEST = 3 * DAY;
const WINDOWS = [600, 1800, HOUR, 6 * HOUR, DAY, LONGEST] as const;
const AGGREGATES = ["sum", "mean", "max", "min"] as const;

/** What a window says, from all readings ever taken: each stands for the time since the one before, an hour at most. */
type Aggregated = ReturnType<typeof aggregate>;

function aggregateNaively(readings: readonly PlainReading[], { seconds, as }: CompiledWindow): Aggregated {
  const now = readings.at(-1)?.[0] ?? 0;
  const from = now - seconds;
  const parts = readings.flatMap(([end, value], index) => {
    const millionths = value === null || Math.abs(value) > 10_000 ? null : BigInt(Math.round(value * 1e6));
    if (millionths === null || end <= from) return [];
    const start = Math.max(readings[index - 1]?.[0] ?? end, end - HOUR, from);
    return [{ seconds: end - start, millionths }];
  });
  const covered = parts.reduce((sum, part) => sum + part.seconds, 0);
  if (parts.length === 0) return { value: null, complete: false };
  const complete = covered >= seconds;
  const values = parts.map(({ millionths }) => Number(millionths) / 1e6);
  if (as === "max") return { value: Math.max(...values), complete };
  if (as === "min") return { value: Math.min(...values), complete };
  if (covered === 0) return { value: null, complete: false };
  const integral = parts.reduce((sum, part) => sum + part.millionths * BigInt(part.seconds), 0n);
  return { value: Number(integral) / (as === "mean" ? covered : HOUR) / 1e6, complete };
}

/** Equal to a millionth, of which the last digit is rounded; a maximum or minimum is exact. */
function expectAgreement(found: Aggregated, expected: Aggregated, window: CompiledWindow): void {
  const label = `${window.as} of ${window.seconds} s`;
  expect(found.complete, label).to.equal(expected.complete);
  if (found.value === null || expected.value === null || window.as === "max" || window.as === "min") {
    expect(found.value, label).to.equal(expected.value);
  } else {
    expect(found.value, label).to.be.closeTo(expected.value, 0.501e-6 + Math.abs(expected.value) * 1e-15);
  }
}

function add(
  series: Series,
  readings: readonly PlainReading[],
  index: number,
  windowSeconds: number,
): Series {
  const [seconds, value] = readings[index] ?? [0, null];
  const last = readings[index - 1]?.[0] ?? null;
  const observed = { seconds, observedSeconds: observedSeconds(last, seconds) };
  return append(series, observed, toMillionths(value), windowSeconds);
}

function storeAndRestore(series: Series): Series {
  const stored = storeSeries(series);
  if (stored === undefined) return EMPTY_SERIES;
  return restoreSeries(storedSeriesSchema.parse(JSON.parse(JSON.stringify(stored))), series.from);
}

const anyValue = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(0, 0, 0.1, 0.2, 4, 7.3) },
  { weight: 2, arbitrary: fc.double({ min: -60, max: 300, noNaN: true }) },
  { weight: 1, arbitrary: fc.constantFrom(null, 9999.999999, -10_000, 10_000.5) },
);
/** Seconds: edges of windows and of the hour that an observation stands for at most, and anything between. */
const anyGap = fc.oneof(
  { weight: 4, arbitrary: fc.constantFrom(1, 60, 599, 600, 601, HOUR - 1, HOUR, HOUR + 1) },
  { weight: 1, arbitrary: fc.integer({ min: 1, max: 5 * HOUR }) },
  { weight: 1, arbitrary: fc.constantFrom(6 * HOUR, DAY - 1, DAY, DAY + 1) },
);
/** Runs of a value, as in dry or missing hours, or of values that rise or fall with each reading, with gaps between. */
const anyReadings = fc
  .array(fc.tuple(anyGap, anyValue, fc.constantFrom(0, 0.1, -0.3), fc.integer({ min: 1, max: 90 })), {
    minLength: 1,
    maxLength: 8,
  })
  .map((runs): PlainReading[] => {
    let now = 1_700_000_000;
    return runs.flatMap(([gap, value, drift, count]) =>
      Array.from({ length: count }, (_, index): PlainReading => {
        now += gap;
        return [now, value === null ? null : value + index * drift];
      }),
    );
  });
const anyAggregate = fc.constantFrom(...AGGREGATES);

describe("a window of any readings", () => {
  it("says what a sum over all of them says, after each one, whatever the window", () => {
    const property = fc.property(anyReadings, anyAggregate, (readings, as) => {
      let series = EMPTY_SERIES;
      for (let index = 0; index < readings.length; index++) {
        series = add(series, readings, index, LONGEST);
        const now = readings[index]?.[0] ?? 0;
        const seconds = WINDOWS[index % WINDOWS.length] ?? HOUR;
        const window = { seconds, as };
        const expected = aggregateNaively(readings.slice(0, index + 1), window);
        expectAgreement(aggregate(series, window, now), expected, window);
      }
    });
    fc.assert(property, { numRuns: 200 });
  });

  it("says the same after storage, at any time, and goes on to say it", () => {
    const property = fc.property(
      anyReadings,
      anyAggregate,
      fc.constantFrom(...WINDOWS),
      fc.integer({ min: 1, max: 50 }),
      (readings, as, seconds, every) => {
        let [kept, restored] = [EMPTY_SERIES, EMPTY_SERIES];
        for (let index = 0; index < readings.length; index++) {
          kept = add(kept, readings, index, seconds);
          restored = add(restored, readings, index, seconds);
          if (index % every === 0) restored = storeAndRestore(restored);
          const now = readings[index]?.[0] ?? 0;
          const window = { seconds, as };
          expect(aggregate(restored, window, now)).to.deep.equal(aggregate(kept, window, now));
        }
        expect(storeSeries(restored)).to.deep.equal(storeSeries(kept));
        const window = { seconds, as };
        const now = readings.at(-1)?.[0] ?? 0;
        expectAgreement(aggregate(restored, window, now), aggregateNaively(readings, window), window);
      },
    );
    fc.assert(property, { numRuns: 200 });
  });

  it("says the same on every branch of a series, whichever was asked before", () => {
    const property = fc.property(
      anyReadings,
      anyReadings,
      anyAggregate,
      fc.nat({ max: 400 }),
      (trunk, branch, as, cut) => {
        const length = 1 + (cut % trunk.length);
        const start = trunk[length - 1]?.[0] ?? 0;
        const other = [
          ...trunk.slice(0, length),
          ...branch.map(([seconds, value]): PlainReading => [seconds - 1_700_000_000 + start, value]),
        ];
        let series = EMPTY_SERIES;
        for (let index = 0; index < length; index++) series = add(series, trunk, index, LONGEST);
        const before = segmentsOf(series);
        const branches = [trunk, other].map((readings) => ({ readings, series }));
        for (let index = length; index < Math.max(trunk.length, other.length); index++) {
          for (const each of branches) {
            if (index >= each.readings.length) continue;
            each.series = add(each.series, each.readings, index, LONGEST);
            const window = { seconds: DAY, as };
            const expected = aggregateNaively(each.readings.slice(0, index + 1), window);
            expectAgreement(aggregate(each.series, window, each.readings[index]?.[0] ?? 0), expected, window);
          }
        }
        expect(segmentsOf(series)).to.deep.equal(before);
      },
    );
    fc.assert(property);
  });

  it("says the same of every series on the way, in whatever order they are asked", () => {
    const property = fc.property(
      anyReadings,
      anyAggregate,
      fc.array(fc.nat({ max: 800 }), { minLength: 1, maxLength: 20 }),
      (readings, as, picks) => {
        let series = EMPTY_SERIES;
        const all = readings.map((_, index) => {
          series = add(series, readings, index, LONGEST);
          return series;
        });
        for (const pick of picks) {
          const index = pick % all.length;
          const window = { seconds: 6 * HOUR, as };
          const found = aggregate(all[index], window, readings[index]?.[0] ?? 0);
          expectAgreement(found, aggregateNaively(readings.slice(0, index + 1), window), window);
        }
      },
    );
    fc.assert(property, { numRuns: 200 });
  });

  it("is exact after months at the far end of what is plausible", () => {
    let series = EMPTY_SERIES;
    let seconds = 0;
    const take = (value: number | null, observedSeconds: number) => {
      seconds += observedSeconds;
      series = append(series, { seconds, observedSeconds }, toMillionths(value), LONGEST);
    };
    for (let hour = 0; hour < 100 * 24; hour++) take(hour % 120 < 60 ? 10_000 : 9_999.999_999, HOUR);
    take(null, HOUR);
    take(1.000_001, 1);
    take(3.000_001, 1);
    const mean = aggregate(series, { seconds: 600, as: "mean" }, seconds);
    expect(mean).to.deep.equal({ value: 2.000_001, complete: false });
  });

  it("is exact at the far end of what is plausible, for 72 h of minutes", () => {
    const readings = Array.from(
      { length: 72 * 60 + 1 },
      (_, minute): PlainReading => [minute * 60, minute % 2 === 0 ? 10_000 : 9_999.999_999],
    );
    let series = EMPTY_SERIES;
    for (let index = 0; index < readings.length; index++) series = add(series, readings, index, LONGEST);
    const sum = aggregate(series, { seconds: LONGEST, as: "sum" }, LONGEST);
    expect(sum).to.deep.equal({ value: 719_999.999_964, complete: true });
  });
});
