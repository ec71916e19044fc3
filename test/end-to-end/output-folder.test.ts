import { mkdir, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { runCommandLine } from "../cli/command-line.ts";
import { runCommand, start, temporaryFolder } from "./command.ts";
import { plantedProject } from "./planted-project.ts";

const A_DAY = ["--until", "2024-04-29T02:00:00Z"];

describe("npm start and the run that is there already", function () {
  this.timeout(120_000);
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;
  let out: string;

  beforeEach(async () => {
    folder = await temporaryFolder();
    out = join(folder.path, "run");
    await mkdir(out);
    await writeFile(join(out, ".local-run.json"), "{}\n");
    await writeFile(join(out, "stack.json"), "hours of --live");
  });
  afterEach(() => folder.remove());

  const bad: [string, string[]][] = [
    ["no such file", ["--replay", "nofile.csv"]],
    ["an unknown location", ["--replay", "atlantis=data/porto-alegre-2024-flood.csv"]],
    ["an end before the beginning", ["--until", "2024-01-01"]],
    ["an unknown stack", ["--stack", "moon"]],
  ];
  for (const [name, args] of bad) {
    it(`leaves it as it is after bad input: ${name}`, async () => {
      const { code } = await start(...args, "--out", out);

      expect(code).to.equal(2);
      expect(await readdir(folder.path)).to.deep.equal(["run"]);
      expect(await readdir(out)).to.have.members([".local-run.json", "stack.json"]);
    });
  }

  const broken: [string, string, string, RegExp][] = [
    ["a query without a header", "queries/bare.sql", "SELECT 1\n", /^bare\.sql: "-- title: …"/],
    ["a program that throws", "index.ts", 'throw new Error("a defect of the program");\n', /a defect of the/],
  ];
  for (const [name, file, text, message] of broken) {
    it(`leaves it as it is after bad input: ${name}`, async () => {
      const project = await plantedProject();
      const path = join(project.path, file);
      if (file.startsWith("queries/")) {
        await rm(join(project.path, "queries"));
        await mkdir(join(project.path, "queries"));
      }
      await rm(path, { force: true });
      await writeFile(path, text);
      try {
        const { code, error } = await runCommandLine(["start", "--stack", "planted", "--out", out], {
          projectDirectory: project.path,
        });

        expect(code, error).to.equal(2);
        expect(error).to.match(message);
        expect(await readdir(folder.path)).to.deep.equal(["run"]);
        expect(await readFile(join(out, "stack.json"), "utf8")).to.equal("hours of --live");
      } finally {
        await project.remove();
      }
    });
  }

  it("moves it to .previous, and says so in one line", async () => {
    const { code, stdout, stderr } = await start(...A_DAY, "--out", out);

    expect(code, stderr).to.equal(0);
    expect(stderr).to.include(`The previous run is now in ${out}.previous\n`);
    expect(await readFile(join(`${out}.previous`, "stack.json"), "utf8")).to.equal("hours of --live");
    expect(await readdir(out)).to.include("summary.json");
    expect(stdout, "commands look at this run").to.match(
      new RegExp(`^  npx stormwire query --stack local --out ${out} `, "m"),
    );
  });
});

describe("npm start and a folder that takes nothing", function () {
  this.timeout(120_000);
  let folder: Awaited<ReturnType<typeof temporaryFolder>>;

  beforeEach(async () => {
    folder = await temporaryFolder();
  });
  afterEach(() => folder.remove());

  it("says in one line that it is a file", async () => {
    const file = join(folder.path, "file");
    await writeFile(file, "");

    const { code, stderr } = await start("--out", file);

    expect([code, stderr]).to.deep.equal([2, `Cannot write to ${file}: not a directory\n`]);
  });

  // A folder in the place of a file is refused as a full disk is: while the run is under way.
  for (const file of ["kinesis.json.new", "summary.json.new", "logs"]) {
    it(`ends in one line and exit code 1 when ${file} cannot be written in mid-run`, async () => {
      const out = join(folder.path, "run");
      await mkdir(out);
      await writeFile(join(out, ".local-run.json"), "{}\n");
      const path = join(out, file);
      await mkdir(join(path, ".."), { recursive: true });
      if (file.endsWith(".new")) await mkdir(path, { recursive: true });
      else await writeFile(path, "");

      const { code, stdout, stderr } = await start("--json", "--keep", ...A_DAY, "--out", out);

      expect(stderr).to.match(new RegExp(`^Cannot write to ${out}: [^\\n]*\\n$`));
      expect([code, stdout]).to.deep.equal([1, ""]);
    });
  }

  it("is one line for npm run local, too", async () => {
    const file = join(folder.path, "file");
    await writeFile(file, "");

    const { code, stderr } = await runCommand("local", "--program", "test/fixtures/orders", "--out", file);

    expect([code, stderr]).to.deep.equal([2, `Cannot write to ${file}: not a directory\n`]);
  });
});
