import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "shell-quote";
import { commandOptionsOf, stackOptionsOf } from "../../../cli/stack/options.ts";
import { runCommandLine } from "../command-line.ts";

describe("--out and --stack of the commands that look at a run", () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "stormwire-place-"));
    await writeFile(join(folder, "stack.json"), '{"stack":"coast","outputs":{}}');
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const cases: [
    string,
    (folder: string) => Parameters<typeof stackOptionsOf>[0],
    (folder: string) => object,
  ][] = [
    ["a run of another stack", (out) => ({ out }), (out) => ({ stack: "coast", localRun: out })],
    ["a run and its stack", (out) => ({ stack: "dev", out }), (out) => ({ stack: "dev", localRun: out })],
    [
      "a folder without a run",
      (out) => ({ out: join(out, "x") }),
      (out) => ({ stack: "local", localRun: join(out, "x") }),
    ],
    ["a stack on AWS", () => ({ stack: "dev" }), () => ({ stack: "dev", localRun: undefined })],
    ["the local stack", () => ({ stack: "local" }), () => ({ stack: "local", localRun: ".local" })],
  ];
  for (const [what, typed, place] of cases) {
    it(`mean ${what}`, () => {
      expect(stackOptionsOf(typed(folder))).to.deep.equal(place(folder));
    });
  }

  for (const name of ["doctor", "etl", "failed", "query", "subscriptions"]) {
    it(`are options of ${name}`, async () => {
      const { out } = await runCommandLine([name, "--help"]);

      expect(out)
        .to.match(/^ {2}--stack NAME /m)
        .and.match(/^ {2}--out DIR .*the local run in this folder/m);
    });
  }

  it("come back from a shell as they are in the summary", () => {
    expect(commandOptionsOf({ stack: "local", localRun: ".local" })).to.equal("");
    for (const localRun of ["/tmp/my runs/it's $HOME", "run", ".local"]) {
      const words = parse(commandOptionsOf({ stack: "coast", localRun }));

      expect(words).to.deep.equal(["--stack", "coast", "--out", localRun]);
      expect(stackOptionsOf({ stack: "coast", out: localRun })).to.deep.equal({ stack: "coast", localRun });
    }
  });
});
