import type { Graph } from "../../../local/graph.ts";
import { EXAMPLE_CONFIG } from "../../infra/example-stack.ts";
import { graphOf } from "../../infra/loader/graphs.ts";

/** What production declares, with one or more of every kind of resource. */
export function judgedGraph(): Promise<Graph> {
  return graphOf({
    stack: "prod",
    overrides: {
      ...EXAMPLE_CONFIG,
      "stormwire:apiKey": "key",
      "stormwire:opsEmail": "ops@example.org",
      "stormwire:subscriptions": {
        duty: { sms: "+12025550101", email: "duty@example.org", level: "orange" },
      },
    },
  });
}
