import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { dataDictionary } from "../../../cli/docs/data-dictionary.ts";
import { FIELDS, MEASURES } from "../../../handlers/weather/observation/fields.ts";

describe("the data dictionary", () => {
  it("is what the definition of the tables makes", async () => {
    expect(await readFile("docs/data-dictionary.md", "utf8"), "npm run docs writes it anew").to.equal(
      dataDictionary(),
    );
  });

  it("has a line for every measure, with its unit, its place in a record and what it means", () => {
    const lines = dataDictionary().split("\n");
    for (const field of FIELDS) {
      const { column, unit, description } = MEASURES[field];
      const line = lines.find((candidate) => candidate.startsWith(`| \`${column}\` |`));
      expect(line, field)
        .to.include(`| ${unit} |`)
        .and.include(`\`data.values.${field}\``)
        .and.include(description);
    }
  });
});
