import { tmpdir } from "node:os";
import { expect } from "chai";
import { createEngine, type Engine } from "../../../local/athena/engine.ts";
import { ANSWERS } from "./dialect-answers.ts";

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
