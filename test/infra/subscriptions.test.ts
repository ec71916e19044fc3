import { expect } from "chai";
import { type Graph, resourcesOfType } from "../../local/graph.ts";
import { graphOf } from "./loader/graphs.ts";
import { resource } from "./program.ts";

const TYPE = "aws:sns/topicSubscription:TopicSubscription";
const ana = { sms: "+12025550101", level: "orange", locations: ["porto-alegre"] };
const bia = { email: "bia@example.org" };

describe("subscriptions", () => {
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
      withSubscriptions({ ana, bia, caio: { sms: "+12025550103" } }),
      withSubscriptions({ bia }),
      withSubscriptions({ anna: ana, bia }),
    ]);
    const [before, added, removed, renamed] = graphs.map(fingerprints);

    expect(changes(before, added)).to.deep.equal(["+ caio-sms"]);
    expect(changes(before, removed)).to.deep.equal(["- ana-sms"]);
    expect(changes(before, renamed)).to.deep.equal(["+ anna-sms", "- ana-sms"]);
  });

  it("have the URNs of former names as aliases, each of its own protocol", async () => {
    const both = { ...ana, email: "ana@example.org" };
    const before = await withSubscriptions({ ana: both });
    const after = await withSubscriptions({ anna: { ...both, was: ["annie", "ana"] } });

    for (const protocol of ["sms", "email"]) {
      const { urn } = resource(before, TYPE, `ana-${protocol}`);
      const { aliases } = resource(after, TYPE, `anna-${protocol}`);
      expect(aliases).to.deep.equal([urn.replace(/ana-/, "annie-"), urn]);
    }
    expect(resource(before, TYPE, "ana-sms")).not.to.have.property("aliases");
  });

  it("are touched in their filter policy only, and only a member's, when a group changes", async () => {
    const graphs = await Promise.all([
      withSubscriptions({ ana, bia }, { "night-shift": ["ana"] }),
      withSubscriptions({ ana, bia }, { "night-shift": ["bia", "ana"] }),
      withSubscriptions({ ana, bia }, { "late-shift": ["ana"] }),
      withSubscriptions({ ana, bia }),
    ]);
    const [before, joined, renamed, dissolved] = graphs.map(fingerprints);
    const [alone, together] = graphs;

    expect(changes(before, joined)).to.deep.equal(["~ bia-email"]);
    expect(changes(before, renamed)).to.deep.equal(["~ ana-sms"]);
    expect(changes(before, dissolved)).to.deep.equal(["~ ana-sms"]);
    expect(policyOf(alone, "bia-email").audience).to.deep.equal(["all", "bia"]);
    expect(policyOf(together, "bia-email").audience).to.deep.equal(["all", "bia", "night-shift"]);
    expect(withoutPolicy(together, "bia-email")).to.deep.equal(withoutPolicy(alone, "bia-email"));
  });

  it("filter by the language of each person, or else of the stack", async () => {
    const graph = await withSubscriptions({ ana: { ...ana, language: "en" }, bia });

    expect(policyOf(graph, "ana-sms").language).to.deep.equal(["en"]);
    expect(policyOf(graph, "bia-email").language, "of Pulumi.local.yaml").to.deep.equal(["pt-BR"]);
  });
});

async function withSubscriptions(
  subscriptions: Record<string, unknown>,
  groups: Record<string, readonly string[]> = {},
): Promise<Graph> {
  const program = await graphOf({
    stack: "local",
    overrides: {
      "stormwire:subscriptions": subscriptions,
      "stormwire:groups": groups,
      "stormwire:messages": {},
    },
  });
  return program;
}

function inputsOf(graph: Graph | undefined, name: string): Readonly<Record<string, unknown>> {
  if (graph === undefined) throw new Error("no graph");
  return resource(graph, TYPE, name).inputs;
}

function policyOf(graph: Graph | undefined, name: string): Record<string, unknown> {
  return JSON.parse(String(inputsOf(graph, name).filterPolicy));
}

function withoutPolicy(graph: Graph | undefined, name: string) {
  const { filterPolicy: _, ...others } = inputsOf(graph, name);
  return others;
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
