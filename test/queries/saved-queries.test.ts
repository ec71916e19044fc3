import { expect } from "chai";
import { parseSavedQuery, SavedQueryError } from "../../queries/saved-queries.ts";

const HEADER = "-- title: Rain\n-- question: How much?\n-- cost: little\n-- columns: place, rain mm\n";

describe("saved queries' headers", () => {
  it("say title, question, columns with units and parameters with defaults", () => {
    const sql = `${HEADER.trimEnd()},\n--   gust m/s, share\n-- parameters: location = %, at_least = 10\n-- Any remark: here.\nSELECT 1 WHERE 'a?' LIKE ? AND 2 > ? -- really?\n`;
    expect(parseSavedQuery("rain", sql)).to.deep.equal({
      name: "rain",
      title: "Rain",
      question: "How much?",
      columns: [
        { name: "place" },
        { name: "rain", unit: "mm" },
        { name: "gust", unit: "m/s" },
        { name: "share" },
      ],
      parameters: [
        { name: "location", kind: "text", default: "%" },
        { name: "at_least", kind: "number", default: 10 },
      ],
      cost: "little",
      sql,
    });
  });

  const refused: Record<string, [string, string]> = {
    "without a cost": [HEADER.replace(/-- cost.*\n/, ""), 'rain.sql: "-- cost: …" is missing'],
    "with a default that is not among the allowed values": [
      `${HEADER}-- parameters: level = blue (yellow|red)\nSELECT ?`,
      'parameter "level = blue (yellow|red)" is not of the form',
    ],
    "without a title": [
      "-- question: q\n-- cost: c\n-- columns: a\nSELECT 1",
      'rain.sql: "-- title: …" is missing',
    ],
    "without a header": [
      "SELECT 1",
      'rain.sql: "-- title: …", "-- question: …", "-- columns: …", "-- cost: …" are missing on top of the file; docs/queries.md shows',
    ],
    "with a title twice": [`${HEADER}-- title: Again\nSELECT 1`, 'rain.sql: "-- title:" is there twice'],
    "with a ? that has no name": [`${HEADER}SELECT ?`, "rain.sql: the text has 1 ? but 0 named"],
    "with a parameter without default": [
      `${HEADER}-- parameters: location\nSELECT ?`,
      'parameter "location" is not of the form',
    ],
    "with a ? outside of WHERE": [
      `${HEADER}-- parameters: day = last, level = 3\nSELECT 1\nFROM t WHERE day = ?\nHAVING 2 > ?`,
      'rain.sql: the ? of "level" in line 8 is outside of WHERE',
    ],
  };
  for (const [what, [sql, message]] of Object.entries(refused)) {
    it(`are refused ${what}`, () => {
      expect(() => parseSavedQuery("rain", sql)).to.throw(SavedQueryError, message);
    });
  }
});
