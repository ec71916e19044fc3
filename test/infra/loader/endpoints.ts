import { type Graph, type Resource, resourcesOfType } from "../../../local/graph.ts";
import { touched } from "./difference.ts";

const TYPE = "aws:sns/topicSubscription:TopicSubscription";

/**
 * Endpoints that an update would subscribe while an old subscription of theirs still stands, for Pulumi creates before
 * it deletes. SNS refuses that: it keeps one subscription of a topic, protocol and endpoint.
 * @returns `OLD -> NEW`, names of resources
 */
export function subscribedTwice(before: Graph, after: Graph): string[] {
  const standing = Map.groupBy(resourcesOfType(before, TYPE), endpointOf);
  return touched(before, after)
    .filter(({ change }) => change === "create" || change === "replace")
    .flatMap(({ after: made }) => (made?.type === TYPE ? [made] : []))
    .flatMap((made) => (standing.get(endpointOf(made)) ?? []).map(({ name }) => `${name} -> ${made.name}`))
    .sort();
}

function endpointOf({ inputs: { topic, protocol, endpoint } }: Resource): string {
  return JSON.stringify([topic, protocol, endpoint]);
}
