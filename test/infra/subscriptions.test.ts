import { expect } from "chai";
import { filterPolicy } from "../../infra/alert-topic.ts";
import { type Graph, resourcesOfType } from "../../local/graph.ts";
import { loadStormwire, resource } from "./program.ts";

const TYPE = "aws:sns/topicSubscription:TopicSubscription";
const ana = { sms: "+5551999990001", level: "orange", locations: ["porto-alegre"] };
const bia = { email: "bia@example.org" };

describe("subscriptions", () => {
  it("filter by name, level and place", () => {
    expect(filterPolicy("ana", { level: "orange", locations: ["b", "a"], language: "en" })).to.deep.equal({
      audience: ["all", "ana"],
      level: [{ numeric: [">=", 2] }],
      language: ["en"],
      location: ["a", "b"],
    });
    expect(filterPolicy("bia", { level: "yellow", language: "pt-BR" })).to.deep.equal({
      audience: ["all", "bia"],
      level: [{ numeric: [">=", 1] }],
      language: ["pt-BR"],
    });
  });

  it("keep phones and mailboxes secret in state", async () => {
    const graph = await withSubscriptions({ ana, bia });

    expect(resource(graph, TYPE, "ana-sms").inputs).to.deep.include({ protocol: "sms", endpoint: ana.sms });
    expect(
      resourcesOfType(graph, TYPE).map(({ secrets }) => secrets),
      "ana, bia and ops",
    ).to.deep.equal([["endpoint"], ["endpoint"], ["endpoint"]]);
  });

  it("are touched one by one when people come, go or change their name", async () => {
    const graphs = await Promise.all([
      withSubscriptions({ ana, bia }),
      withSubscriptions({ ana, bia, caio: { sms: "+5551999990003" } }),
      withSubscriptions({ bia }),
      withSubscriptions({ anna: ana, bia }),
    ]);
    const [before, added, removed, renamed] = graphs.map(fingerprints);

    expect(changes(before, added)).to.deep.equal(["+ caio-sms"]);
    expect(changes(before, removed)).to.deep.equal(["- ana-sms"]);
    expect(changes(before, renamed)).to.deep.equal(["+ anna-sms", "- ana-sms"]);
  });
});

async function withSubscriptions(subscriptions: Record<string, unknown>): Promise<Graph> {
  const program = await loadStormwire("local", {
    "stormwire:subscriptions": subscriptions,
    "stormwire:messages": {},
  });
  await program.remove();
  return program.graph;
}

/** Inputs of every resource by URN; a package is what its folder's name says, wherever it lies. */
function fingerprints(graph: Graph): Map<string, string> {
  return new Map(
    graph.resources.map(({ urn, inputs }) => [
      urn,
      JSON.stringify(inputs, (key, value) => (key === "directory" ? "" : value)),
    ]),
  );
}

function changes(before: Map<string, string> = new Map(), after: Map<string, string> = new Map()): string[] {
  const name = (urn: string) => urn.split("::").at(-1);
  const added = [...after.keys()].filter((urn) => !before.has(urn)).map((urn) => `+ ${name(urn)}`);
  const removed = [...before.keys()].filter((urn) => !after.has(urn)).map((urn) => `- ${name(urn)}`);
  const changed = [...after].filter(([urn, inputs]) => before.has(urn) && before.get(urn) !== inputs);
  return [...added, ...removed, ...changed.map(([urn]) => `~ ${name(urn)}`)];
}
