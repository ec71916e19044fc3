import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import type { Graph } from "../../local/graph.ts";
import { loadProgram } from "../../local/program/load.ts";
import { projectDirectory, start, summaryOf, temporaryFolder } from "../end-to-end/command.ts";
import { obtainSpark } from "./spark/install.ts";
import { runDuckdbJob, runSparkJob } from "./spark/jobs.ts";
import {
  lateLines,
  REPLAYED_ROWS,
  replayLines,
  rowlessRawObject,
  strangeRawObject,
} from "./spark/records.ts";
import { readGold } from "./support/gold.ts";
import { withLake } from "./support/served-lake.ts";
import { describeEngine } from "./support/unavailable.ts";

const TIMES = { installMilliseconds: 600_000, timeoutMilliseconds: 180_000 };

describeEngine("the Glue job on Spark", { obtain: obtainSpark, ...TIMES }, (spark) => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let graph: Graph;
  /** Output of the local run, whose gold DuckDB wrote. */
  let local: string;
  /** The same raw, whose gold Spark writes. */
  let sparks: string;

  const onSpark = () => withLake(graph, sparks, (lake) => runSparkJob(spark(), lake));
  const onDuckdb = (output: string) => withLake(graph, output, runDuckdbJob);
  const goldOf = (output: string) => readGold(join(output, "s3/lake"));

  async function replay(name: string, lines: string, ...options: string[]) {
    const file = join(folder.path, name);
    await writeFile(file, lines);
    const summary = summaryOf(await start("--json", "--out", local, "--replay", file, ...options));
    await cp(join(local, "s3/lake/raw"), join(sparks, "s3/lake/raw"), { recursive: true });
    return summary;
  }

  before(async () => {
    folder = await temporaryFolder();
    local = join(folder.path, "local");
    sparks = join(folder.path, "spark");
    const packages = join(folder.path, "packages");
    graph = await loadProgram({ directory: projectDirectory, stack: "local", packages });
    await replay("records.ndjson", replayLines());
  });
  after(() => folder.remove());

  it("writes the gold that the local run writes, row for row", async () => {
    const report = await onSpark();
    const gold = await goldOf(sparks);

    expect(report).to.deep.equal({
      rebuilt: ["2024-05-01", "2024-05-02", "2024-05-03"],
      frozen: [],
      rowsOut: REPLAYED_ROWS,
    });
    expect(gold.rows).to.have.length(REPLAYED_ROWS);
    expect(gold).to.deep.equal(await goldOf(local));
  });

  it("writes one file a day", async () => {
    const days = join(sparks, "s3/lake/gold/observations");

    const files = (await readdir(days, { recursive: true })).filter((file) => /\.parquet$/.test(file));

    expect(files.map((file) => file.slice(0, "day=2024-05-01".length))).to.have.members([
      "day=2024-05-01",
      "day=2024-05-02",
      "day=2024-05-03",
    ]);
  });

  it("leaves the markers that the local run leaves", async () => {
    const marker = (output: string, day: string) =>
      readFile(join(output, `s3/lake/state/etl/observations/day=${day}.json`), "utf8").then(JSON.parse);

    for (const day of ["2024-05-01", "2024-05-02", "2024-05-03"]) {
      expect(await marker(sparks, day), day).to.deep.equal(await marker(local, day));
    }
  });

  it("rebuilds nothing the second time, and neither engine repeats the other's work", async () => {
    const nothing = { rebuilt: [], frozen: [], rowsOut: 0 };

    expect(await onSpark(), "Spark again").to.deep.equal(nothing);
    expect(await onDuckdb(sparks), "DuckDB after Spark").to.deep.equal(nothing);
    expect(
      await withLake(graph, local, (lake) => runSparkJob(spark(), lake)),
      "Spark after DuckDB",
    ).to.deep.equal(nothing);
    expect(await goldOf(sparks)).to.deep.equal(await goldOf(local));
  });

  it("rebuilds the one day that late data belong to", async () => {
    const summary = await replay("late.ndjson", lateLines(), "--keep");

    const { rebuilt, rowsOut } = await onSpark();
    const gold = await goldOf(sparks);

    expect(summary).to.deep.include({ quarantined: 5, failed: 0 });
    expect({ rebuilt, rowsOut }).to.deep.equal({ rebuilt: ["2024-05-01"], rowsOut: 49 });
    expect(gold.rows).to.have.length(REPLAYED_ROWS + 1);
    expect(gold).to.deep.equal(await goldOf(local));
  });

  it("agrees with DuckDB on raw lines that are broken or foreign", async () => {
    const { key, body } = strangeRawObject();
    const put = (output: string) => withLake(graph, output, ({ objects }) => objects.write(key, body));
    await Promise.all([put(local), put(sparks)]);

    const reports = [await onSpark(), await onDuckdb(local)];
    const gold = await goldOf(sparks);

    expect(reports.map(({ rebuilt }) => rebuilt)).to.deep.equal([["2024-05-02"], ["2024-05-02"]]);
    expect(gold.rows.length).to.be.greaterThan(REPLAYED_ROWS + 1);
    expect(gold).to.deep.equal(await goldOf(local));
  });

  it("takes over a day from the other engine, and takes a day away whose rows are gone", async () => {
    const lastDay = "raw/year=2024/month=05/day=03/";
    await withLake(graph, sparks, async ({ objects }) => {
      const day = (await objects.list(lastDay)).map(({ key }) => key);
      for (const key of day) await objects.write(key, rowlessRawObject());
    });
    const before = await goldOf(sparks);

    const report = await onSpark();
    const after = await goldOf(sparks);

    expect(report).to.deep.equal({ rebuilt: ["2024-05-03"], frozen: [], rowsOut: 0 });
    expect(after.rows).to.deep.equal(before.rows.filter((row) => row.at(-1) !== "2024-05-03"));
  });
});
