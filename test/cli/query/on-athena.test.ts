import { AthenaClient } from "@aws-sdk/client-athena";
import { expect } from "chai";
import { type QueryProgress, runOnAthena } from "../../../cli/query/athena.ts";
import { QueryStoppedError } from "../../../cli/query/stopped.ts";
import { QueryFailedError } from "../../../local/athena/engine.ts";
import { parameterValues } from "../../../queries/parameters.ts";
import { readSavedQueries } from "../../../queries/saved-queries.ts";
import { clientConfig } from "../../local/endpoint/support.ts";
import { hourly } from "../../queries/weather-table.ts";
import { type GoldLake, openGoldLake, WORKGROUP } from "./gold-lake.ts";

/** 1100 hours, so that results take two pages; every seventh hour nothing was measured. */
const ROWS = hourly("2024-04-01T00:00:00Z", 1100, (hour) =>
  hour % 7 === 3
    ? {}
    : {
        temperature: hour / 8,
        rain_intensity: hour % 3,
        wind_gust: hour % 25,
        wind_speed: 2,
        wind_direction: hour % 360,
        humidity: 80,
      },
);
const LAST_DAY = "2024-05-16";

describe("queries on Athena", () => {
  let lake: GoldLake;
  let client: AthenaClient;

  before(async () => {
    lake = await openGoldLake(ROWS);
    client = new AthenaClient(clientConfig(lake.endpoint.url, lake.identities.operator));
  });

  after(async () => {
    client.destroy();
    await lake[Symbol.asyncDispose]();
  });

  function run(
    sql: string,
    values: readonly (string | number)[] = [],
    options: { signal?: AbortSignal; progress?: (progress: QueryProgress) => void } = {},
  ) {
    const { signal = new AbortController().signal, progress = () => {} } = options;
    const query = { sql, values, database: lake.database, workgroup: WORKGROUP };
    return runOnAthena(client, query, { signal, progress });
  }

  // Text, NULL and times; two pages; integers; dates.
  const chosen = ["latest_by_place", "rain_running_sums", "daily_cycle", "completeness"];
  for (const query of readSavedQueries("queries").filter(({ name }) => chosen.includes(name))) {
    it(`answer ${query.name} as DuckDB does, bytes included`, async () => {
      const values = parameterValues(query.parameters, { lastDay: LAST_DAY, given: { from: "2024-04-01" } });

      const answer = await run(query.sql, values);

      const local = await lake.athena.runQuery(query.sql, { database: lake.database, values });
      expect(local.rows).not.to.have.length(0);
      expect(answer).to.deep.equal(local);
    });
  }

  it("reads all pages, and no header among the rows", async () => {
    const sql = "SELECT observed_at, temperature FROM observations WHERE day >= ? ORDER BY observed_at";
    const { rows } = await run(sql, ["2024-04-01"]);
    expect(rows).to.have.length(1100);
    expect(rows[0]).to.deep.equal(["2024-04-01 00:00:00.000", 0]);
    expect(rows[3]).to.deep.equal(["2024-04-01 03:00:00.000", null]);
  });

  it("keeps the types of every column", async () => {
    const sql = `SELECT 1 AS whole, CAST(1 AS DOUBLE) AS real_whole, 2.50 AS exact, 9007199254740993 AS large,
      CAST('nan' AS DOUBLE) AS undefined_figure, 1 < 2 AS truth, 2 < 1 AS lie, CAST(NULL AS BOOLEAN) AS neither,
      '' AS empty, '12' AS digits, CAST(NULL AS VARCHAR) AS missing, DATE '2024-04-30' AS day,
      TIMESTAMP '2024-04-30 11:00:00' AS moment, from_iso8601_timestamp('2024-04-30T11:00:00.25Z') AS zoned,
      1E-7 AS tiny, -123456789.5E0 AS huge`;

    const { rows, columns } = await run(sql);

    expect(rows).to.deep.equal([
      [
        1,
        1,
        2.5,
        "9007199254740993",
        "NaN",
        true,
        false,
        null,
        "",
        "12",
        null,
        "2024-04-30",
        "2024-04-30 11:00:00.000",
        "2024-04-30 11:00:00.250 UTC",
        1e-7,
        -123456789.5,
      ],
    ]);
    const local = await lake.athena.runQuery(sql, { database: lake.database });
    expect({ rows, columns }).to.deep.equal({ rows: local.rows, columns: local.columns });
  });

  it("answers columns without rows", async () => {
    const { rows, columns } = await run("SELECT location FROM observations WHERE day = ?", ["1999-01-01"]);
    expect(rows).to.deep.equal([]);
    expect(columns.map(({ name }) => name)).to.deep.equal(["location"]);
  });

  it("fails with Athena's reason", async () => {
    const error = await rejection(run("SELECT nothing FROM observations"));
    expect(error).to.be.instanceOf(QueryFailedError);
    expect(error.message).to.include('"nothing"');
  });

  it("tells how far it is, and stops when asked to", async () => {
    const stop = new AbortController();
    const seen: QueryProgress[] = [];

    const error = await rejection(
      run(SLOW, [], {
        signal: stop.signal,
        progress(progress) {
          seen.push(progress);
          if (seen.length === 2) stop.abort();
        },
      }),
    );

    expect(error).to.be.instanceOf(QueryStoppedError);
    expect(seen).to.deep.equal([
      { state: "RUNNING", bytesScanned: 0 },
      { state: "RUNNING", bytesScanned: 0 },
    ]);
    expect(lake.athena.executions().at(-1)).to.include({
      state: "CANCELLED",
      reason: "Query cancelled by user",
    });
  });

  it("says that it was cancelled by somebody else", async () => {
    const { gateway } = lake.endpoint;
    const QueryExecutionId = () => lake.athena.executions().at(-1)?.id;

    const error = await rejection(
      run(SLOW, [], {
        progress: () =>
          void gateway.call(lake.identities.operator, "athena", "StopQueryExecution", {
            QueryExecutionId: QueryExecutionId(),
          }),
      }),
    );

    expect(error).to.be.instanceOf(QueryFailedError);
    expect(error.message).to.equal("it was cancelled: Query cancelled by user");
  });
});

/** Ten thousand million pairs: nobody waits for them. */
const SLOW = `SELECT COUNT(*) AS pairs FROM UNNEST(sequence(1, 100000)) AS a (x)
  CROSS JOIN UNNEST(sequence(1, 100000)) AS b (y) WHERE x * y % 7 = 3`;

async function rejection(promise: Promise<unknown>): Promise<Error> {
  try {
    await promise;
  } catch (error) {
    if (error instanceof Error) return error;
  }
  return expect.fail("it went well");
}
