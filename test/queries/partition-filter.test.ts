import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { type DuckDBConnection, DuckDBInstance, type DuckDBValue } from "@duckdb/node-api";
import { expect } from "chai";
import * as z from "zod";
import { projectDirectory } from "../end-to-end/command.ts";
import { savedQueries, valuesOf } from "./asked.ts";
import { countedColumns } from "./counted-columns.ts";
import { readAgain, unfilteredTables } from "./partition-filter.ts";
import { hourly, writeGold } from "./weather-table.ts";

const REFUSED: Readonly<Record<string, string>> = {
  "no filter": "SELECT COUNT(*) FROM observations WHERE location LIKE ?",
  "no WHERE": "SELECT MAX(temperature) FROM observations",
  "a filter in a comment": "SELECT 1 FROM observations WHERE location LIKE ? -- AND day BETWEEN ? AND ?",
  "a filter in a block comment": "SELECT 1 FROM observations /* WHERE day BETWEEN ? AND ? */",
  "a filter in a text": "SELECT 1 FROM observations WHERE location <> 'day BETWEEN ? AND ?'",
  "a filter on one of two joined tables":
    "SELECT 1 FROM observations o JOIN alerts a ON a.location = o.location WHERE o.day BETWEEN ? AND ?",
  "a filter whose owner is not said":
    "SELECT 1 FROM observations o JOIN alerts a USING (day) WHERE day BETWEEN ? AND ?",
  "a filter in JOIN":
    "SELECT 1 FROM observations o LEFT JOIN alerts a ON a.day BETWEEN ? AND ? WHERE o.day BETWEEN ? AND ?",
  "day in a function": "SELECT 1 FROM observations WHERE SUBSTR(day, 1, 10) BETWEEN ? AND ?",
  "day in a cast":
    "SELECT 1 FROM observations WHERE CAST(day AS DATE) BETWEEN CAST(? AS DATE) AND CAST(? AS DATE)",
  "another column": "SELECT 1 FROM observations WHERE observed_at BETWEEN ? AND ?",
  "another table's day":
    "SELECT 1 FROM observations o, (SELECT '2024-05-01' AS day) AS d WHERE d.day BETWEEN ? AND ?",
  "an alternative": "SELECT 1 FROM observations WHERE day BETWEEN ? AND ? OR location LIKE ?",
  "a negation": "SELECT 1 FROM observations WHERE day NOT BETWEEN ? AND ?",
  "an open end": "SELECT 1 FROM observations WHERE day >= ?",
  "bounds from the rows": "SELECT 1 FROM observations WHERE day BETWEEN day AND ?",
  "bounds from a query":
    "SELECT 1 FROM observations WHERE day BETWEEN (SELECT MIN(day) FROM alerts WHERE day BETWEEN ? AND ?) AND ?",
  "a filter after the fact":
    "SELECT * FROM (SELECT * FROM observations ORDER BY day LIMIT 5) AS o WHERE o.day BETWEEN ? AND ?",
  "one of two branches":
    "SELECT 1 FROM observations WHERE day BETWEEN ? AND ? UNION ALL SELECT 1 FROM observations",
  "a subquery": "SELECT (SELECT MAX(day) FROM observations) AS last_day",
  "a CTE": "WITH o AS (SELECT * FROM gold.OBSERVATIONS) SELECT 1 FROM o WHERE day BETWEEN ? AND ?",
  "a renamed column": "SELECT 1 FROM observations AS o (day) WHERE o.day BETWEEN ? AND ?",
  files: "SELECT 1 FROM read_parquet('gold/*/*.parquet') WHERE day BETWEEN ? AND ?",
};

const ALLOWED: readonly string[] = [
  "SELECT 1 FROM observations WHERE location LIKE ? AND day BETWEEN ? AND ?",
  "SELECT 1 FROM observations AS o JOIN alerts ON TRUE WHERE o.day BETWEEN ? AND ? AND (alerts.day BETWEEN ? AND ?)",
  "SELECT 1 FROM observations WHERE day BETWEEN date_format(CAST(? AS DATE) - INTERVAL '1' DAY, '%Y-%m-%d') AND ?",
  "SELECT level FROM UNNEST(split(?, ';')) AS asked (level)",
];

/**
 * Expressions that each branch of a union names, of which a WHERE on a constant column leaves one: Trino reads for that one
 * alone, as the engine suite sees in its plan.
 */
const CHOSEN_FROM: Readonly<Record<string, string[]>> = {
  return_levels: ["rain", "timed"],
  threshold_runs: ["observed"],
};

const DAYS = 100;

