import { DuckDBInstance } from "@duckdb/node-api";
import { expect } from "chai";
import fc from "fast-check";
import { readCell, sqlLiteral } from "../../../cli/query/athena-values.ts";
import { parameterValue } from "../../../local/athena/prepared-statements.ts";

describe("execution parameters", () => {
  const literals: [string | number, string][] = [
    ["poa", "'poa'"],
    ["", "''"],
    ["'", "''''"],
    ["d'Água''s", "'d''Água''''s'"],
    ["'; DROP TABLE observations; --", "'''; DROP TABLE observations; --'"],
    ["\\' OR 1 = 1", "'\\'' OR 1 = 1'"],
    ["5", "'5'"],
    [5, "5"],
    [-0.25, "-0.25"],
    [1e21, "1E+21"],
    [1e-7, "1E-7"],
  ];
  for (const [value, literal] of literals) {
    it(`write ${JSON.stringify(value)} as ${literal}`, () => {
      expect(sqlLiteral(value)).to.equal(literal);
    });
  }

  it("are one literal whose value is the text that was given, whatever it is", async () => {
    const instance = await DuckDBInstance.create(":memory:");
    const connection = await instance.connect();
    const text = fc.string({
      unit: fc.constantFrom("'", '"', "\\", "-", ";", "?", " ", "a", "\n", "%", "é", "🌧"),
    });
    await fc.assert(
      fc.asyncProperty(text, async (value) => {
        const reader = await connection.runAndReadAll(`SELECT ${sqlLiteral(value)}`);
        expect(reader.getRowsJson()).to.deep.equal([[value]]);
        expect(parameterValue(sqlLiteral(value))).to.equal(value);
      }),
    );
    connection.closeSync();
  });

  it("keep every number", () => {
    fc.assert(
      fc.property(fc.double({ noNaN: true, noDefaultInfinity: true }), (value) => {
        expect(Number(parameterValue(sqlLiteral(value))) + 0).to.equal(value + 0);
      }),
    );
    expect(() => sqlLiteral(Number.NaN)).to.throw(RangeError);
  });
});

describe("cells of a result", () => {
  const cells: [string | undefined, string, unknown][] = [
    [undefined, "double", null],
    ["", "varchar", ""],
    ["12", "varchar", "12"],
    ["12", "bigint", 12],
    ["-9007199254740993", "bigint", "-9007199254740993"],
    ["19.0", "double", 19],
    ["1.0E-7", "double", 1e-7],
    ["NaN", "double", "NaN"],
    ["-Infinity", "real", "-Infinity"],
    ["2.50", "decimal", 2.5],
    ["true", "boolean", true],
    ["false", "boolean", false],
    ["2024-04-30", "date", "2024-04-30"],
    ["2024-04-30 11:00:00.000", "timestamp", "2024-04-30 11:00:00.000"],
    ["[1, 2]", "array", "[1, 2]"],
  ];
  for (const [text, type, cell] of cells) {
    it(`of type ${type}: ${text} is ${JSON.stringify(cell)}`, () => {
      expect(readCell(text, type)).to.equal(cell);
    });
  }
});
