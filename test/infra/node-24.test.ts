import { execFile } from "node:child_process";
import { cp, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { parse } from "yaml";
import { projectDirectory } from "./program.ts";

/** A link of this name to `node` passes for an old one; what it starts in its place has another name. */
const OLD_NODE = "old-node";
const PRETEND = `
if (process.argv0.endsWith("${OLD_NODE}")) {
  console.error("passes for an old one");
  Object.defineProperty(process, "versions", { value: { ...process.versions, node: "20.20.2" } });
  Object.defineProperty(process, "version", { value: "v20.20.2" });
}`;

describe("the program on an older Node.js", () => {
  let directory: string;

  before(async () => {
    directory = await mkdtemp(join(tmpdir(), "stormwire-node-"));
    await writeFile(join(directory, "pretend.cjs"), PRETEND);
    await symlink(process.execPath, join(directory, OLD_NODE));
    await writeFile(
      join(directory, "program.ts"),
      "const major: number = Number.parseInt(process.versions.node, 10);\n" +
        "console.log(JSON.stringify({ major, argv: process.argv.slice(2) }));\nprocess.exitCode = 32;\n",
    );
  });
  after(() => rm(directory, { recursive: true, force: true }));

  /** Runs the program as the CLI does, with the arguments that Pulumi.yaml gives to `node`. */
  async function run(cwd: string, node: string) {
    const { runtime } = parse(await readFile(join(projectDirectory, "Pulumi.yaml"), "utf8"));
    const options = ["--require", join(directory, "pretend.cjs"), ...runtime.options.nodeargs.split(" ")];
    return promisify(execFile)(node, [...options, join(directory, "program.ts"), "--monitor=a b"], {
      cwd,
    }).then(
      (done) => ({ ...done, code: 0 }),
      (failed: { stdout: string; stderr: string; code: number }) => failed,
    );
  }

  it("runs on the project's own, with its arguments and exit code", async () => {
    const { stdout, stderr, code } = await run(projectDirectory, join(directory, OLD_NODE));

    const { major, argv } = JSON.parse(stdout);
    expect(major).to.be.at.least(24);
    expect({ argv, code, stderr }).to.deep.equal({
      argv: ["--monitor=a b"],
      code: 32,
      stderr: "passes for an old one\n",
    });
  });

  it("says in one line what to do where the project's own is not installed", async () => {
    const bare = join(directory, "bare");
    await cp(join(projectDirectory, "infra/node-24.cjs"), join(bare, "infra/node-24.cjs"), {
      recursive: true,
    });

    expect(await run(bare, join(directory, OLD_NODE))).to.include({
      code: 1,
      stderr:
        "passes for an old one\n" +
        "Stormwire needs Node.js 24 and found v20.20.2 on PATH: run npm ci, which installs it for this project\n",
    });
  });
});
