import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { jobReportSchema, reportKey } from "../../etl/report.ts";
import { runQuery } from "../cli/query/run-query.ts";
import { ACCOUNT, allow, REGION } from "../local/endpoint/support.ts";
import { type Lake, openLake } from "../local/glue/lake.ts";
import { archivedLine, gzipLines, rawKey } from "./memory-lake.ts";
import { transition, transitionKey, transitionLine } from "./transition-lines.ts";
import { BUCKET, weatherGraph } from "./weather-graph.ts";

const HOURS = Array.from({ length: 48 }, (_, hour) =>
  new Date(Date.UTC(2024, 3, 29, hour)).toISOString().slice(0, 19),
);

describe("ETL in the local run, with a raw crawler that fails", () => {
  it("has the day's gold all the same, and a crawler that registers it", async () => {
    await using lake = await openLake(
      weatherGraph(allow("glue:GetDatabase", `arn:aws:glue:${REGION}:${ACCOUNT}:catalog`)),
    );
    const line = archivedLine({ time: "2024-04-29T00:00:00Z", values: { rainIntensity: 1 } });
    await lake.put(BUCKET, rawKey("2024-04-29T00:00:00", "shardId-000000000000-1-2"), gzipLines([line]));

    await lake.glue.startWorkflow("etl");

    expect(lake.glue.runs().map(({ name, state }) => `${name} ${state}`)).to.deep.equal([
      "raw FAILED",
      "job SUCCEEDED",
      "gold SUCCEEDED",
      "etl FAILED",
    ]);
    expect(await readdir(join(lake.directory, "s3", BUCKET, "gold/observations"))).to.deep.equal([
      "day=2024-04-29",
    ]);
  });
});