describe("the days of a saved query", () => {
  for (const query of savedQueries) {
    it(`are those asked for: ${query.name}`, async () => {
      expect(await unfilteredTables(query.sql)).to.deep.equal([]);
    });

    it(`are read once: ${query.name}`, async () => {
      expect(await readAgain(query.sql)).to.deep.equal(CHOSEN_FROM[query.name] ?? []);
    });
  }

  it("are read twice by what names an expression twice", async () => {
    const sql =
      "WITH o AS (SELECT 1 AS x FROM observations WHERE day BETWEEN ? AND ?) SELECT 1 FROM o AS a JOIN O AS b ON TRUE";
    expect(await readAgain(sql)).to.deep.equal(["o"]);
  });

  for (const [what, sql] of Object.entries(REFUSED)) {
    it(`are not: ${what}`, async () => {
      expect(await unfilteredTables(sql)).not.to.deep.equal([]);
    });
  }

  for (const sql of ALLOWED) {
    it(`are in ${sql}`, async () => {
      expect(await unfilteredTables(sql)).to.deep.equal([]);
    });
  }
});

/** What the plan says of the days: the filter must also leave some out. */
describe("the plan of a saved query", () => {
  let gold: Awaited<ReturnType<typeof writeGold>>;
  let connection: DuckDBConnection;

  before(async () => {
    const days = Array.from({ length: DAYS }, (_, index) => Date.parse("2024-03-01") + index * 86_400_000);
    const noon = (day: number) => new Date(day + 43_200_000).toISOString();
    gold = await writeGold(
      days.flatMap((day) => hourly(noon(day), 1, () => ({ temperature: 20 }))),
      days.map((day) => ({ occurred_at: noon(day).slice(0, 19).replace("T", " ") })),
    );
    connection = await (await DuckDBInstance.create(":memory:")).connect();
    await connection.run(await readFile(join(projectDirectory, "local/athena/dialect.sql"), "utf8"));
    // These read a table a second time, by the numbers of rows that they found, or instead of a window.
    const reading = "late_materialization,top_n_window_elimination,window_self_join";
    await connection.run(`SET disabled_optimizers = '${reading}'`);
    for (const { name } of gold.tables) {
      const files = join(gold.directory, `gold/${name}/*/*.parquet`);
      await connection.run(
        `CREATE VIEW ${name} AS FROM read_parquet('${files}', hive_partitioning = true, hive_types_autocast = false)`,
      );
    }
  });

  after(async () => {
    connection.closeSync();
    await rm(gold.directory, { recursive: true, force: true });
  });

  /** What each scan of a query reads. */
  async function scansOf(sql: string, values: readonly DuckDBValue[]): Promise<Scan[]> {
    const plan = (
      await connection.runAndReadAll(`EXPLAIN (FORMAT json) ${sql}`, [...values])
    ).getRows()[0]?.[1];
    return scansIn(JSON.parse(String(plan)));
  }

  for (const query of savedQueries) {
    it(`reads few of ${DAYS} days for three: ${query.name}`, async () => {
      const scans = await scansOf(query.sql, valuesOf(query, { from: "2024-05-10", to: "2024-05-12" }));
      expect(scans).not.to.have.length(0);
      // A month up to its twelfth day, with the day before it, is the most.
      for (const { files } of scans) expect(files).to.be.at.most(13);
    });

    it(`reads the columns that its header counts: ${query.name}`, async () => {
      const scans = await scansOf(query.sql, valuesOf(query, { from: "2024-05-10", to: "2024-05-12" }));
      const read = new Set(scans.map(({ columns }) => columns.filter((column) => column !== "day").length));
      // DuckDB reads every metric there is to choose from, Trino the one.
      if (query.name in CHOSEN_FROM) expect(query.cost).to.match(/^location, time and the metric /);
      else expect([...read].sort()).to.deep.equal(countedColumns(query).sort());
    });
  }

  it("would show a filter that leaves nothing out", async () => {
    const sql = "SELECT location, temperature FROM observations WHERE day BETWEEN '' AND '9'";
    const columns = ["location", "temperature"];
    expect(await unfilteredTables(sql)).to.deep.equal([]);
    expect(await scansOf(sql, [])).to.deep.equal([{ files: DAYS, columns }]);
    expect(await scansOf("SELECT location, temperature FROM observations", [])).to.deep.equal([
      { files: DAYS, columns },
    ]);
  });
});

interface Scan {
  /** All of them where the plan does not say. */
  readonly files: number;
  readonly columns: readonly string[];
}

const operator = z.object({
  name: z.string(),
  children: z.array(z.unknown()),
  extra_info: z.record(z.string(), z.unknown()),
});

function scansIn(plan: unknown): Scan[] {
  if (Array.isArray(plan)) return plan.flatMap(scansIn);
  const { name, children, extra_info } = operator.parse(plan);
  const below = children.flatMap(scansIn);
  if (name.trim() !== "READ_PARQUET") return below;
  const { "Scanning Files": files = "", Projections: columns = [] } = extra_info;
  return [
    ...below,
    { files: Number(/^\d+/.exec(String(files))?.[0] ?? DAYS), columns: [columns].flat().map(String) },
  ];
}
