import { expect } from "chai";
import { OWN_LIMITS } from "../../config/limits.ts";
import type { Graph, Resource } from "../../local/graph.ts";
import { graphOf } from "../infra/loader/graphs.ts";
import { portoAlegre } from "../infra/stack-config.ts";
import { INPUT_LIMITS, NAME_LIMITS, NAMELESS, RANDOM_SUFFIX_CHARACTERS } from "./limits/inputs.ts";

/** A key of config that is as long as one can be. */
const longest = (first: string) => first.padEnd(OWN_LIMITS.name.maximum, "x");

/** Everything by which config names resources. */
const LONGEST = {
  "stormwire:apiKey": "key",
  "stormwire:opsEmail": "ops@example.org",
  "stormwire:protect": true,
  "stormwire:locations": { [longest("place")]: portoAlegre },
  "stormwire:subscriptions": { [longest("person")]: { sms: "+12025550101", email: "a@example.org" } },
  "stormwire:groups": { [longest("group")]: [longest("person")] },
  "stormwire:webhooks": {
    [longest("hook")]: { url: "https://hooks.example.org/", secret: `whsec_${"A".repeat(32)}` },
  },
  "stormwire:messages": {
    [longest("digest")]: { cron: "0 7 * * ? *", timeZone: "America/Argentina/ComodRivadavia", digest: true },
    [longest("drill")]: { rate: "1 day", timeZone: "UTC", drill: { hazard: "rain", level: "red" } },
  },
};

describe("inputs of resources, with the longest names that config can give", () => {
  let graph: Graph;

  before(async () => {
    graph = await graphOf({ stack: "dev", overrides: LONGEST });
  });

  it("have names that AWS takes", () => {
    const tooLong = graph.resources.flatMap((resource) => {
      const limit = NAME_LIMITS[resource.type];
      const length = limit === undefined ? 0 : physicalLength(resource, limit.input);
      return limit !== undefined && length > limit.maximum
        ? [`${resource.type} ${resource.name}: ${length} characters, ${limit.maximum} at most`]
        : [];
    });

    expect(tooLong).to.deep.equal([]);
  });

  it("are of types whose limit is known, and each limit is of a type that there is", () => {
    const types = new Set(graph.resources.map(({ type }) => type).filter((type) => type.startsWith("aws:")));

    expect([...Object.keys(NAME_LIMITS), ...NAMELESS]).to.have.members([...types]);
  });

  it("leave a function's and a role's name eight characters", () => {
    const name = `webhook-${longest("hook")}`;
    for (const type of ["aws:lambda/function:Function", "aws:iam/role:Role"]) {
      const lengths = graph.resources
        .filter((resource) => resource.type === type && resource.name === name)
        .map((resource) => physicalLength(resource, "name"));
      expect(lengths, type).to.deep.equal([56]);
      expect(NAME_LIMITS[type]?.maximum, type).to.equal(64);
    }
  });

  for (const { type, input, minimum = 0, maximum } of INPUT_LIMITS) {
    it(`${type} ${input}: ${minimum} to ${maximum}`, () => {
      const values = graph.resources.flatMap((resource) =>
        resource.type === type && resource.inputs[input] !== undefined ? [resource.inputs[input]] : [],
      );

      expect(values, "a limit that no resource comes up against").not.to.deep.equal([]);
      for (const value of values) expect(amountOf(value), String(value)).to.be.within(minimum, maximum);
    });
  }
});

/** Characters of the name that a resource has on AWS. */
function physicalLength({ name, inputs }: Resource, input: string): number {
  const given = inputs[input];
  return typeof given === "string" ? given.length : name.length + RANDOM_SUFFIX_CHARACTERS;
}

function amountOf(value: unknown): number {
  if (typeof value === "number") return value;
  return (typeof value === "string" ? value : JSON.stringify(value)).length;
}
