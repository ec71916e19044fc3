import { existsSync } from "node:fs";
import { cp, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { type JobReport, jobReportSchema, reportKey, type TableReport } from "../../etl/report.ts";
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
  strayObjects,
  transitionObjects,
} from "./spark/records.ts";
import { CommandError } from "./support/command.ts";
import { readGold } from "./support/gold.ts";
import { withLake } from "./support/served-lake.ts";
import { describeEngine } from "./support/unavailable.ts";

const DAYS = ["2024-05-01", "2024-05-02", "2024-05-03"];
/** Of `transitionObjects`: no day of the replay, which may have alerts of its own. */
const ALERT_DAYS = ["2024-06-01", "2024-06-02"];
/** Flags of `strangeRawObject` and of the replay. */
const CHECKED = [
  "freezing_rain_intensity=999 erroneous:fill; humidity=string erroneous:unreadable",
  "temperature=35.50 doubtful:spike",
  "pressure_sea_level=980.25 doubtful:spike",
  "rain_intensity=500.5 doubtful:amount",
  "wind_gust=0.30000000000000004 doubtful:stuck",
];
const TIMES = { installMilliseconds: 600_000, timeoutMilliseconds: 180_000 };

describeEngine("the Glue job on Spark", { obtain: obtainSpark, ...TIMES }, (spark) => {
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let graph: Graph;
  /** Output of the local run, whose gold DuckDB wrote. */
  let local: string;
  /** The same raw, whose gold Spark writes. */
  let sparks: string;

  const onSpark = (...argv: string[]) =>
    withLake(graph, sparks, (lake) => runSparkJob(spark(), lake, { argv }));
  const onDuckdb = (output: string) => withLake(graph, output, (lake) => runDuckdbJob(lake));
  const goldOf = (output: string, table?: "observations" | "alerts") =>
    readGold(join(output, "s3/lake"), table);

  async function replay(name: string, lines: string, ...options: string[]) {
    const file = join(folder.path, name);
    await writeFile(file, lines);
    const summary = summaryOf(await start("--json", "--out", local, "--replay", file, ...options));
    for (const prefix of ["raw", "transitions"].filter((name) => existsSync(join(local, "s3/lake", name)))) {
      await cp(join(local, "s3/lake", prefix), join(sparks, "s3/lake", prefix), { recursive: true });
    }
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

  it("reports what is stale and why in a dry run, and writes nothing", async () => {
    const report = await onSpark("--dry_run", "true");

    expect(figuresOf(report, "observations")).to.deep.include({ stale: DAYS, rebuilt: [], upToDate: 0 });
    expect(Object.keys(report.tables.observations?.reasons ?? {})).to.deep.equal(DAYS);
    expect(await readdir(join(sparks, "s3/lake"))).to.not.include.oneOf(["gold", "state", "reports"]);
  });

  it("writes the gold that the local run writes, row for row", async () => {
    const report = await onSpark();
    const gold = await goldOf(sparks);

    expect(figuresOf(report, "observations")).to.deep.include({
      rebuilt: DAYS,
      frozen: [],
      rowsOut: REPLAYED_ROWS,
    });
    expect(gold.rows).to.have.length(REPLAYED_ROWS);
    expect(gold).to.deep.equal(await goldOf(local));
  });

  it("leaves its report in the bucket, and nothing staged", async () => {
    const [name = "", ...others] = await readdir(join(sparks, "s3/lake/reports/etl"));
    const report = jobReportSchema.parse(
      JSON.parse(await readFile(join(sparks, "s3/lake/reports/etl", name), "utf8")),
    );
    const staged = await withLake(graph, sparks, ({ objects }) => objects.list("state/etl/staging/"));

    expect(others).to.deep.equal([]);
    expect(`reports/etl/${name}`).to.equal(reportKey(report));
    expect(report).to.include({ engine: "spark", run: "jr_1" });
    expect(staged).to.deep.equal([]);
  });

  it("writes one file a day", async () => {
    const days = join(sparks, "s3/lake/gold/observations");

    const files = (await readdir(days, { recursive: true })).filter((file) => /\.parquet$/.test(file));

    expect(files).to.have.members(DAYS.map((day) => `day=${day}/observations.parquet`));
  });

  it("leaves the markers that the local run leaves", async () => {
    const marker = (output: string, day: string) =>
      readFile(join(output, `s3/lake/state/etl/observations/day=${day}.json`), "utf8").then(JSON.parse);

    for (const day of DAYS) {
      expect(await marker(sparks, day), day).to.deep.equal(await marker(local, day));
    }
  });

  it("rebuilds nothing the second time, and neither engine repeats the other's work", async () => {
    const reports = {
      "Spark again": await onSpark(),
      "DuckDB after Spark": await onDuckdb(sparks),
      "Spark after DuckDB": await withLake(graph, local, (lake) => runSparkJob(spark(), lake)),
    };

    for (const [name, report] of Object.entries(reports)) {
      expect(figuresOf(report, "observations"), name).to.deep.include({ stale: [], frozen: [], rowsOut: 0 });
    }
    expect(await goldOf(sparks)).to.deep.equal(await goldOf(local));
  });

  it("killed once it has replaced the day that late data belong to, leaves that day whole", async () => {
    const summary = await replay("late.ndjson", lateLines(), "--keep");

    const killed = await withLake(graph, sparks, async (lake) => {
      const killer = new AbortController();
      lake.onCall((operation) => operation === "CopyObject" && killer.abort());
      return await runSparkJob(spark(), lake, { signal: killer.signal }).then(
        () => false,
        (error: unknown) => error instanceof CommandError,
      );
    });

    expect(summary).to.deep.include({ quarantined: 4, failed: 0 });
    expect(killed).to.equal(true);
    expect(await goldOf(sparks)).to.deep.equal(await goldOf(local));
  });

  it("finds that day unfinished, and rebuilds it and no other", async () => {
    const report = await onSpark();
    const gold = await goldOf(sparks);

    expect(figuresOf(report, "observations")).to.deep.include({
      rebuilt: ["2024-05-01"],
      reasons: { "2024-05-01": "unfinished" },
      rowsOut: 49,
    });
    expect(gold.rows).to.have.length(REPLAYED_ROWS + 1);
    expect(gold).to.deep.equal(await goldOf(local));
  });

  it("rebuilds a day that is asked for, and no other", async () => {
    const report = await onSpark("--tables", "observations", "--from", "2024-05-02", "--to", "2024-05-02");

    expect(report).to.include({ from: "2024-05-02", to: "2024-05-02" });
    expect(report.tables).to.have.all.keys("observations");
    expect(figuresOf(report, "observations")).to.deep.include({
      rebuilt: ["2024-05-02"],
      reasons: { "2024-05-02": "asked for" },
    });
    expect(await goldOf(sparks)).to.deep.equal(await goldOf(local));
  });

  it("agrees with DuckDB on raw lines that are broken or foreign, and on alerts", async () => {
    const put = (output: string) =>
      withLake(graph, output, async ({ objects }) => {
        for (const { key, body } of [strangeRawObject(), ...transitionObjects()])
          await objects.write(key, body);
      });
    await Promise.all([put(local), put(sparks)]);

    const [onSparks, onLocal] = [await onSpark(), await onDuckdb(local)];

    expect(figuresOf(onSparks, "observations")).to.deep.include({ rebuilt: ["2024-05-02"] });
    expect(figuresOf(onSparks, "alerts")).to.deep.include({
      rebuilt: ALERT_DAYS,
      linesIn: 11,
      rowsOut: 5,
      duplicates: 2,
      rejected: 4,
    });
    for (const table of ["observations", "alerts"] as const) {
      expect(figuresOf(onSparks, table), table).to.deep.equal(figuresOf(onLocal, table));
      expect(await goldOf(sparks, table), table).to.deep.equal(await goldOf(local, table));
    }
    const observations = await goldOf(sparks);
    expect(observations.rows.length).to.be.greaterThan(REPLAYED_ROWS + 1);
    for (const flag of CHECKED) expect(JSON.stringify(observations.rows)).to.include(flag);
    const alerts = (await goldOf(sparks, "alerts")).rows.filter((row) =>
      ALERT_DAYS.includes(String(row.at(-1))),
    );
    expect(alerts).to.have.length(5);
  });

  it("skips what belongs to no day or cannot be read, as DuckDB does, and builds the rest", async () => {
    const strays = strayObjects();
    const put = (output: string) =>
      withLake(graph, output, async ({ objects }) => {
        for (const { key, body } of strays) await objects.write(key, body);
      });
    await Promise.all([put(local), put(sparks)]);
    const before = await goldOf(local);

    const [onSparks, onLocal] = [await onSpark(), await onDuckdb(local)];
    const again = await onSpark();

    const figures = figuresOf(onSparks, "observations");
    expect(figures).to.deep.include({ rebuilt: ["2024-05-03"], frozen: [] });
    expect(figures.skippedKeys).to.deep.equal(
      strays.flatMap(({ key, isSkipped }) => (isSkipped ? [key] : [])).sort(),
    );
    expect(figures).to.deep.equal(figuresOf(onLocal, "observations"));
    expect(figuresOf(again, "observations")).to.deep.include({
      stale: [],
      skippedKeys: figures.skippedKeys,
    });
    expect(await goldOf(sparks)).to.deep.equal(await goldOf(local));
    expect((await goldOf(local)).rows).to.have.length(before.rows.length + 1);
    for (const { key, body } of strays) {
      expect(await readFile(join(sparks, "s3/lake", key)), key).to.deep.equal(Buffer.from(body));
    }
    const marker = (output: string) =>
      readFile(join(output, "s3/lake/state/etl/observations/day=2024-05-03.json"), "utf8").then(JSON.parse);
    expect(await marker(sparks)).to.deep.equal(await marker(local));
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

    expect(figuresOf(report, "observations")).to.deep.include({
      rebuilt: ["2024-05-03"],
      frozen: [],
      rowsOut: 0,
    });
    expect(after.rows).to.deep.equal(before.rows.filter((row) => row.at(-1) !== "2024-05-03"));
  });
});

/** What a run did to a table, without the one figure that differs from run to run. */
function figuresOf({ tables }: JobReport, table: string): Omit<TableReport, "seconds"> {
  const report = tables[table];
  if (report === undefined) throw new Error(`the run tells nothing of ${table}`);
  const { seconds: _, ...figures } = report;
  return figures;
}
