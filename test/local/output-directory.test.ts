import { mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { OutputDirectoryError, takeOutputDirectory } from "../../local/output-directory.ts";
import { rejection } from "./endpoint/rejection.ts";

describe("output directory", () => {
  let folder: string;
  let out: string;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "local-run-"));
    out = join(folder, "out");
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  it("is made, and emptied for the next run", async () => {
    const release = await takeOutputDirectory(out, { keep: false });
    await writeFile(join(out, "outbox.ndjson"), "old");
    await release();

    await takeOutputDirectory(out, { keep: false });

    expect(await readdir(out)).to.deep.equal([".local-run.json"]);
  });

  it("keeps its content on request", async () => {
    const release = await takeOutputDirectory(out, { keep: false });
    await writeFile(join(out, "outbox.ndjson"), "old");
    await release();

    await takeOutputDirectory(out, { keep: true });

    expect(await readdir(out)).to.include("outbox.ndjson");
  });

  it("is never emptied when no local run made it", async () => {
    await mkdir(out);
    await writeFile(join(out, "thesis.txt"), "three years of work");

    const error = await rejection(() => takeOutputDirectory(out, { keep: false }));

    expect(error).to.be.instanceOf(OutputDirectoryError);
    expect(error.message).to.include("contains files that were not made by a local run");
    expect(await readdir(out)).to.deep.equal(["thesis.txt"]);
  });

  it("is rejected while another run uses it, and accepted after that run was killed", async () => {
    await mkdir(out);
    await writeFile(join(out, ".local-run.json"), JSON.stringify({ pid: process.ppid }));
    const inUse = await rejection(() => takeOutputDirectory(out, { keep: false }));
    // Larger than any process id of Linux, macOS and Windows.
    await writeFile(join(out, ".local-run.json"), JSON.stringify({ pid: 4_194_305 }));

    await takeOutputDirectory(out, { keep: false });

    expect(inUse.message).to.equal(`${out} is in use by another local run, process ${process.ppid}`);
  });

  it("moves its run to one previous folder, and reports that", async () => {
    const said: string[] = [];
    for (const run of ["first", "second", "third"]) {
      const release = await takeOutputDirectory(out, {
        keep: false,
        onSetAside: (previous) => said.push(previous),
      });
      await writeFile(join(out, "stack.json"), run);
      await release();
    }

    expect(said).to.deep.equal([`${out}.previous`, `${out}.previous`]);
    expect(await readFile(join(out, "stack.json"), "utf8")).to.equal("third");
    expect(await readFile(join(`${out}.previous`, "stack.json"), "utf8")).to.equal("second");
    expect(await readdir(folder)).to.have.members(["out", "out.previous"]);
  });

  it("keeps the previous run when the next run never started", async () => {
    for (const [file, run] of [
      ["stack.json", "good"],
      ["outbox.ndjson", "never started"],
      ["outbox.ndjson", "never started"],
    ] as const) {
      const release = await takeOutputDirectory(out, { keep: false });
      await writeFile(join(out, file), run);
      await release();
    }

    expect(await readFile(join(`${out}.previous`, "stack.json"), "utf8")).to.equal("good");
  });

  it("moves nothing over a previous folder that no local run made, or that one uses", async () => {
    const release = await takeOutputDirectory(out, { keep: false });
    await writeFile(join(out, "stack.json"), "run");
    await release();
    await mkdir(`${out}.previous`);
    await writeFile(join(`${out}.previous`, "thesis.txt"), "three years of work");
    const foreign = await rejection(() => takeOutputDirectory(out, { keep: false }));
    await writeFile(join(`${out}.previous`, ".local-run.json"), JSON.stringify({ pid: process.ppid }));
    const inUse = await rejection(() => takeOutputDirectory(out, { keep: false }));

    expect(foreign.message).to.include(`${out}.previous contains files that were not made by a local run`);
    expect(inUse.message).to.include(`${out}.previous is in use by another local run`);
    expect(await readFile(join(out, "stack.json"), "utf8")).to.equal("run");
  });

  it("moves the folder that a link points at, and keeps the link", async () => {
    const link = join(folder, "link");
    const release = await takeOutputDirectory(out, { keep: false });
    await writeFile(join(out, "stack.json"), "run");
    await release();
    await symlink(out, link);

    await takeOutputDirectory(link, { keep: false });

    expect(await readFile(join(`${out}.previous`, "stack.json"), "utf8")).to.equal("run");
    expect(await readdir(link)).to.deep.equal([".local-run.json"]);
  });

  it("is rejected in one line when it is a file or cannot be created", async () => {
    await writeFile(out, "");
    for (const place of [out, join(out, "below")]) {
      const error = await rejection(() => takeOutputDirectory(place, { keep: false }));

      expect(error).to.be.instanceOf(OutputDirectoryError);
      expect(error.message).to.equal(`Cannot write to ${place}: not a directory`);
    }
  });
});
