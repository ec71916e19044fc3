import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { runCommandLine } from "./command-line.ts";

describe("a stack's file that is no YAML", () => {
  let projectDirectory: string;

  before(async () => {
    projectDirectory = await mkdtemp(join(tmpdir(), "stormwire-stack-files-"));
    await writeFile(join(projectDirectory, "Pulumi.yaml"), "name: stormwire\nruntime: nodejs\n");
    await writeFile(
      join(projectDirectory, "Pulumi.broken.yaml"),
      'config:\n  stormwire:apiKey: "planted\n  stormwire:protect: true\n',
    );
  });

  after(() => rm(projectDirectory, { recursive: true, force: true }));

  for (const name of ["check", "iam", "cost"]) {
    it(`is bad input to npm run ${name}, told by file, line and what is wrong, without what it says`, async () => {
      const { code, out, error } = await runCommandLine([name, "--stack", "broken"], { projectDirectory });

      expect([code, out]).to.deep.equal([2, ""]);
      expect(error).to.match(
        /Pulumi\.broken\.yaml, line 4, column 1: this is not YAML\. Missing closing "quote\n$/,
      );
      expect(error).not.to.include("planted");
    });
  }
});
