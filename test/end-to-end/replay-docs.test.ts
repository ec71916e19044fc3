import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { projectDirectory, start, temporaryFolder } from "./command.ts";

describe("the example of docs/replay.md", function () {
  this.timeout(120_000);

  it("runs as it says", async () => {
    const page = await readFile(join(projectDirectory, "docs/replay.md"), "utf8");
    const block = (language: string) => page.split(`\`\`\`${language}\n`)[1]?.split("```")[0] ?? "";
    const folder = await temporaryFolder();
    try {
      const file = join(folder.path, "records.ndjson");
      await writeFile(file, block("json"));

      const { code, stdout, stderr } = await start("--replay", file, "--out", join(folder.path, "run"));

      expect(code, stderr).to.equal(0);
      expect(stdout).to.include(block("text"));
    } finally {
      await folder.remove();
    }
  });
});
