import { expect } from "chai";
import fc from "fast-check";
import { aggregate, appendSegment, observedSeconds } from "../../../handlers/weather/measure.ts";
import type { Segment } from "../../../handlers/weather/state.ts";

const HOUR = 3600;
const DAY = 24 * HOUR;

/** Segments of observations [seconds, value], as the evaluation builds them. */
function segmentsOf(
  observations: readonly (readonly [number, number | null])[],
  windowSeconds = DAY,
): Segment[] {
  let segments: Segment[] = [];
  let last: number | null = null;
  for (const [seconds, value] of observations) {
    const observation = { seconds, observedSeconds: observedSeconds(last, seconds), value };
    segments = appendSegment(segments, observation, windowSeconds);
    last = seconds;
  }
  return segments;
}

const hourly = (values: readonly (number | null)[]) =>
  values.map((value, index) => [index * HOUR, value] as const);

function sumOver(seconds: number, segments: readonly Segment[], now: number) {
  return aggregate(segments, { seconds, as: "sum" }, now).value;
}

describe("a window", () => {
  it("sums hourly intensities plainly, from the second reading on", () => {
    const segments = segmentsOf(hourly([7, 1, 2, 3, 4]));
    expect(sumOver(3 * HOUR, segments, 4 * HOUR)).to.equal(9);
    expect(sumOver(DAY, segments, 4 * HOUR)).to.equal(10);
  });

  it("counts a location's first observation for no time, since none is known to have been observed", () => {
    expect(sumOver(HOUR, segmentsOf(hourly([30])), 0)).to.equal(null);
  });

  it("counts an observation after a gap for an hour at most", () => {
    const segments = segmentsOf([
      [0, 0],
      [5 * HOUR, 12],
    ]);
    expect(sumOver(DAY, segments, 5 * HOUR)).to.equal(12);
  });

  it("takes null for unknown, not for zero", () => {
    const segments = segmentsOf(hourly([0, 4, null, null, 4]));
    expect(aggregate(segments, { seconds: 4 * HOUR, as: "mean" }, 4 * HOUR)).to.deep.equal({
      value: 4,
      complete: false,
    });
    expect(sumOver(HOUR, segments, 3 * HOUR)).to.equal(null);
  });

  it("counts the part of a segment that lies inside", () => {
    const segments = segmentsOf([
      [0, 0],
      [HOUR, 10],
      [HOUR + 900, 4],
    ]);
    expect(sumOver(HOUR, segments, HOUR + 900)).to.equal(10 * 0.75 + 4 * 0.25);
  });

  it("knows maximum, minimum and the mean by time", () => {
    const segments = segmentsOf([
      [0, 9],
      [HOUR, 3],
      [HOUR + 1800, 6],
    ]);
    const window = (as: "max" | "min" | "mean") =>
      aggregate(segments, { seconds: 1.5 * HOUR, as }, HOUR + 1800).value;
    expect([window("max"), window("min"), window("mean")]).to.deep.equal([6, 3, 4]);
  });

  it("is as exact from minutes as from one segment, and keeps a dry day in one", () => {
    const dry = segmentsOf(Array.from({ length: 2000 }, (_, minute) => [minute * 60, 0] as const));
    expect(dry).to.have.lengthOf(1);
  });

  it("sums any readings as integrating them one by one does", () => {
    const reading = fc.tuple(
      fc.integer({ min: 1, max: 3 * HOUR }),
      fc.option(fc.integer({ min: 0, max: 50 })),
    );
    const property = fc.property(
      fc.array(reading, { minLength: 2, maxLength: 60 }),
      fc.integer({ min: 60, max: DAY }),
      (steps, window) => {
        let now = 0;
        const observations = steps.map(([step, value]) => {
          now += step;
          return [now, value] as const;
        });
        const expected = observations.slice(1).reduce((total, [seconds, value], index) => {
          const start = Math.max(observations[index]?.[0] ?? 0, seconds - HOUR, now - window);
          return total + ((value ?? 0) * Math.max(0, seconds - start)) / HOUR;
        }, 0);
        expect(sumOver(window, segmentsOf(observations), now) ?? 0).to.be.closeTo(expected, 1e-9);
      },
    );
    fc.assert(property);
  });
});
