import { expect } from "chai";
import {
  append,
  EMPTY_SERIES,
  type Series,
  segmentsOf,
  seriesOf,
  toMillionths,
} from "../../../../handlers/weather/observation/window.ts";
import { aggregate } from "../../../../handlers/weather/rules/measure.ts";
import { DAY, HOUR, hourly, seriesOfReadings } from "../../support/series.ts";

/** Start, end and value of each stretch, in hours and units. */
const inHours = (series: Series) =>
  segmentsOf(series).map(({ start, end, value }) => [start / HOUR, end / HOUR, value / 1_000_000]);

describe("a series", () => {
  it("has no stretches at first", () => {
    expect(segmentsOf(EMPTY_SERIES)).to.deep.equal([]);
  });

  it("keeps a dry day of minutes in one stretch", () => {
    const dry = seriesOfReadings(Array.from({ length: 2000 }, (_, minute) => [minute * 60, 0] as const));
    const end = 1999 * 60;
    expect(segmentsOf(dry)).to.deep.equal([{ start: end - DAY, end, value: 0 }]);
  });

  it("has a stretch for each value, the last one open", () => {
    expect(inHours(seriesOfReadings(hourly([0, 4, 4, 2])))).to.deep.equal([
      [0, 0, 0],
      [0, 2, 4],
      [2, 3, 2],
    ]);
  });

  it("leaves a hole for the unknown, which the same value afterwards does not bridge", () => {
    expect(inHours(seriesOfReadings(hourly([4, 4, null, 4])))).to.deep.equal([
      [0, 1, 4],
      [2, 3, 4],
    ]);
  });

  it("leaves a hole for more than an hour without an observation", () => {
    const series = seriesOfReadings([
      [0, 4],
      [5 * HOUR, 4],
    ]);
    expect(inHours(series)).to.deep.equal([
      [0, 0, 4],
      [4, 5, 4],
    ]);
  });

  it("forgets what has left the window, and cuts what reaches out of it", () => {
    const series = seriesOfReadings(
      [
        [0, 1],
        [HOUR, 2],
        [2 * HOUR, 3],
        [2.5 * HOUR, 4],
      ],
      HOUR,
    );
    expect(inHours(series)).to.deep.equal([
      [1.5, 2, 3],
      [2, 2.5, 4],
    ]);
  });

  it("forgets all of it in an outage as long as the window", () => {
    const before = seriesOfReadings(hourly([1, 2, 3]), HOUR);
    const after = append(before, { seconds: 3 * HOUR, observedSeconds: HOUR }, null, HOUR);
    expect(segmentsOf(after)).to.deep.equal([]);
  });

  it("never changes, whatever is added to it, not even twice", () => {
    const readings = Array.from({ length: 100 }, (_, index) => [index * 60, index % 7] as const);
    const series = seriesOfReadings(readings);
    const before = segmentsOf(series);
    const add = (value: number) =>
      append(series, { seconds: 6000, observedSeconds: 60 }, value * 1_000_000, DAY);
    const [one, other] = [add(50), add(60)];
    const [further, otherFurther] = [one, other].map((branch, index) =>
      append(branch, { seconds: 6060, observedSeconds: 60 }, (70 + index) * 1_000_000, DAY),
    );
    expect(segmentsOf(series)).to.deep.equal(before);
    const lastTwo = (branch: Series | undefined) =>
      segmentsOf(branch ?? EMPTY_SERIES)
        .slice(-2)
        .map(({ value }) => value / 1_000_000);
    expect([lastTwo(further), lastTwo(otherFurther)]).to.deep.equal([
      [50, 70],
      [60, 71],
    ]);
  });

  it("of a sensor that has been stuck for decades sums up exactly, and so does what comes after", () => {
    const hours = 40 * 8766;
    const stuck = seriesOfReadings(hourly(Array.from({ length: hours }, () => 9_999.999_999)));
    const end = (hours - 1) * HOUR;
    const meanOf = (series: Series, now: number) =>
      aggregate(series, { seconds: 600, as: "mean" }, now).value;
    expect(meanOf(stuck, end)).to.equal(9_999.999_999);
    const repaired = append(
      stuck,
      { seconds: end + 300, observedSeconds: 300 },
      toMillionths(0.000_001),
      DAY,
    );
    expect(meanOf(repaired, end + 300)).to.equal(5_000);
  });

  it("of stretches leaves out those that are too old", () => {
    const stretches = [
      { start: 0, end: HOUR, value: 1 },
      { start: HOUR, end: DAY, value: 2 },
    ];
    expect(segmentsOf(seriesOf(stretches, HOUR))).to.deep.equal(stretches.slice(1));
    expect(segmentsOf(seriesOf(stretches, 0))).to.deep.equal(stretches);
  });
});

describe("a value in millionths", () => {
  it("is a whole number, never -0", () => {
    expect([0.1 + 0.2, 12.3456789, -4.5].map(toMillionths)).to.deep.equal([300_000, 12_345_679, -4_500_000]);
    expect(Object.is(toMillionths(-0), 0)).to.equal(true);
  });

  it("is unknown when the value is, or is further from zero than any weather", () => {
    expect([null, undefined, Number.NaN, Infinity, 10_001, -10_001].map(toMillionths)).to.deep.equal(
      Array.from({ length: 6 }, () => null),
    );
    expect([10_000, -10_000].map(toMillionths)).to.deep.equal([10_000_000_000, -10_000_000_000]);
  });
});
