import { readFile } from "node:fs/promises";
import { DuckDBInstance } from "@duckdb/node-api";
import { expect } from "chai";
import * as z from "zod";
import { type RawShape, rawShape, type TableDefinition } from "../../etl/table-definition.ts";
import { TABLES, tableNamed } from "../../etl/tables.ts";
import { transitionSchema } from "../../handlers/weather/alerts/transition.ts";
import { FIELDS, MEASURES } from "../../handlers/weather/observation/fields.ts";
import { parseRecord } from "../../handlers/weather/observation/record.ts";
import { weatherRecord } from "../handlers/support/kinesis-event.ts";
import { portoAlegre } from "../handlers/support/places.ts";

const DUCKDB_TYPES = { string: "VARCHAR", double: "DOUBLE", integer: "INTEGER", timestamp: "TIMESTAMP" };

for (const table of TABLES) {
  describe(`table ${table.name}`, () => {
    it("is what its transformation makes, column by column and type by type", async () => {
      const [columns, day, copies] = partsOf(await outputOf(table));

      expect(columns).to.deep.equal(table.columns.map(({ name, type }) => `${name} ${DUCKDB_TYPES[type]}`));
      expect(day, "the partition").to.equal("day VARCHAR");
      expect(copies, "for the job's report").to.equal("copies BIGINT");
    });

    it("names rows, and sorts them, by columns that it has", () => {
      const never = table.columns.filter(({ nullable }) => !nullable).map(({ name }) => name);
      expect(never).to.include.members([...table.key]);
      expect(table.columns.map(({ name }) => name)).to.include.members([...table.sort]);
    });
  });
}

describe("the definition of a record", () => {
  const { columns } = tableNamed("observations");
  const record = weatherRecord(portoAlegre, "2024-04-30T11:00:00Z", {});

  it("has a column of gold for every measure, and no other", () => {
    const ofMeasures = columns.filter(({ source }) => source?.startsWith("data.values."));

    expect(ofMeasures).to.deep.equal(
      FIELDS.map((field) => {
        const { column, unit, type, description } = MEASURES[field];
        const source = `data.values.${field}`;
        return { name: column, type, ...(unit !== "" && { unit }), nullable: true, source, description };
      }),
    );
  });

  it("leaves measures of any type to the quality step", () => {
    for (const field of [...FIELDS, "moonPhase"]) {
      for (const value of [8, null, undefined, "8", "full", true, {}, [8]])
        expect(parsed(record, `data.values.${field}`, value), field).to.equal(true);
    }
  });

  // What `archive.…` says is written by the archive itself: test/handlers/archive.test.ts.
  const envelope = columns.filter(({ source = "archive." }) => !/^(data\.values|archive)\./.test(source));
  for (const column of envelope) {
    it(`asks for ${column.source}, of which ${column.name} is made, in its type`, () => {
      const { source = "" } = column;
      const other = column.type === "double" ? ["8", true, {}] : [8, true, {}];
      for (const value of [undefined, null, ...other]) {
        expect(parsed(record, source, value), String(value)).to.equal(false);
      }
    });
  }

  it("has a column for every leaf that the envelope asks for", () => {
    const leaves = leavesOf(record).filter((path) => !path.startsWith("data.values."));
    expect(envelope.map(({ source }) => source)).to.have.members(leaves);
  });
});

describe("the definition of an alert", () => {
  const schema = z.toJSONSchema(transitionSchema);
  const ofTransition = tableNamed("alerts").columns.filter(({ source }) => source?.startsWith("transition."));

  for (const column of ofTransition) {
    it(`has ${column.source}, of which ${column.name} is made`, () => {
      const { type, isRequired } = leafOf(schema, (column.source ?? "").split(".").slice(1));
      const expected = column.name === "below" ? "boolean" : column.type === "double" ? "number" : "string";

      expect(type).to.equal(expected);
      if (!column.nullable) expect(isRequired, "a column that is never NULL").to.equal(true);
    });
  }
});

/** Name and type of the columns that a table's SQL makes of archived lines. */
async function outputOf(table: TableDefinition): Promise<string[]> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    const shape = rawShape(table);
    const view = Object.entries(table.view).map(([name, path]) => `"${name}" ${rawType(shape, path)}`);
    await connection.run(`CREATE TABLE raw (${[...view, "raw_day VARCHAR", "raw_file VARCHAR"].join(", ")})`);
    const sql = await readFile(`etl/${table.name}.sql`, "utf8");
    const reader = await connection.runAndReadAll(`DESCRIBE ${sql}`);
    return reader.getRows().map(([name, type]) => `${name} ${type}`);
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function partsOf(output: readonly string[]) {
  return [output.slice(0, -2), ...output.slice(-2)] as const;
}

function rawType(shape: RawShape, path: string): string {
  const [head = "", ...rest] = path.split(".");
  const member = shape[head];
  if (member === undefined) throw new Error(`no column is made of "${path}", and none is ordered by it`);
  if (rest.length > 0) return rawType(member ?? {}, rest.join("."));
  return member === null ? "VARCHAR" : structOf(member);
}

function structOf(shape: RawShape): string {
  const members = Object.entries(shape).map(
    ([name, member]) => `"${name}" ${member === null ? "VARCHAR" : structOf(member)}`,
  );
  return `STRUCT(${members.join(", ")})`;
}

/** Whether the record is one with another value at a dotted path. */
function parsed(record: object, path: string, value: unknown): boolean {
  return parseRecord(Buffer.from(JSON.stringify(withValue(record, path.split("."), value)))).ok;
}

function withValue(object: object, [head = "", ...rest]: readonly string[], value: unknown): object {
  const member: unknown = Reflect.get(object, head);
  return { ...object, [head]: rest.length === 0 ? value : withValue(Object(member), rest, value) };
}

function leavesOf(value: unknown, path = ""): string[] {
  if (typeof value !== "object" || value === null) return [path];
  return Object.entries(value).flatMap(([name, member]) =>
    leavesOf(member, path === "" ? name : `${path}.${name}`),
  );
}

const objectSchema = z.looseObject({
  properties: z.record(z.string(), z.unknown()),
  required: z.array(z.string()).default([]),
});

/** Of a JSON schema: the type at a path, and whether everything on the way is required. */
function leafOf(
  schema: unknown,
  [head = "", ...rest]: readonly string[],
): { type: unknown; isRequired: boolean } {
  const { properties, required } = objectSchema.parse(schema);
  const member = properties[head];
  const isRequired = required.includes(head);
  if (rest.length === 0) return { type: z.looseObject({ type: z.string() }).parse(member).type, isRequired };
  const leaf = leafOf(member, rest);
  return { ...leaf, isRequired: isRequired && leaf.isRequired };
}
