import { expect } from "chai";
import type { Value } from "../../../local/sns/filter-condition.ts";
import { bodyAttributes, matchesFilterPolicy, parseFilterPolicy } from "../../../local/sns/filter-policy.ts";

type Attributes = Record<string, Value[]>;
const matches = (policy: object, attributes: Attributes) =>
  matchesFilterPolicy(parseFilterPolicy(JSON.stringify(policy)), new Map(Object.entries(attributes)));

describe("SNS filter policy", () => {
  const table: [object, Attributes[], Attributes[]][] = [
    [{}, [{}, { a: ["x"] }], []],
    [
      { a: ["x", "y"] },
      [{ a: ["x"] }, { a: ["y"] }, { a: ["z", "y"] }, { a: ["x"], b: ["q"] }],
      [{ a: ["X"] }, {}, { a: [] }],
    ],
    [
      { a: [2, true, null] },
      [{ a: [2] }, { a: [2.0] }, { a: [true] }, { a: [null] }],
      [{ a: ["2"] }, { a: [false] }],
    ],
    [{ a: ["x"], b: [1] }, [{ a: ["x"], b: [1] }], [{ a: ["x"] }, { b: [1] }, { a: ["x"], b: [2] }]],
    [{ a: [{ prefix: "po" }] }, [{ a: ["porto"] }, { a: ["x", "po"] }], [{ a: ["Porto"] }, { a: [5] }]],
    [{ a: [{ suffix: "re" }] }, [{ a: ["alegre"] }], [{ a: ["reno"] }]],
    [{ a: [{ "equals-ignore-case": "rain" }] }, [{ a: ["RAIN"] }], [{ a: ["rainy"] }]],
    [{ a: [{ numeric: ["=", 301.5] }] }, [{ a: [3.015e2] }], [{ a: ["301.5"] }, { a: [300] }]],
    [{ a: [{ numeric: [">=", 2] }] }, [{ a: [2] }, { a: [9] }], [{ a: [1.99999] }]],
    [{ a: [{ numeric: [">", 0, "<=", 150] }] }, [{ a: [150] }, { a: [0.1] }], [{ a: [0] }, { a: [150.1] }]],
    [{ a: [{ "anything-but": ["x", "y"] }] }, [{ a: ["z"] }], [{ a: ["x"] }, { a: ["z", "y"] }, {}]],
    [{ a: [{ "anything-but": 100 }] }, [{ a: [101] }, { a: ["100"] }], [{ a: [100] }]],
    [{ a: [{ "anything-but": { prefix: "order-" } }] }, [{ a: ["data"] }], [{ a: ["order-1"] }]],
    [{ a: [{ "anything-but": { suffix: ["ball", "by"] } }] }, [{ a: ["tennis"] }], [{ a: ["rugby"] }]],
    [{ a: [{ exists: true }] }, [{ a: ["x"] }], [{}, { b: ["x"] }]],
    [{ a: [{ exists: false }] }, [{ b: ["x"] }], [{ a: ["x"] }, {}]],
    [{ a: [{ "anything-but": "x" }, { exists: false }] }, [{ a: ["y"] }, { b: ["x"] }], [{ a: ["x"] }]],
    [
      {
        level: [{ numeric: [">=", 2] }],
        $or: [{ location: ["porto-alegre"] }, { audience: ["duty", "all"] }],
      },
      [
        { level: [2], location: ["porto-alegre"] },
        { level: [3], audience: ["all"] },
      ],
      [{ level: [2] }, { level: [1], audience: ["all"] }, { level: [2], location: ["x"], audience: ["y"] }],
    ],
  ];
  for (const [policy, accepted, rejected] of table) {
    it(JSON.stringify(policy), () => {
      for (const attributes of accepted)
        expect(matches(policy, attributes), JSON.stringify(attributes)).to.equal(true);
      for (const attributes of rejected)
        expect(matches(policy, attributes), JSON.stringify(attributes)).to.equal(false);
    });
  }

  const invalid: [string, string][] = [
    ["{", "failed to parse JSON"],
    ["[]", "must be a JSON object"],
    ['{"a":"x"}', '"a" must be an object or an array'],
    ['{"a":[]}', "Empty arrays are not allowed"],
    ['{"a":{"b":["x"]}}', "does not support nested filter policy"],
    ['{"a":[["x"]]}', "Match value must be String, number, true, false, or null"],
    ['{"a":[{"exists":"yes"}]}', "exists match pattern must be either true or false"],
    ['{"a":[{"prefix":5}]}', "prefix match pattern must be a string"],
    ['{"a":[{"prefix":"a","suffix":"b"}]}', "Only one key allowed"],
    ['{"a":[{"like":"x"}]}', "Unrecognized match type like"],
    ['{"a":[{"numeric":["<"]}]}', "Value of numeric"],
    ['{"a":[{"numeric":["<",5,">",1]}]}', "lower bound first"],
    ['{"a":[{"numeric":[">",5,"<",1]}]}', "lower bound first"],
    ['{"a":[{"numeric":[]}]}', "Value of numeric"],
    ['{"a":[2000000000]}', "between -1E9 and 1E9"],
    ['{"a":[{"anything-but":[]}]}', "Value of anything-but"],
    ['{"a":[{"wildcard":"x*"}]}', "not emulated"],
    ['{"$or":[{"a":["x"]}]}', "not emulated"],
    ['{"a":["x"],"b":["x"],"c":["x"],"d":["x"],"e":["x"],"f":["x"]}', "more than 5 keys"],
    [JSON.stringify({ a: Array(16).fill("x"), b: Array(10).fill("x") }), "160 combinations of at most 150"],
    [JSON.stringify({ a: ["x".repeat(262_144)] }), "too long"],
  ];
  for (const [text, message] of invalid) {
    it(`rejects ${text.slice(0, 60)}`, () => {
      expect(() => parseFilterPolicy(text)).to.throw(message);
    });
  }

  it("adds the combinations of alternatives and multiplies them with the rest", () => {
    const policy = (count: number) =>
      JSON.stringify({ a: Array(10).fill("x"), $or: [{ b: Array(count).fill("x") }, { c: ["x", "y"] }] });

    expect(() => parseFilterPolicy(policy(13))).not.to.throw();
    expect(() => parseFilterPolicy(policy(14))).to.throw("160 combinations");
  });
});

