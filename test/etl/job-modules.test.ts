import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { jobsOf } from "../../local/glue/job-definition.ts";
import { resourcesOfType } from "../../local/graph.ts";
import { BUCKET_OBJECT_TYPES } from "../../local/s3/bucket-objects.ts";
import { graphOf } from "../infra/loader/graphs.ts";
import { projectDirectory } from "../infra/program.ts";

describe("the job's script", () => {
  it("has the modules that it imports with it, and no others", async () => {
    const graph = await graphOf({ stack: "local" });
    const [job] = jobsOf(graph);
    const uploaded = BUCKET_OBJECT_TYPES.flatMap((type) => resourcesOfType(graph, type)).map(
      ({ inputs }) => `s3://${inputs.bucket}/${inputs.key}`,
    );

    const named = job?.defaultArguments["--extra-py-files"]?.split(",") ?? [];
    const imported = await importsOf("gold");

    expect(imported).to.have.length.greaterThan(1);
    expect(named).to.have.members(imported.map((module) => `s3://${job?.script.bucket}/etl/${module}.py`));
    expect(uploaded).to.include.members(named);
  });
});

/** The project's modules that one imports, also by way of others; each once. */
async function importsOf(script: string): Promise<string[]> {
  const found = new Set([script]);
  for (const module of found) {
    const text = await readFile(join(projectDirectory, `etl/${module}.py`), "utf8");
    for (const [, name = ""] of text.matchAll(/^(?:from|import) (gold_\w+)/gm)) found.add(name);
  }
  return [...found].filter((module) => module !== script);
}
