import { expect } from "chai";
import { NotEmulatedError } from "../../../../local/endpoint/error.ts";
import { createEventFilter } from "../../../../local/lambda/mapping/configuration.ts";

const RECORD = {
  data: Buffer.from('{"place":"porto","rain":{"mm":12.5},"tags":["a","b"],"wind":null}'),
  partitionKey: "p1",
};

describe("filter criteria", () => {
  const cases: [string, unknown, boolean][] = [
    ["an exact value", { data: { place: ["rio", "porto"] } }, true],
    ["another value", { data: { place: ["rio"] } }, false],
    ["null", { data: { wind: [null] } }, true],
    ["a prefix", { data: { place: [{ prefix: "por" }] } }, true],
    [
      "a range within a nested object",
      { data: { rain: { mm: [{ numeric: [">", 10, "<=", 12.5] }] } } },
      true,
    ],
    ["a range not reached", { data: { rain: { mm: [{ numeric: [">=", 13] }] } } }, false],
    ["a number in a string", { data: { place: [{ numeric: ["=", 1] }] } }, false],
    ["an element of an array", { data: { tags: ["b"] } }, true],
    ["a missing field", { data: { station: ["x"] } }, false],
    ["several fields, all of which have to match", { data: { place: ["porto"], tags: ["c"] } }, false],
    ["the partition key", { partitionKey: ["p1"] }, true],
  ];
  for (const [what, pattern, expected] of cases)
    it(`${expected ? "passes" : "rejects"} by ${what}`, () => {
      expect(createEventFilter("m", [JSON.stringify(pattern)])(RECORD)).to.equal(expected);
    });

  it("passes every record without patterns, and records that match one of several", () => {
    expect(createEventFilter("m", [])(RECORD)).to.equal(true);
    expect(
      createEventFilter("m", ['{"data":{"place":["rio"]}}', '{"partitionKey":["p1"]}'])(RECORD),
    ).to.equal(true);
  });

  it("rejects data that is not JSON", () => {
    const filter = createEventFilter("m", ['{"data":{"place":["porto"]}}']);
    expect(filter({ data: Buffer.from("porto"), partitionKey: "p1" })).to.equal(false);
  });

  it("names the mapping and what is not emulated", () => {
    for (const rule of [[{ suffix: "x" }], [{ numeric: ["~", 1] }], [{ "anything-but": ["a"] }], "porto"])
      expect(() => createEventFilter("m", [JSON.stringify({ data: { place: rule } })])).to.throw(
        NotEmulatedError,
        "Event-source mapping m: the filter",
      );
    expect(() => createEventFilter("m", ["{"])).to.throw(
      "Event-source mapping m: filter pattern { is not a JSON object",
    );
  });
});
