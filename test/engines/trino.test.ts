import { join } from "node:path";
import { expect } from "chai";
import { readSavedQueries } from "../../queries/saved-queries.ts";
import { projectDirectory } from "../end-to-end/command.ts";
import { ANSWERS } from "../local/athena/dialect-answers.ts";
import { countedColumns } from "../queries/counted-columns.ts";
import { describeEngine } from "./support/unavailable.ts";
import { ASKED, concerns, EVERYTHING, valuesOf } from "./trino/asked.ts";
import { type Answer, type SessionProperties, TrinoError, type Value } from "./trino/client.ts";
import { agreeSaveForDoubles, differences, withoutRounding } from "./trino/compare.ts";
import { type GoldOnTrino, openGoldOnTrino } from "./trino/gold-on-trino.ts";
import { obtainTrino } from "./trino/install.ts";
import { CATALOG } from "./trino/server.ts";
import { HOSTILE_NAMES, hostileRecords, LAST_DAY, weatherOfNextDay } from "./trino/weather.ts";

const queries = readSavedQueries(join(projectDirectory, "queries"));

/** No table may be read whole: a query says of each one which days it wants. */
const FILTER_REQUIRED: SessionProperties = { [`${CATALOG}.query_partition_filter_required`]: "true" };

const TIMES = { installMilliseconds: 600_000, timeoutMilliseconds: 180_000 };

