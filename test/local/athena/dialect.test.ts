import { tmpdir } from "node:os";
import { expect } from "chai";
import { createEngine, type Engine } from "../../../local/athena/engine.ts";
import type { Cell } from "../../../local/athena/result.ts";

/** Expressions with what Athena engine v3 answers. */
const ANSWERS: readonly [expression: string, answer: Cell][] = [
  ["7 / 2", 3],
  ["date_diff('hour', TIMESTAMP '2024-05-01 12:59:00', TIMESTAMP '2024-05-01 13:01:00')", 0],
  ["date_diff('day', DATE '2024-04-30', DATE '2024-05-02')", 2],
  ["date_add('month', 1, TIMESTAMP '2024-01-31 10:00:00')", "2024-02-29 10:00:00.000"],
  ["EXTRACT(DOW FROM DATE '2024-05-05')", 7],
  ["day_of_week(DATE '2024-05-06')", 1],
  ["concat('a', CAST(NULL AS VARCHAR))", null],
  ["greatest(1, NULL)", null],
  ["least(2, 1)", 1],
  ["regexp_extract('abc', 'x')", null],
  ["regexp_replace('aba', 'a', 'x')", "xbx"],
  ["date_format(TIMESTAMP '2024-05-01 13:07:09', '%H:%i:%s')", "13:07:09"],
  [
    "EXTRACT(HOUR FROM at_timezone(with_timezone(TIMESTAMP '2024-05-01 02:00:00', 'UTC'), 'America/Sao_Paulo'))",
    23,
  ],
  ["cardinality(sequence(1, 4))", 4],
  ["element_at(ARRAY['a', 'b'], 2)", "b"],
  ["array_join(ARRAY['a', 'b'], '-')", "a-b"],
  ["to_unixtime(from_unixtime(5))", 5],
  ["to_unixtime(from_iso8601_timestamp('1970-01-01T00:00:00-01:00'))", 3600],
];

describe("Athena's dialect", () => {
  let engine: Engine;

  before(async () => {
    engine = await createEngine({ tables: [], directory: tmpdir() });
  });

  after(() => {
    engine.close();
  });

  for (const [expression, answer] of ANSWERS) {
    it(`${expression} is ${answer}`, async () => {
      const { rows } = await engine.run(`SELECT ${expression}`, { database: "any", values: [] });
      expect(rows).to.deep.equal([[answer]]);
    });
  }

  it("sorts NULL last, whichever way", async () => {
    const sql = "SELECT x FROM (VALUES (1), (NULL), (2)) AS t (x) ORDER BY x DESC";
    const { rows } = await engine.run(sql, { database: "any", values: [] });
    expect(rows.flat()).to.deep.equal([2, 1, null]);
  });
});
