import { expect } from "chai";
import fc from "fast-check";
import { combinations, filterPolicy, groupsOf } from "../../config/subscribers.ts";

describe("filter policy of a subscription", () => {
  it("asks for all, the own name and the own groups, a level, places and a language", () => {
    const policy = filterPolicy("ana", {
      level: "orange",
      locations: ["b", "a", "b"],
      language: "en",
      groups: ["port", "night-shift"],
    });

    expect(policy).to.deep.equal({
      audience: ["all", "ana", "night-shift", "port"],
      level: [{ numeric: [">=", 2] }],
      language: ["en"],
      location: ["a", "b"],
    });
  });

  it("leaves out the place of who hears of every place, and groups of who is in none", () => {
    expect(filterPolicy("bia", { level: "yellow", language: "pt-BR" })).to.deep.equal({
      audience: ["all", "bia"],
      level: [{ numeric: [">=", 1] }],
      language: ["pt-BR"],
    });
  });

  it("has as many combinations as the numbers of values multiply to", () => {
    const counts = fc.array(fc.integer({ min: 1, max: 12 }), { minLength: 1, maxLength: 5 });

    fc.assert(
      fc.property(counts, (lengths) => {
        const policy = Object.fromEntries(
          lengths.map((length, name) => [`a${name}`, Array.from({ length }, (_, value) => `v${value}`)]),
        );
        // SNS's own words: https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html
        const listed = lengths.reduce<number[][]>(
          (rows, length) => rows.flatMap((row) => Array.from({ length }, (_, value) => [...row, value])),
          [[]],
        );
        expect(combinations(policy)).to.equal(listed.length);
      }),
      { numRuns: 25 },
    );
  });

  it("knows the groups of a member", () => {
    const groups = { port: ["ana"], "night-shift": ["bia", "ana"], "day-shift": ["bia"] };

    expect(groupsOf("ana", groups)).to.deep.equal(["night-shift", "port"]);
    expect(groupsOf("caio", groups)).to.deep.equal([]);
  });
});
