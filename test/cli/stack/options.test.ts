import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "shell-quote";
import { parseOptions as doctor } from "../../../cli/doctor/options.ts";
import { parseOptions as etl } from "../../../cli/etl/options.ts";
import { parseOptions as quarantine } from "../../../cli/quarantine/options.ts";
import { parseCommand } from "../../../cli/query/arguments.ts";
import { parseOptions as redrive } from "../../../cli/redrive/options.ts";
import { commandOptionsOf, OUT_HELP, placeOf } from "../../../cli/stack/options.ts";
import { parseOptions as subscriptions } from "../../../cli/subscriptions/options.ts";
import { readSavedQueries } from "../../../queries/saved-queries.ts";
import { projectDirectory, runScript } from "../../end-to-end/command.ts";

const COMMANDS = { doctor, etl, quarantine, redrive, subscriptions };

describe("--out and --stack of the commands that look at a run", () => {
  let folder: string;

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "stormwire-place-"));
    await writeFile(join(folder, "stack.json"), '{"stack":"coast","outputs":{}}');
  });
  after(() => rm(folder, { recursive: true, force: true }));

  const cases: [string, (folder: string) => string[], (folder: string) => object][] = [
    ["a run of another stack", (out) => ["--out", out], (out) => ({ stack: "coast", localRun: out })],
    [
      "a run and its stack",
      (out) => ["--stack", "dev", "--out", out],
      (out) => ({ stack: "dev", localRun: out }),
    ],
    [
      "a folder without a run",
      (out) => ["--out", join(out, "x")],
      (out) => ({ stack: "local", localRun: join(out, "x") }),
    ],
    ["a stack on AWS", () => ["--stack", "dev"], () => ({ stack: "dev", localRun: undefined })],
    ["the local stack", () => ["--stack", "local"], () => ({ stack: "local", localRun: ".local" })],
  ];
  for (const [what, argv, place] of cases) {
    for (const [name, parseOptions] of Object.entries(COMMANDS)) {
      it(`mean ${what} for ${name}`, () => {
        expect(parseOptions(argv(folder))).to.deep.include(place(folder));
      });
    }
  }

  it("mean the local run for query, also of another stack", () => {
    const queries = readSavedQueries(join(projectDirectory, "queries"));
    const placeIn = (...argv: string[]) => parseCommand(["gaps", ...argv], queries)?.place;

    expect(placeIn("--stack", "dev", "--out", folder)).to.deep.equal({ directory: folder });
    expect(placeIn("--stack", "dev")).to.deep.equal({ stack: "dev" });
    expect(placeIn()).to.deep.equal({ directory: ".local" });
  });

  it("are the same line of every help", async () => {
    for (const name of [...Object.keys(COMMANDS), "query"]) {
      expect((await runScript(`cli/${name}.ts`, "--help")).stdout, name).to.include(OUT_HELP);
    }
  }).timeout(60_000);

  it("come back from a shell as they are in the summary", () => {
    expect(commandOptionsOf({ stack: "local", localRun: ".local" })).to.equal("");
    for (const localRun of ["/tmp/my runs/it's $HOME", "run", ".local"]) {
      const words = parse(commandOptionsOf({ stack: "coast", localRun }));

      expect(words).to.deep.equal(["--", "--stack", "coast", "--out", localRun]);
      expect(placeOf({ stack: "coast", out: localRun })).to.deep.equal({ stack: "coast", localRun });
    }
  });
});
