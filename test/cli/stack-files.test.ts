import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { main as check } from "../../cli/check/main.ts";
import { main as cost } from "../../cli/cost/main.ts";
import { main as iam } from "../../cli/iam/main.ts";

const COMMANDS = {
  check: (argv: readonly string[], { projectDirectory, ...output }: Terminal) =>
    check(argv, projectDirectory, output),
  iam,
  cost,
};

interface Terminal {
  readonly projectDirectory: string;
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
}

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

  for (const [name, main] of Object.entries(COMMANDS)) {
    it(`is bad input to npm run ${name}, told by file, line and what is wrong, without what it says`, async () => {
      let [out, error] = ["", ""];
      const terminal = {
        projectDirectory,
        out: (text: string) => {
          out += text;
        },
        error: (text: string) => {
          error += text;
        },
      };

      const code = await main(["--stack", "broken"], terminal);

      expect([code, out]).to.deep.equal([2, ""]);
      expect(error).to.match(
        /Pulumi\.broken\.yaml, line 4, column 1: this is no YAML\. Missing closing "quote\n$/,
      );
      expect(error).not.to.include("planted");
    });
  }
});
