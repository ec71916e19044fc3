import { expect } from "chai";
import { polledEvery } from "../../../cli/message-counts/count.ts";
import { NO_VALUES } from "../../../replay/measures.ts";
import { inmetFile } from "../../replay/inmet-file.ts";
import { runCommandLine } from "../command-line.ts";

const run = (...argv: string[]) => runCommandLine(["message-counts", ...argv]);

/** Cells of a Markdown table's rows, without title and rule. */
function cells(table: string): string[][] {
  const rows = table.trim().split("\n").slice(2);
  return rows.map((row) =>
    row
      .slice(2, -2)
      .split("|")
      .map((cell) => cell.trim()),
  );
}

describe("npm run message-counts", () => {
  it("counts the shipped flood, read once an hour", async () => {
    const { code, out } = await run();

    expect(code).to.equal(0);
    expect(out).to.equal(
      [
        "| file                        | readings | over a threshold | messages by the reading | messages by rules | digest-only |",
        "| --------------------------- | -------: | ---------------: | ----------------------: | ----------------: | ----------: |",
        "| porto-alegre-2024-flood.csv |      168 |               10 |                      11 |                 4 |           4 |",
        "",
      ].join("\n"),
    );
  });

  it("counts a dozen times as many messages by the reading at twelve readings an hour, and no message more by rules", async () => {
    expect(cells((await run("--every", "5")).out)).to.deep.equal([
      ["porto-alegre-2024-flood.csv", "2016", "120", "132", "4", "4"],
    ]);
  });

  it("counts the three recordings of INMET, and all together", async function () {
    const files = [
      "A801_2024-04-29_05-05_flood.csv",
      "A801_2024-01-16_17_windstorm.csv",
      "A801_2024-05-23_27_second_rain_with_gap.csv",
    ];
    const { out } = await run(...files.map((name) => inmetFile(this, name)));

    expect(cells(out)).to.deep.equal([
      [files[0], "168", "10", "11", "4", "4"],
      [files[1], "48", "7", "9", "2", "0"],
      [files[2], "120", "7", "7", "2", "2"],
      ["together", "336", "24", "27", "8", "6"],
    ]);
  });

  it("holds a reading for the hour that ends at it", () => {
    const reading = { time: new Date("2024-04-30T11:00:00Z"), values: NO_VALUES };

    expect(polledEvery(20, [reading]).map(({ time }) => time.toISOString())).to.deep.equal([
      "2024-04-30T10:20:00.000Z",
      "2024-04-30T10:40:00.000Z",
      "2024-04-30T11:00:00.000Z",
    ]);
    expect(polledEvery(60, [reading])).to.deep.equal([reading]);
  });

  const refused: [string, string[], string][] = [
    ["a file that is not there", ["nowhere.csv"], "nowhere.csv: no such file\n"],
    [
      "an option that it has not",
      ["--fast"],
      "error: unknown option '--fast'\nSee: npx stormwire message-counts --help\n",
    ],
    [
      "minutes that do not divide an hour",
      ["--every", "7"],
      "--every 7 is not allowed: minutes that divide an hour, such as 60, 5 or 1\n",
    ],
  ];
  for (const [what, argv, error] of refused) {
    it(`refuses ${what} in one line, with exit code 2`, async () => {
      expect(await run(...argv)).to.deep.equal({ code: 2, out: "", error });
    });
  }
});
