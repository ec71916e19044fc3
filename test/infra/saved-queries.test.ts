import { mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { declaredQueries } from "../../infra/saved-queries.ts";

describe("the saved queries of a program", () => {
  it("are refused by name, without a stack trace, when a file has no header", async () => {
    const project = await mkdtemp(join(tmpdir(), "queries-"));
    try {
      await mkdir(join(project, "queries"));
      await writeFile(join(project, "queries", "bare.sql"), "SELECT 1\n");
      expect(() => declaredQueries(project))
        .to.throw(pulumi.RunError)
        .with.property("message")
        .match(
          /^queries\/bare\.sql: "-- title: …", .* are missing on top of the file; docs\/queries\.md shows/,
        );
    } finally {
      await rm(project, { recursive: true });
    }
  });
});