describe("ETL in the local run", () => {
  let lake: Lake;

  before(async () => {
    lake = await openLake(weatherGraph());
    for (const [hour, time] of HOURS.entries()) {
      const values = {
        rainIntensity: hour < 24 ? 0 : 4 + 2 * (hour % 2),
        temperature: hour % 2 === 0 ? 20 : 20.5,
        windGust: hour,
      };
      const line = archivedLine({
        time: `${time}Z`,
        values,
        arrivedAt: `${time}.500Z`,
        sequenceNumber: String(1000 + hour),
      });
      await lake.put(BUCKET, rawKey(time, "shardId-000000000000-1-2"), gzipLines([line, line]));
    }
    const told = transition();
    await lake.put(BUCKET, transitionKey(told.time, "batch"), gzipLines([transitionLine(told)]));
    await lake.glue.startWorkflow("etl");
  });

  after(async () => {
    await lake[Symbol.asyncDispose]();
  });

  it("goes through crawler, job and crawler with the least permissions", () => {
    const runs = lake.glue.runs().map(({ name, state, error }) => `${name} ${state} ${error ?? ""}`.trim());
    expect(runs).to.deep.equal(["raw SUCCEEDED", "job SUCCEEDED", "gold SUCCEEDED", "etl SUCCEEDED"]);
    expect(lake.endpoint.gateway.denials).to.deep.equal([]);
  });

  it("leaves one Parquet file a day and reports what it did", async () => {
    const gold = join(lake.directory, "s3", BUCKET, "gold/observations");
    const report = lastReport();
    expect(
      (await readdir(gold, { recursive: true })).filter((path) => path.endsWith(".parquet")).sort(),
    ).to.deep.equal(["day=2024-04-29/observations.parquet", "day=2024-04-30/observations.parquet"]);
    expect(report.tables.observations).to.deep.include({
      rebuilt: ["2024-04-29", "2024-04-30"],
      linesIn: 96,
      rowsOut: 48,
      duplicates: 48,
      rejected: 0,
    });
  });

  it("makes a table of the alerts that were told", async () => {
    expect(await readdir(join(lake.directory, "s3", BUCKET, "gold/alerts"))).to.deep.equal([
      "day=2024-05-01",
    ]);
    expect(lastReport().tables.alerts).to.deep.include({ rebuilt: ["2024-05-01"], linesIn: 1, rowsOut: 1 });
  });

  it("leaves its report in the bucket, and its figures in the log as CloudWatch reads metrics", async () => {
    const run = lake.glue.runs().find(({ kind }) => kind === "job");
    const [metric = "", , last = ""] = run?.output.trim().split("\n") ?? [];
    const report = jobReportSchema.parse(JSON.parse(last));
    const left = await readFile(join(lake.directory, "s3", BUCKET, reportKey(report)), "utf8");

    expect(report).to.include({ run: run?.id, engine: "duckdb", dryRun: false, from: null, to: null });
    expect(JSON.parse(left)).to.deep.equal(report);
    const { _aws, ...figures } = JSON.parse(metric);
    const { Namespace, Dimensions, Metrics } = _aws.CloudWatchMetrics[0];
    const expected = { Namespace: "Stormwire", Dimensions: [["service", "table"]] };
    expect({ Namespace, Dimensions }).to.deep.equal(expected);
    expect(figures).to.deep.include({
      service: run?.name,
      table: "observations",
      RebuiltDays: 2,
      FrozenDays: 0,
      Duplicates: 48,
    });
    for (const { Name } of Metrics) expect(figures[Name], Name).to.be.a("number");
  });

  it("is found by Athena, raw and gold", async () => {
    const raw = await lake.athena.runQuery(
      "SELECT COUNT(*), MAX(data.values.windGust) FROM raw WHERE day = '30'",
      {
        database: "weather_raw",
      },
    );
    const gold = await lake.athena.runQuery("SELECT COUNT(*) AS n, MAX(wind_gust) AS g FROM observations", {
      database: "weather_gold",
    });
    expect(raw.rows).to.deep.equal([[48, 47]]);
    expect(gold.rows).to.deep.equal([[48, 47]]);
  });

  it("has nothing to do the second time", async () => {
    await lake.glue.startWorkflow("etl");
    const report = lastReport();
    expect(report.tables.observations).to.deep.include({ rebuilt: [], upToDate: 2 });
  });

  function lastReport() {
    const run = lake.glue.runs().findLast(({ kind }) => kind === "job");
    return jobReportSchema.parse(JSON.parse(run?.output.trim().split("\n").at(-1) ?? ""));
  }

  describe("npm run query", () => {
    const run = (...argv: string[]) => runQuery(argv);

    const query = (...argv: string[]) => run(...argv, "--out", lake.directory);

    it("prints a table with units", async () => {
      const { code, out } = await query("worst_rain_by_month");
      expect(code).to.equal(0);
      expect(out).to.equal(
        [
          "Worst 24 hours of rain in every month",
          "How much rain fell in the wettest 24 hours of each month, and when did they end?",
          "",
          "location      month    rain_24h  hours_known  ended_at",
          "              UTC            mm            h  UTC",
          "────────────  ───────  ────────  ───────────  ────────────────",
          "porto-alegre  2024-04       120           24  2024-04-30 23:00",
          "",
          "1 row",
          "",
        ].join("\n"),
      );
    });

    it("prints CSV as Athena does", async () => {
      const { out } = await query("worst_rain_by_month", "--format", "csv");
      expect(out).to.equal(
        '"location","month","rain_24h","hours_known","ended_at"\n"porto-alegre","2024-04","120.0","24.0","2024-04-30 23:00:00.000"\n',
      );
    });

    it("prints JSON, with parameters bound", async () => {
      const { out } = await query(
        "gaps",
        "--format",
        "json",
        "--longer_than_minutes",
        "59",
        "--to",
        "2024-04-29",
      );
      expect(JSON.parse(out)).to.have.length(23);
    });

    it("names what is wrong with its arguments, and answers 2", async () => {
      const cases: [string[], RegExp][] = [
        [["gust"], /^no saved query "gust"; did you mean "gust_ranking"\?\n$/],
        [["gabs"], /did you mean "gaps"/],
        [["gaps", "--format", "xml"], /^--format is "xml"; it is one of table, csv, json\n$/],
        [
          ["gaps", "--longer_than_minutes", "soon"],
          /^--longer_than_minutes soon is not allowed: a number from 0 to 525600\n$/,
        ],
        [
          ["gaps", "--place", "x"],
          /'--place'; gaps takes --location, --from, --to, --longer_than_minutes, --format, --json, --plot, --out, --stack\n$/,
        ],
        [["gaps", "gaps"], /^give one query/],
      ];
      for (const [argv, message] of cases) {
        const { code, out, error } = await query(...argv);
        expect({ code, out }).to.deep.equal({ code: 2, out: "" });
        expect(error).to.match(message);
      }
    });

    it("says where gold comes from when there is none", async () => {
      const { code, error } = await run("gaps", "--out", join(lake.directory, "nowhere"));
      expect(code).to.equal(2);
      expect(error).to.match(/^no gold in .*nowhere.* yet: run "npm start" first/);
    });

    it("lists the queries when none is named, and the options of one", async () => {
      const list = await run();
      const help = await run("gaps", "--help");

      expect([list.code, help.code]).to.deep.equal([0, 0]);
      expect(list.out).to.match(/\n {2}gaps +Gaps\n/);
      expect(help.out).to.match(/\n {2}--longer_than_minutes \(60\)\n/);
    });
  });
});
