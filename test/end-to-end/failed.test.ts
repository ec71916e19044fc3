import { readdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect } from "chai";
import { runCommandLine } from "../cli/command-line.ts";
import { runCommand, start, summaryOf, temporaryFolder } from "./command.ts";

describe("npm run failed on a local run", function () {
  this.timeout(240_000);
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let out: string;

  beforeEach(async () => {
    folder = await temporaryFolder();
    out = join(folder.path, "run");
  });
  afterEach(() => folder.remove());

  /** Without a process of its own, which takes a second. */
  async function failed(...args: string[]) {
    const { code, out: stdout, error: stderr } = await runCommandLine(["failed", "--out", out, ...args]);
    return { code, stdout, stderr };
  }
  async function feed(name: string, ...lines: string[]): Promise<string> {
    const file = join(folder.path, name);
    await writeFile(file, `${lines.join("\n")}\n`);
    return file;
  }

  it("puts what is repaired into gold, under a correction that came since", async () => {
    const nested = `${"[".repeat(10_000)}${"]".repeat(10_000)}`;
    const first = await feed(
      "first.ndjson",
      record(0, 10),
      record(1, "warm"),
      record(2, "hot"),
      record(3, 13, JSON.stringify("x".repeat(1_000_000))),
      record(4, 14, nested),
      record(5, 15, '"\\ud800"'),
      record(2, 22),
    );
    const before = summaryOf(await start("--json", "--out", out, "--replay", first));
    const list = JSON.parse((await failed("--cause", "not-a-record", "--details", "--json")).stdout);
    const [warm, hot] = list.failed.map(({ key }: { key: string }) => key);
    const repairs = [
      await failed("--repair", warm, await feed("warm.json", record(1, 11))),
      await failed("--repair", hot, await feed("hot.json", record(2, 12))),
    ];
    const retried = await runCommand("failed", "--out", out, "--retry", "--json");
    const after = summaryOf(
      await start("--json", "--out", out, "--keep", "--replay", await feed("later.ndjson", record(6, 16))),
    );

    expect(before).to.deep.include({ quarantined: 4, failed: 0, gold: { days: 1, rows: 3, flagged: 0 } });
    expect(
      repairs.map(({ code }) => code),
      repairs.map(({ stderr }) => stderr).join(""),
    ).to.deep.equal([0, 0]);
    expect(retried.code, retried.stderr).to.equal(1);
    const { done, remaining } = JSON.parse(retried.stdout);
    expect(done).to.deep.equal([warm, hot]);
    const causes = remaining.map(({ problem }: { problem: string }) => problem.split(":")[0]);
    expect(causes).to.deep.equal(["bad-text", "too-deep"]);
    expect(after).to.deep.include({ quarantined: 2, failed: 0, gold: { days: 1, rows: 5, flagged: 0 } });
    expect(await temperatures(), "the correction of hour 2 came after the repaired record").to.deep.equal([
      10, 11, 22, 13, 16,
    ]);
    const reasons = await readdir(join(out, "s3/lake/quarantine"));
    expect(reasons.sort()).to.deep.equal(["reason=bad-text", "reason=too-deep"]);
  });

  it("asks for a run when there is none", async () => {
    const { code, stderr } = await failed();

    expect(code).to.equal(2);
    expect(stderr).to.match(
      /^no local run in .* yet: run "npm start" first, or name its folder with --out\n$/,
    );
  });

  async function temperatures(): Promise<unknown[]> {
    const duckdb = await DuckDBInstance.create(":memory:");
    const connection = await duckdb.connect();
    try {
      const rows = await connection.runAndReadAll(
        `SELECT temperature FROM '${out}/s3/lake/gold/observations/*/*.parquet' ORDER BY observed_at`,
      );
      return rows.getRows().map(([temperature]) => temperature);
    } finally {
      connection.closeSync();
      duckdb.closeSync();
    }
  }
});

/** One hour of the record shape; `extra` is JSON of a field that nobody knows. */
function record(hour: number, temperature: number | string, extra = "0"): string {
  const values = typeof temperature === "string" ? temperature : { temperature };
  const time = new Date(Date.UTC(2024, 3, 29, hour)).toISOString();
  const location = { id: "porto-alegre", name: "Porto Alegre", lat: -30.0536, lon: -51.1747 };
  const known = JSON.stringify({ data: { time, values }, location, source: "tomorrow.io" });
  return `${known.slice(0, -1)},"extra":${extra}}`;
}