describe("SNS filter policy on the message's body", () => {
  const matchesBody = (policy: object, text: string) =>
    matchesFilterPolicy(parseFilterPolicy(JSON.stringify(policy), "MessageBody"), bodyAttributes(text));
  const cases: [object, string, boolean][] = [
    [{ state: ["paid"] }, '{"state":"paid"}', true],
    [{ state: ["paid"] }, '{"state":"open"}', false],
    [{ state: ["paid"] }, "state: paid", false],
    [{ state: ["paid"] }, '["paid"]', false],
    [{ order: { total: [{ numeric: [">", 10] }] } }, '{"order":{"total":11}}', true],
    [{ order: { total: [{ numeric: [">", 10] }] } }, '{"total":11}', false],
    [{ items: { name: ["tea"] } }, '{"items":[{"name":"milk"},{"name":"tea"}]}', true],
    [{ tags: ["new"] }, '{"tags":["old","new"]}', true],
    [{ note: [null] }, '{"note":null}', true],
    [{ note: [{ exists: false }] }, '{"state":"paid"}', true],
    [{ order: { $or: [{ a: [1] }, { b: [2] }] } }, '{"order":{"b":2}}', true],
    [{ order: { $or: [{ a: [1] }, { b: [2] }] } }, '{"b":2}', false],
  ];
  for (const [policy, text, expected] of cases)
    it(`${JSON.stringify(policy)} ${expected ? "matches" : "does not match"} ${text}`, () => {
      expect(matchesBody(policy, text)).to.equal(expected);
    });

  it("counts a condition once for each level of keys above it", () => {
    const nested = (count: number) => JSON.stringify({ a: { b: { c: Array(count).fill("x") } } });

    expect(() => parseFilterPolicy(nested(50), "MessageBody")).not.to.throw();
    expect(() => parseFilterPolicy(nested(51), "MessageBody")).to.throw("153 combinations");
  });
});
