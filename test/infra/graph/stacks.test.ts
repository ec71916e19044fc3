import { expect } from "chai";
import type { Graph } from "../../../local/graph.ts";
import { graphOf } from "../loader/graphs.ts";

describe("resource graph: every stack", () => {
  let graph: Graph;

  before(async () => {
    graph = await graphOf({ stack: "local" });
  });

  for (const stack of ["dev", "prod"]) {
    it(`declares the same parts for ${stack} once a key is set`, async () => {
      const other = await graphOf({ stack, overrides: { "stormwire:apiKey": "a-key" } });

      const types = new Set(other.resources.map(({ type }) => type));

      const configured = ["aws:sns/topicSubscription:TopicSubscription", "aws:scheduler/schedule:Schedule"];
      for (const type of new Set(graph.resources.map((candidate) => candidate.type))) {
        if (!configured.includes(type)) {
          expect(types, type).to.include(type);
        }
      }
    });
  }
});
