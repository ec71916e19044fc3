import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { OutputDirectoryError, takeOutputDirectory } from "../../local/output-directory.ts";
import { refusal } from "./endpoint/refusal.ts";

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

  it("keeps what it holds when told to", async () => {
    const release = await takeOutputDirectory(out, { keep: false });
    await writeFile(join(out, "outbox.ndjson"), "old");
    await release();

    await takeOutputDirectory(out, { keep: true });

    expect(await readdir(out)).to.include("outbox.ndjson");
  });

  it("is never emptied when no local run made it", async () => {
    await mkdir(out);
    await writeFile(join(out, "thesis.txt"), "three years of work");

    const error = await refusal(() => takeOutputDirectory(out, { keep: false }));

    expect(error).to.be.instanceOf(OutputDirectoryError);
    expect(error.message).to.include("holds files that no local run made");
    expect(await readdir(out)).to.deep.equal(["thesis.txt"]);
  });

  it("is refused while another run uses it, and taken over from one that was killed", async () => {
    await mkdir(out);
    await writeFile(join(out, ".local-run.json"), JSON.stringify({ pid: process.ppid }));
    const inUse = await refusal(() => takeOutputDirectory(out, { keep: false }));
    // Larger than any process id of Linux, macOS and Windows.
    await writeFile(join(out, ".local-run.json"), JSON.stringify({ pid: 4_194_305 }));

    await takeOutputDirectory(out, { keep: false });

    expect(inUse.message).to.equal(`${out} is in use by another local run, process ${process.ppid}`);
  });

  it("is refused when it is a file", async () => {
    await writeFile(out, "");

    expect((await refusal(() => takeOutputDirectory(out, { keep: false }))).message).to.include("ENOTDIR");
  });
});
