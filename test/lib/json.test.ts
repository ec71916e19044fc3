import { expect } from "chai";
import { isObject, parseJson } from "../../lib/json.ts";

describe("json", () => {
  it("parses JSON of any kind, and returns undefined for other text", () => {
    expect(parseJson('{"a":[1]}')).to.deep.equal({ a: [1] });
    expect(parseJson("null")).to.equal(null);
    for (const text of ["", "{", "undefined", "'a'"]) expect(parseJson(text), text).to.equal(undefined);
  });

  it("tells objects from arrays, null and plain values", () => {
    expect(isObject({})).to.equal(true);
    for (const value of [[], null, undefined, "{}", 1])
      expect(isObject(value), String(value)).to.equal(false);
  });
});
