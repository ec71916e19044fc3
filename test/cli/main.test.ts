import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { runCommandLine } from "./command-line.ts";

describe("the command line", () => {
  it("lists the commands by what people want to do when none is named", async () => {
    const { code, out } = await runCommandLine([]);

    expect(code).to.equal(0);
    const headings = out.split("\n").filter((line) => /^[A-Z][^:]*:$/.test(line));
    expect(headings).to.deep.equal([
      "Options:",
      "Run it on this machine:",
      "Before a deployment:",
      "Operate a stack:",
      "Ask the data:",
      "Work on the project:",
    ]);
  });

  it("describes every command that it lists", async () => {
    const { out } = await runCommandLine(["--help"]);
    const names = [...out.matchAll(/^ {2}([a-z][a-z-]+) /gm)].map(([, name = ""]) => name);

    expect(names).to.include.members(["start", "check", "doctor", "query"]);
    for (const name of names) {
      const help = await runCommandLine([name, "--help"]);

      expect([help.code, help.error], name).to.deep.equal([0, ""]);
      expect(help.out, name).to.match(new RegExp(`^Usage: npx stormwire ${name}\\b[\\s\\S]*\\n {2}--help `));
      expect(help.out, name).not.to.match(/.{81}/);
    }
  });

  it("suggests the name that was probably meant", async () => {
    const { code, out, error } = await runCommandLine(["chekc"]);

    expect([code, out]).to.deep.equal([2, ""]);
    expect(error).to.equal("error: unknown command 'chekc'\n(Did you mean check?)\n");
  });

  it("takes a value that begins with a hyphen or holds spaces, quotes and accents as it is", async () => {
    for (const value of ["-5m", " São João ", `"it's"`]) {
      const { code, error } = await runCommandLine(["cost", "--poll", value]);

      expect(code).to.equal(2);
      expect(error)
        .to.match(/^--poll /)
        .and.include(`--poll ${value} is not allowed: `);
      expect((await runCommandLine(["cost", `--poll=${value}`])).error).to.equal(error);
    }
  });

  it("starts from any folder with the Node.js of the project, and passes the exit code on", () => {
    const launcher = join(process.cwd(), "cli/stormwire.js");
    const run = (...argv: string[]) =>
      spawnSync(process.execPath, [launcher, ...argv], { cwd: tmpdir(), encoding: "utf8" });

    const help = run("check", "--help");
    const mistyped = run("check", "--stak", "dev");

    expect([help.status, help.stderr]).to.deep.equal([0, ""]);
    expect(help.stdout).to.match(/^Usage: npx stormwire check /);
    expect([mistyped.status, mistyped.stdout]).to.deep.equal([2, ""]);
    expect(mistyped.stderr).to.match(/^error: unknown option '--stak'\n\(Did you mean --stack\?\)\n/);
  });
});
