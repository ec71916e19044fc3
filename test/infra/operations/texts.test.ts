import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { type Graph, resourcesOfType } from "../../../local/graph.ts";
import { graphOf } from "../loader/graphs.ts";
import { projectDirectory, resource } from "../program.ts";
import { alarmsOf, operationsGraph, STACK } from "./graph.ts";

describe("operations: texts", () => {
  let graph: Graph;

  before(async () => {
    graph = await operationsGraph();
  });

  describe("the runbook", () => {
    const MENTION = /Runbook: docs\/runbook\.md#([a-z-]+)$/;
    let sections: string[];

    before(async () => {
      const text = await readFile(join(projectDirectory, "docs/runbook.md"), "utf8");
      const alarmPart = text.slice(text.indexOf("\n## "));
      sections = [...alarmPart.matchAll(/^## (.+)$/gm)].map(([, title = ""]) => anchorOf(title));
    });

    const mentioned = () => texts(graph);

    it("is named by everything that ops are told, by a section that is there", () => {
      for (const text of mentioned()) {
        expect(sections, String(text)).to.include(MENTION.exec(String(text))?.[1]);
      }
    });

    it("names the log streams of the job as its version of Glue does", async () => {
      expect(resource(graph, "aws:glue/job:Job", "etl").inputs.glueVersion).to.equal("5.0");
      const text = await readFile(join(projectDirectory, "docs/runbook.md"), "utf8");
      const section = text.slice(text.indexOf("\n## Failed job"), text.indexOf("\n## Failed crawler"));
      expect(section).to.include("`RUNID-driver`").and.include("`RUNID-executorN`");
      expect(section).to.include("--log-stream-name-prefix RUNID ");
    });

    it("has no section that nothing leads to", () => {
      const used = new Set(mentioned().map((text) => MENTION.exec(String(text))?.[1]));
      expect(sections.filter((section) => !used.has(section))).to.deep.equal([]);
    });
  });

  it("say of which stack they are, in names, texts and the watch's messages", async () => {
    const watch = resource(graph, "aws:lambda/function:Function", "watch");
    const { directory } = watch.inputs.code as { directory: string };
    const code = await readFile(join(directory, "__index.js"), "utf8");

    for (const text of texts(graph)) expect(text.startsWith(`${STACK} `), text).to.equal(true);
    for (const { name, inputs } of alarmsOf(graph)) expect(inputs.name).to.equal(`stormwire-local-${name}`);
    expect(code).to.include(STACK).and.include("Runbook: docs/runbook.md#silent-stations");
  });

  it("name the runbook by a URL where config has one, whole", async () => {
    const url = `https://example.org/${"r".repeat(80)}`;
    const published = await graphOf({ stack: "local", overrides: { "stormwire:runbookUrl": url } });

    for (const text of texts(published)) expect(text).to.include(`Runbook: ${url}#`);
  });
});

/** All that is told by AWS itself. */
function texts(graph: Graph): string[] {
  const { topics } = resource(graph, "aws:s3/bucketNotification:BucketNotification", "given-up").inputs;
  return [
    ...alarmsOf(graph).map(({ inputs }) => String(inputs.alarmDescription)),
    ...resourcesOfType(graph, "aws:cloudwatch/eventTarget:EventTarget")
      .filter(({ inputs }) => inputs.inputTransformer !== undefined)
      .map(({ inputs }) => JSON.parse((inputs.inputTransformer as { inputTemplate: string }).inputTemplate)),
    ...(topics as { id: string }[]).map(({ id }) => id),
  ];
}

/** As GitHub makes it of a heading. */
function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, "")
    .replaceAll(" ", "-");
}
