import { spawn } from "node:child_process";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import { temporaryFolder } from "../end-to-end/command.ts";
import type { Answer } from "./trino/client.ts";
import { agreeSaveForDoubles, differences, withoutRounding } from "./trino/compare.ts";
import { createTableStatement, UntranslatableTableError } from "./trino/ddl.ts";
import type { GlueTable } from "./trino/glue-tables.ts";

const TABLE: GlueTable = {
  name: "orders",
  databaseName: "shop",
  storageDescriptor: {
    location: "s3://shop-lake/gold/orders/",
    serDeInfo: {
      serializationLibrary: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
      parameters: {},
    },
    columns: [
      { name: "item", type: "string" },
      { name: "pieces", type: "int" },
    ],
  },
  partitionKeys: [{ name: "day", type: "string" }],
  parameters: {
    classification: "parquet",
    "projection.enabled": "true",
    "projection.day.type": "date",
    "projection.day.range": "2000-01-01,NOW+1DAYS",
    "projection.day.interval": "1",
    "projection.day.interval.unit": "DAYS",
    "storage.location.template": `s3://shop-lake/gold/orders/day=\${day}/`,
  },
};

const inTrino = (s3Uri: string) => s3Uri.replace("s3://", "local:///");

describe("a table of Glue in Trino", () => {
  it("has its partition projected as Glue declares it", () => {
    expect(createTableStatement(TABLE, inTrino)).to.equal(`CREATE TABLE "shop"."orders" (
  "item" varchar,
  "pieces" integer,
  "day" varchar WITH (partition_projection_type = 'date', partition_projection_range = ARRAY['2000-01-01', 'NOW+1DAYS'], partition_projection_interval = 1, partition_projection_interval_unit = 'DAYS')
)
WITH (
  external_location = 'local:///shop-lake/gold/orders/',
  format = 'PARQUET',
  partitioned_by = ARRAY['day'],
  partition_projection_enabled = true,
  partition_projection_location_template = 'local:///shop-lake/gold/orders/day=\${day}/'
)`);
  });

  it("is refused where it says what would be lost", () => {
    const columns = [{ name: "item", type: "uniontype<int,string>" }];
    const ofUnknownType = { ...TABLE, storageDescriptor: { ...TABLE.storageDescriptor, columns } };
    const ofUnknownProjection = { ...TABLE, parameters: { "projection.day.bucket-count": "4" } };

    expect(() => createTableStatement(ofUnknownType, inTrino)).to.throw(
      UntranslatableTableError,
      "orders.item: type uniontype<int,string>",
    );
    expect(() => createTableStatement(ofUnknownProjection, inTrino)).to.throw(
      UntranslatableTableError,
      "orders: parameter projection.day.bucket-count",
    );
    expect(() => createTableStatement(withSerde("com.amazon.ionhiveserde.IonHiveSerDe"), inTrino)).to.throw(
      UntranslatableTableError,
      "orders: SerDe com.amazon.ionhiveserde.IonHiveSerDe",
    );
    const mapped = withSerde("org.openx.data.jsonserde.JsonSerDe", { "mapping.item": "Item" });
    expect(() => createTableStatement(mapped, inTrino)).to.throw(
      UntranslatableTableError,
      "orders: parameter mapping.item of the SerDe",
    );
  });
});

function withSerde(serializationLibrary: string, parameters: Record<string, string> = {}): GlueTable {
  return {
    ...TABLE,
    storageDescriptor: { ...TABLE.storageDescriptor, serDeInfo: { serializationLibrary, parameters } },
  };
}

