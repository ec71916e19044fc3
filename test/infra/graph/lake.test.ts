import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { type Graph, resourcesOfType } from "../../../local/graph.ts";
import { readSavedQueries } from "../../../queries/saved-queries.ts";
import { graphOf } from "../loader/graphs.ts";
import { projectDirectory, resource } from "../program.ts";

describe("resource graph: the lake and its queries", () => {
  let graph: Graph;

  before(async () => {
    graph = await graphOf({ stack: "local" });
  });

  const trigger = (step: string) => resource(graph, "aws:glue/trigger:Trigger", `etl-${step}`);

  it("starts the raw crawler and the job together, so that a failed crawl leaves no day without gold", () => {
    expect(trigger("raw-crawl").inputs).to.deep.include({
      type: "SCHEDULED",
      schedule: "cron(30 0 * * ? *)",
      actions: [{ crawlerName: "raw" }, { jobName: "etl" }],
    });
    const waitingForCrawlers = resourcesOfType(graph, "aws:glue/trigger:Trigger").filter(({ inputs }) =>
      JSON.stringify(inputs.predicate ?? {}).includes("crawlerName"),
    );
    expect(waitingForCrawlers).to.deep.equal([]);
  });

  it("crawls gold once the job has written it", () => {
    expect(trigger("gold-crawl").inputs).to.deep.include({
      predicate: { conditions: [{ jobName: "etl", state: "SUCCEEDED" }] },
      actions: [{ crawlerName: "gold" }],
    });
  });

  it("makes and deletes the triggers of the workflow one after the other", () => {
    const triggers = resourcesOfType(graph, "aws:glue/trigger:Trigger").filter(
      ({ inputs }) => inputs.workflowName !== undefined,
    );
    const urns = new Set(triggers.map(({ urn }) => urn));
    const before = triggers.map(({ dependencies }) => dependencies.filter((urn) => urns.has(urn)).length);

    expect(before.toSorted(), "each waits for those before it").to.deep.equal(
      triggers.map((_, index) => index),
    );
  });

  it("has one named query a file of queries/, in a workgroup that stops expensive ones", async () => {
    const files = (await readdir(join(projectDirectory, "queries"))).filter((file) => file.endsWith(".sql"));
    const queries = resourcesOfType(graph, "aws:athena/namedQuery:NamedQuery");
    const { inputs } = resource(graph, "aws:athena/workgroup:Workgroup", "queries");

    expect(files.length).to.be.at.least(6);
    expect(queries.map(({ name }) => `${name}.sql`).sort()).to.deep.equal(files.sort());
    expect(inputs.configuration).to.deep.include({
      enforceWorkgroupConfiguration: true,
      bytesScannedCutoffPerQuery: 1024 * 1024 * 1024,
    });
  });

  it("names and describes queries as their files' headers do, and prepares them for EXECUTE", () => {
    const saved = readSavedQueries(join(projectDirectory, "queries"));
    const { name: workgroup } = resource(graph, "aws:athena/workgroup:Workgroup", "queries").outputs;

    for (const { name, title, question, sql } of saved) {
      const description = `${title}: ${question}`;
      expect(resource(graph, "aws:athena/namedQuery:NamedQuery", name).inputs).to.deep.include({
        name,
        description,
        query: sql,
        workgroup,
      });
      const { inputs } = resource(graph, "aws:athena/preparedStatement:PreparedStatement", name);
      expect(inputs).to.deep.equal({ name, description, queryStatement: sql, workgroup });
      expect(inputs.name).to.match(/^[a-zA-Z_][a-zA-Z0-9_@:]{1,256}$/);
      expect(description).to.have.length.of.at.most(1024);
    }
  });
});
