import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { isoSeconds } from "../../replay/measures.ts";
import { readReplay } from "../../replay/replay.ts";
import { portoAlegre } from "../handlers/support/places.ts";

const RED = { title: "## Red at", columns: 4 };
const CLEAR = { title: "## The all-clear at", columns: 5 };

/** Rows of the table below a title: the time and the cells after it. */
async function tableBelow({ title, columns }: typeof RED): Promise<{ time: string; cells: string[] }[]> {
  const text = await readFile("docs/alerts-by-hand.md", "utf8");
  const section = text.slice(text.indexOf(title)).split("\n## ")[0] ?? "";
  return section
    .split("\n")
    .filter((line) => line.startsWith("| 2024-"))
    .map((line) => {
      const [time = "", ...cells] = line
        .split("|")
        .slice(1, columns + 1)
        .map((cell) => cell.trim());
      return { time, cells };
    });
}

/** The rain of each hour, and of the 24 up to it, as the figures in data/ have it. */
async function rain(): Promise<{
  of(time: string, hoursBefore?: number): string;
  ofDay(time: string): string;
}> {
  const replay = await readReplay("data/porto-alegre-2024-flood.csv", { locations: [portoAlegre] });
  if (replay.kind !== "readings") return expect.fail("the flood was read as records");
  const { readings } = replay;
  const at = (time: string) => {
    const index = readings.findIndex((reading) => isoSeconds(reading.time) === time);
    expect(index, time).to.be.at.least(0);
    return index;
  };
  const values = readings.map((reading) => reading.values.rainIntensity ?? Number.NaN);
  const sum = (from: number, to: number) => values.slice(Math.max(from, 0), to).reduce((a, b) => a + b, 0);
  return {
    of: (time, hoursBefore = 0) => (values[at(time) - hoursBefore] ?? Number.NaN).toFixed(1),
    ofDay: (time) => sum(at(time) - 23, at(time) + 1).toFixed(1),
  };
}

describe("docs/alerts-by-hand.md", () => {
  it("adds the hours up to red as they were measured", async () => {
    const [rows, figures] = await Promise.all([tableBelow(RED), rain()]);

    expect(rows).to.have.length(24);
    for (const { time, cells } of rows) {
      expect(cells.slice(0, 2), time).to.deep.equal([figures.of(time), figures.ofDay(time)]);
    }
    expect(rows.at(-1)).to.deep.include({ time: "2024-04-30T11:00:00Z" });
    expect(rows.filter(({ cells }) => cells[2] !== "").map(({ cells }) => cells[2])).to.deep.equal([
      "orange: 72.2 >= 50",
      "red: 100.2 >= 100",
    ]);
  });

  it("follows the sum down to the all-clear as it was measured", async () => {
    const [rows, figures] = await Promise.all([tableBelow(CLEAR), rain()]);

    expect(rows.at(-1)).to.deep.include({ time: "2024-05-03T07:00:00Z" });
    let hours: number | undefined;
    for (const { time, cells } of rows) {
      const sum = figures.ofDay(time);
      expect(cells.slice(0, 3), time).to.deep.equal([figures.of(time), figures.of(time, 24), sum]);
      hours = Number(sum) < 45 ? (hours ?? -1) + 1 : undefined;
      expect(cells[3], time).to.match(
        hours === undefined ? /^$/ : new RegExp(`^${hours} h(: the alert ends)?$`),
      );
    }
    expect(hours).to.equal(3);
  });
});