describe("two answers", () => {
  const answer = (...rows: Answer["rows"]): Answer => ({
    columns: [
      { name: "place", type: "varchar" },
      { name: "hours", type: "integer" },
      { name: "rain", type: "double" },
    ],
    rows,
  });
  const one = answer(["a", 1, 0.1], ["b", 2, null]);

  it("agree where a double differs by the order of a sum, or a whole number by its width", () => {
    const wide = one.columns.map(({ name, type }) => ({ name, type: type === "integer" ? "bigint" : type }));
    const { rows } = answer(["a", 1, 0.1 + 1e-12], ["b", 2, null]);
    expect(differences(one, { columns: wide, rows })).to.deep.equal([]);
    expect(differences(answer(["a", 1, 0]), answer(["a", 1, -1e-14]))).to.deep.equal([]);
    expect(differences(answer(["a", 1, 5e9]), answer(["a", 1, 5e9 + 6]))).to.have.length(1);
  });

  const others: readonly [what: string, other: Answer, difference: string][] = [
    ["a double", answer(["a", 1, 0.1001], ["b", 2, null]), "row 1, rain: 0.1 (DuckDB), 0.1001 (Trino)"],
    ["a whole number", answer(["a", 1, 0.1], ["b", 3, null]), "row 2, hours: 2 (DuckDB), 3 (Trino)"],
    ["NULL and zero", answer(["a", 1, 0.1], ["b", 2, 0]), "row 2, rain: null (DuckDB), 0 (Trino)"],
    ["a row", answer(["a", 1, 0.1]), "rows: 2 (DuckDB), 1 (Trino)"],
  ];
  for (const [what, other, difference] of others) {
    it(`differ in ${what}`, () => {
      expect(differences(one, other)).to.deep.equal([difference]);
    });
  }

  it("differ in order and in types", () => {
    const swapped = answer(...one.rows.toReversed());
    const asText = one.columns.map(({ name }) => ({ name, type: "varchar" }));
    expect(differences(one, swapped)).to.have.length(6);
    expect(differences(one, { ...one, columns: asText })).to.deep.equal([
      "columns: place varchar, hours whole number, rain double (DuckDB), place varchar, hours varchar, rain varchar (Trino)",
    ]);
  });

  it("are told apart in doubles from what differs elsewhere", () => {
    expect(agreeSaveForDoubles(one, answer(["a", 1, 0.2], ["b", 2, null]))).to.equal(true);
    expect(agreeSaveForDoubles(one, answer(["a", 2, 0.2], ["b", 2, null]))).to.equal(false);
  });

  it("are asked for before rounding", () => {
    expect(
      withoutRounding("SELECT ROUND(SUM(LEAST(a, 1)) / 2, 1) AS x, round(ROUND(b, 2)), c FROM t"),
    ).to.equal("SELECT (SUM(LEAST(a, 1)) / 2) AS x, ((b)), c FROM t");
  });
});

describe("a process beside the tests", () => {
  it("ends when they are killed", async () => {
    const folder = await temporaryFolder();
    const logFile = join(folder.path, "log");
    const module = new URL("support/owned-process.ts", import.meta.url).href;
    const script = `
      const { startOwned } = await import(${JSON.stringify(module)});
      const say = "console.log(process.pid); setInterval(() => {}, 1000)";
      const where = { cwd: ".", env: {}, logFile: ${JSON.stringify(logFile)} };
      await startOwned(process.execPath, ["-e", say], where);`;
    const tests = spawn(process.execPath, ["--input-type=module", "-e", script], { stdio: "inherit" });
    const pid = await untilSome(async () => Number(await readFile(logFile, "utf8").catch(() => "")));
    expect(isAlive(pid)).to.equal(true);

    tests.kill("SIGKILL");
    await untilSome(async () => !isAlive(pid));
    await folder.remove();
  });
});

/** Asks until the answer is neither false nor zero; the test's timeout ends it otherwise. */
async function untilSome<Value>(ask: () => Promise<Value>): Promise<Value> {
  for (;;) {
    const answer = await ask();
    if (answer) return answer;
    await setTimeout(20);
  }
}

function isAlive(pid: number): boolean {
  try {
    return process.kill(pid, 0);
  } catch {
    return false;
  }
}
