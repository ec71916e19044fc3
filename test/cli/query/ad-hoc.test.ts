import { cp, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { hourly } from "../../queries/weather-table.ts";
import { type PulumiAnswers, standInPulumi } from "../subscriptions/support.ts";
import { BUCKET, type GoldLake, openGoldLake, WORKGROUP } from "./gold-lake.ts";
import { runQuery } from "./run-query.ts";

const ROWS = hourly("2024-04-30T00:00:00Z", 30, (hour) => ({ temperature: hour, rain_intensity: 0.5 }));
const WARMEST = "SELECT location, MAX(temperature) AS warmest FROM observations GROUP BY location";

describe("npm run query -- --sql", function () {
  this.timeout(60_000);
  let lake: GoldLake;
  let directory: string;

  before(async () => {
    lake = await openGoldLake(ROWS);
    directory = await mkdtemp(join(tmpdir(), "ad-hoc-"));
  });

  after(async () => {
    await lake[Symbol.asyncDispose]();
    await rm(directory, { recursive: true });
  });

  const here = (...argv: string[]) => runQuery([...argv, "--out", lake.directory]);

  it("answers SQL of the command line in every format", async () => {
    const table = await here("--sql", WARMEST);
    expect(table).to.include({ code: 0 }, table.error);
    expect(table.out).to.match(/^location +warmest\n─+ {2}─+\n\S+ +29\n\n1 row\n$/);
    expect(table.error).to.match(/Athena would take \$0\.00005 at most/);
    expect((await here("--sql", WARMEST, "--format", "csv")).out).to.match(
      /^"location","warmest"\n"\S+","29\.0"\n$/,
    );
    const [row] = JSON.parse((await here("--sql", WARMEST, "--format", "json")).out);
    expect(row).to.include({ warmest: 29 });
  });

  it("draws a result that has one column of times, and says when it has none", async () => {
    const drawn = await here("--sql", "SELECT observed_at, temperature FROM observations", "--plot");
    expect(drawn.out).to.match(/^by observed_at \(UTC\)\n\n━ temperature$/m);
    const not = await here("--sql", WARMEST, "--plot");
    expect(not).to.include({ code: 2, out: "" });
    expect(not.error).to.match(/^the result is not a time series/);
  });

  it("reads a file, and names one that cannot be read", async () => {
    const file = join(directory, "warmest.sql");
    await writeFile(file, `\uFEFF-- é; the warmest\n${WARMEST};\n`);
    expect((await here("--file", file)).out).to.match(/1 row/);
    const gone = await here("--file", join(directory, "gone.sql"));
    expect(gone).to.include({ code: 2 });
    expect(gone.error).to.match(/^--file \S+gone\.sql cannot be read: ENOENT.*\n$/);
    await writeFile(file, Buffer.from("SELECT 'a\u00e7\u00e3o'", "latin1"));
    expect((await here("--file", file)).error).to.match(/cannot be read: it is not UTF-8 text\n$/);
  });

  it("answers from a raw table, named with its database", async () => {
    await lake.put(BUCKET, "raw/a.json", Buffer.from('{"time":"2024-04-30T00:00:00Z"}\n'));
    await lake.endpoint.gateway.call(lake.identities.operator, "glue", "CreateTable", {
      DatabaseName: "raw",
      TableInput: {
        Name: "records",
        TableType: "EXTERNAL_TABLE",
        StorageDescriptor: {
          Columns: [{ Name: "time", Type: "string" }],
          Location: `s3://${BUCKET}/raw/`,
          InputFormat: "org.apache.hadoop.mapred.TextInputFormat",
          OutputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
          SerdeInfo: { SerializationLibrary: "org.openx.data.jsonserde.JsonSerDe" },
        },
      },
    });
    const { out, error } = await here("--sql", "SELECT time FROM raw.records", "--format", "csv");
    expect(out, error).to.equal('"time"\n"2024-04-30T00:00:00Z"\n');
  });

  const taken = {
    "semicolons and quotes in text": `SELECT 'a; DROP TABLE x -- é' AS "ação;", 'it''s' AS b;`,
    "comments before and after": "-- first; one\n/* ; */ SELECT 1 AS a -- last;\n",
    "a list of expressions": "WITH a AS (SELECT 1 AS b) SELECT b FROM a",
    "SHOW TABLES": "SHOW TABLES",
    DESCRIBE: "describe observations",
    "EXPLAIN of a SELECT": `EXPLAIN ${WARMEST}`,
  };
  for (const [what, sql] of Object.entries(taken)) {
    it(`takes ${what}`, async () => {
      const { code, error } = await here("--sql", sql);
      expect(code, error).to.equal(0);
    });
  }

  const refused: Record<string, [sql: string, message: RegExp]> = {
    "another kind of statement": [
      "DROP TABLE observations",
      /^"DROP" is not allowed: only statements that read are, SELECT, /,
    ],
    "a change after a WITH": [
      "WITH a AS (SELECT 1) DELETE FROM observations",
      /^this statement is not allowed/,
    ],
    "an EXPLAIN ANALYZE of a change": ["EXPLAIN ANALYZE INSERT INTO a SELECT 1", /^"INSERT" is not allowed/],
    "a change behind a nested comment": ["/* /* */ DROP TABLE a -- */ SELECT 1", /^"DROP" is not allowed/],
    "several statements": ["SELECT 1; SELECT 2", /^one statement at a time/],
    "no statement": ["-- nothing\n ;", /^the SQL is empty/],
    "a ? without a value": ["SELECT 1\nWHERE 1 = ?", /^the \? in line 2 has no value/],
  };
  for (const [what, [sql, message]] of Object.entries(refused)) {
    it(`refuses ${what} before anything is opened`, async () => {
      const { code, out, error } = await runQuery(["--sql", sql, "--out", "/nowhere"]);
      expect({ code, out }).to.deep.equal({ code: 2, out: "" });
      expect(error).to.match(message);
    });
  }

  it("refuses --sql beside --file, and beside a saved query", async () => {
    expect((await here("--sql", WARMEST, "--file", "a.sql")).error).to.match(
      /^--sql and --file are two ways/,
    );
    expect((await here("records", "--sql", WARMEST)).error).to.match(/^"records" beside --sql/);
  });

  it("says what the engine says of wrong SQL", async () => {
    const { code, error } = await here("--sql", "SELECT temprature FROM observations");
    expect(code).to.equal(1);
    expect(error).to.match(/^the query failed: .*temprature.*\n$/);
  });

  it("answers on Athena as here, with what it cost", async () => {
    const answers: PulumiAnswers = {
      config: { "aws:region": { value: "eu-central-1", secret: false } },
      "stack output": { workgroup: WORKGROUP, database: lake.database, bucket: "b" },
    };
    await using stand = await standInPulumi(answers);
    const before = { ...process.env };
    Object.assign(process.env, { ...lake.environment, PATH: stand.directory });
    try {
      for (const sql of [WARMEST, "SHOW TABLES"]) {
        const local = await here("--sql", sql);
        const { code, out, error } = await runQuery(["--sql", sql, "--stack", "dev"]);
        expect({ code, out }, error).to.deep.equal({ code: 0, out: local.out });
        expect(error).to.match(/^scanned [\d.]+ k?B, \$0\.00005\n$/);
      }
    } finally {
      process.env = before;
    }
  });
});

describe("a file in queries/ with a broken header", () => {
  it("is skipped with one line, and the others still run", async () => {
    const projectDirectory = await mkdtemp(join(tmpdir(), "project-"));
    try {
      await cp("queries", join(projectDirectory, "queries"), { recursive: true });
      await writeFile(join(projectDirectory, "queries", "my_own.sql"), "SELECT 1\n");
      const list = await runQuery([], { projectDirectory });
      expect(list).to.include({ code: 0 });
      expect(list.out).to.include("daily_summary").and.not.include("my_own");
      expect(list.error).to.match(
        /^queries\/my_own\.sql: "-- title: …", .* are missing on top .* This file is skipped\.\n$/,
      );
      const asked = await runQuery(["my_own"], { projectDirectory });
      expect(asked).to.include({ code: 2, out: "" });
      expect(asked.error).to.match(/^queries\/my_own\.sql: .*docs\/queries\.md shows .*\n$/);
    } finally {
      await rm(projectDirectory, { recursive: true });
    }
  });
});