describeEngine("gold and the saved queries on Trino", { obtain: obtainTrino, ...TIMES }, (trino) => {
  let gold: GoldOnTrino;

  before(async () => {
    gold = await openGoldOnTrino(trino());
    console.log(`    Trino ${gold.version}`);
  });
  after(() => gold?.close());

  const ask = (sql: string, values: readonly Value[]): Promise<[duckdb: Answer, trino: Answer]> =>
    Promise.all([gold.askDuckdb(sql, values), gold.trino.run(sql, values, FILTER_REQUIRED)]);

  /** The code of Trino's refusal, undefined when there is none. */
  async function refusal(sql: string, values: readonly Value[], session: SessionProperties = {}) {
    try {
      await gold.trino.run(sql, values, session);
      return undefined;
    } catch (error) {
      if (error instanceof TrinoError) return error.code;
      throw error;
    }
  }

  describe("through the declared tables", () => {
    it("has the rows of the files", async () => {
      for (const { name, storageDescriptor } of gold.tables) {
        const order = storageDescriptor.columns.map((column) => column.name).join(", ");
        const sql = `SELECT * FROM ${name} WHERE day BETWEEN ? AND ? ORDER BY day, ${order}`;

        const answers = await ask(sql, ["2023-04-01", "2024-05-31"]);

        expect(answers[1].rows, name).not.to.have.length(0);
        expect(differences(...answers, 0), name).to.deep.equal([]);
      }
    });

    it("sees a new day without being told, and is content where a day has no folder", async () => {
      const days = "SELECT DISTINCT day FROM observations WHERE day >= '2024-05-05' ORDER BY day";
      const former = await gold.trino.run(days);

      await gold.bringToGold([weatherOfNextDay()]);
      const { rows } = await gold.trino.run(days);

      expect(former.rows).to.deep.equal([["2024-05-05"], [LAST_DAY]]);
      expect(rows).to.deep.equal([["2024-05-05"], [LAST_DAY], ["2024-05-07"]]);
    });
  });

  describe("through the declared table of the records as they came", () => {
    it("reads every field, whatever it is called, and every line", async () => {
      await gold.bringToGold([hostileRecords()]);
      await gold.registerRaw();
      const fields = HOSTILE_NAMES.map(
        (name) => `json_extract_scalar(data, '$["values"][${JSON.stringify(name).replaceAll("'", "''")}]')`,
      );
      const table = `"${gold.records.databaseName}"."${gold.records.name}"`;

      const all = await gold.trino.run(
        `SELECT COUNT(*), COUNT(json_extract_scalar(data, '$.time')) FROM ${table}`,
      );
      const hostile = await gold.trino.run(
        `SELECT ${fields.join(", ")}, source FROM ${table} WHERE year = '2024' AND month = '02' AND day = '01' ORDER BY source`,
      );

      expect(all.rows[0]?.[0]).to.be.above(168);
      expect(all.rows[0]?.[1], "rows with a time").to.equal(all.rows[0]?.[0]);
      expect(hostile.rows).to.deep.equal([
        [...HOSTILE_NAMES.map((_, index) => String(index)), "names"],
        [...HOSTILE_NAMES.map(() => null), "two spellings"],
      ]);
    });
  });

  describe("a saved query", () => {
    for (const query of queries) {
      for (const asked of ASKED.filter((each) => concerns(each, query))) {
        it(`${query.name} answers what DuckDB answers: ${asked.name}`, async () => {
          const values = valuesOf(query, asked);

          const answers = await ask(query.sql, values);

          expect(answers[1].columns.map(({ name }) => name)).to.deep.equal(
            query.columns.map(({ name }) => name),
          );
          expect(answers[1].rows).not.to.have.length(0);
          expect(await unexplained(answers, query.sql, values)).to.deep.equal([]);
        });
      }
    }

    /** Differences, save for a double that lies between two roundings, where the order of a sum decides which one it gets. */
    async function unexplained(answers: [Answer, Answer], sql: string, values: readonly Value[]) {
      const found = differences(...answers);
      if (found.length === 0 || !agreeSaveForDoubles(...answers)) return found;
      const behind = differences(...(await ask(withoutRounding(sql), values)));
      return behind.length === 0 ? [] : [...found, "and before rounding:", ...behind];
    }

    it("is valid", async () => {
      for (const query of queries) {
        const statement = `EXPLAIN (TYPE VALIDATE) ${query.sql}`;
        expect(await refusal(statement, valuesOf(query, EVERYTHING)), query.name).to.equal(undefined);
      }
    });

    it("reads a table as often as its text names it, and the columns that its header counts", async () => {
      for (const query of queries) {
        const statement = `EXPLAIN (TYPE DISTRIBUTED) ${query.sql}`;
        const { rows } = await gold.trino.run(statement, valuesOf(query, EVERYTHING));
        const scans = scannedColumns(rows.flat().join("\n"));
        expect(scans, query.name).to.have.length(
          query.sql.match(/\bFROM (?:observations|alerts)\b/g)?.length ?? 0,
        );
        expect([...new Set(scans)].sort(), query.name).to.deep.equal(countedColumns(query).sort());
      }
    });

    it("is exact: one that approximates needs a tolerance of its own here", () => {
      const approximate = queries.filter(({ sql }) => /\bapprox_/i.test(sql));
      expect(approximate.map(({ name }) => name)).to.deep.equal([]);
    });
  });

  describe("a query that should not be saved", () => {
    const days = ["2024-05-01", "2024-05-02"];

    it("names a column that is not there", async () => {
      const sql = "SELECT location, sunshine FROM observations WHERE day BETWEEN ? AND ?";
      expect(await refusal(`EXPLAIN (TYPE VALIDATE) ${sql}`, days)).to.equal("COLUMN_NOT_FOUND");
    });

    it("is in a dialect that only DuckDB speaks", async () => {
      const sql = `SELECT location, observed_at FROM observations WHERE day BETWEEN ? AND ?
        QUALIFY ROW_NUMBER() OVER (PARTITION BY location ORDER BY observed_at DESC) = 1`;
      const { rows } = await gold.askDuckdb(sql, days);
      expect(rows).not.to.have.length(0);
      expect(await refusal(`EXPLAIN (TYPE VALIDATE) ${sql}`, days)).to.equal("SYNTAX_ERROR");
    });

    it("reads every day there is", async () => {
      const sql = "SELECT COUNT(*) FROM observations WHERE location LIKE ?";
      const explain = `EXPLAIN (TYPE DISTRIBUTED) ${sql}`;
      expect(await refusal(explain, ["%"], FILTER_REQUIRED)).to.equal("QUERY_REJECTED");
      expect(await refusal(explain, ["%"])).to.equal(undefined);
    });

    it("reads every day of one of its tables", async () => {
      const sql = `SELECT COUNT(*) FROM observations JOIN observations AS others ON others.location = observations.location
        WHERE observations.day BETWEEN ? AND ?`;
      const explain = `EXPLAIN (TYPE DISTRIBUTED) ${sql}`;
      expect(await refusal(explain, days, FILTER_REQUIRED)).to.equal("QUERY_REJECTED");
      expect(
        await refusal(
          `${explain} AND others.day BETWEEN '2024-05-01' AND '2024-05-02'`,
          days,
          FILTER_REQUIRED,
        ),
      ).to.equal(undefined);
    });
  });

  it("answers what the local dialect's tests say that Athena answers", async () => {
    const expressions = ANSWERS.map(([expression]) => expression);
    const { rows } = await gold.trino.run(`SELECT ${expressions.join(", ")}`);
    expect(expressions.map((expression, index) => [expression, rows[0]?.[index]])).to.deep.equal(ANSWERS);
  });
});

/** How many columns each scan of a plan reads, that of the folders' names aside. */
function scannedColumns(plan: string): number[] {
  const [, ...scans] = plan.split(/\[table = /);
  return scans.map((scan) => (scan.match(/:REGULAR$/gm) ?? []).length);
}
