import { expect } from "chai";
import fc from "fast-check";
import { collectValues, MEASURES, NO_VALUES } from "../../replay/measures.ts";
import { isReadingsFile, readReadings, writeReadings } from "../../replay/readings-file.ts";
import { type ReadingsReplay, readReplay } from "../../replay/replay.ts";
import { PORTO_ALEGRE, reading, replayErrorOf, temporaryFiles } from "./support.ts";

describe("readings file", () => {
  const files = temporaryFiles();
  after(() => files.remove());

  const read = async (...lines: string[]) =>
    readReplay(await files.write(lines.join("\n")), { locations: [PORTO_ALEGRE] });

  it("reads columns by name, whatever their order, and blanks as null", async () => {
    const replay = await read(
      "# a comment",
      "temperature_c,time_utc",
      "19.4,2024-04-30T11:00:00Z",
      ",2024-04-30T12:00Z",
    );

    expect((replay as ReadingsReplay).readings).to.deep.equal([
      reading("2024-04-30T11:00:00Z", { temperature: 19.4 }),
      { time: new Date("2024-04-30T12:00:00Z"), values: NO_VALUES },
    ]);
  });

  it("reads what was written", () => {
    const value = fc.option(fc.integer({ min: -20_000, max: 20_000 }).map((tenths) => tenths / 10));
    const times = fc.uniqueArray(fc.integer({ min: 0, max: 4_000_000_000 }), { minLength: 1, maxLength: 20 });
    const readings = times.chain((seconds) =>
      fc.tuple(
        ...seconds
          .toSorted((a, b) => a - b)
          .map((second) =>
            fc.array(value, { minLength: MEASURES.length, maxLength: MEASURES.length }).map((cells) => ({
              time: new Date(second * 1000),
              values: collectValues((measure) => cells[MEASURES.indexOf(measure)] ?? null),
            })),
          ),
      ),
    );

    fc.assert(
      fc.property(readings, (written) => {
        const text = writeReadings(written, ["credit: someone"]);
        expect(isReadingsFile(text.split("\n"))).to.equal(true);
        expect(readReadings("readings.csv", Buffer.from(text))).to.deep.equal(written);
      }),
      { numRuns: 50 },
    );
  });

  it("rejects an unknown column and a column given twice", async () => {
    expect(await replayErrorOf(read("# note", "time_utc,rain_inches", "x,1"))).to.match(
      /:2: column "rain_inches": unknown; allowed, once each: time_utc, rain_mm_per_h/,
    );
    expect(await replayErrorOf(read("time_utc,temperature_c,temperature_c"))).to.match(
      /:1: column "temperature_c": given twice/,
    );
    expect(await replayErrorOf(read("time_utc", "2024-04-30T11:00:00Z"))).to.match(
      /:1: the header names no measure; allowed: rain/,
    );
  });

  it("names line, column and value of an unreadable cell, and counts comment lines", async () => {
    const lines = ["# one", "# two", "time_utc,temperature_c", "2024-04-30T11:00:00Z,1"];

    expect(await replayErrorOf(read(...lines, "2024-04-30T12:00:00Z,12;5"))).to.match(
      /:5: column temperature_c: "12;5" is not a number; allowed: .* 25\.8, or blank/,
    );
    expect(await replayErrorOf(read(...lines, "2024-02-30T12:00:00Z,1"))).to.match(
      /:5: column time_utc: "2024-02-30T12:00:00Z" is not a time; allowed: UTC as/,
    );
    expect(await replayErrorOf(read(...lines, "2024-04-30T12:00:00,1"))).to.match(/:5: column time_utc/);
    expect(await replayErrorOf(read(...lines, "2024-04-30T12:00:00Z"))).to.match(
      /:5: 1 columns; the header has 2/,
    );
    expect(await replayErrorOf(read(...lines, '2024-04-30T12:00:00Z,"1'))).to.match(/not a CSV: /);
  });
});
