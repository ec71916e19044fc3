import { type Graph, type Resource, resourcesOfType } from "../../../local/graph.ts";
import { graphOf } from "../loader/graphs.ts";

/** How every text names the stack of {@link operationsGraph}. */
export const STACK = "[stormwire/local]";

const webhooks = {
  ops: { url: "https://hooks.example.org/weather", secret: "whsec_planted0AAAABBBBCCCCDDDDEEEEFFFF" },
};

/** The graph of the local stack with a webhook, which has alarms of its own. */
export function operationsGraph(): Promise<Graph> {
  return graphOf({ stack: "local", overrides: { "stormwire:webhooks": webhooks } });
}

export function alarmsOf(graph: Graph): readonly Resource[] {
  return resourcesOfType(graph, "aws:cloudwatch/metricAlarm:MetricAlarm");
}
