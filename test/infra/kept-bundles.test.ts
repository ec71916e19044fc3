import { mkdtemp, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { keptBundle } from "../../infra/kept-bundles.ts";

describe("kept bundles", () => {
  const outside = process.env.STORMWIRE_BUNDLES;
  let folder: string;
  let made: number;

  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "stormwire-bundles-"));
    process.env.STORMWIRE_BUNDLES = folder;
    made = 0;
  });
  afterEach(async () => {
    if (outside === undefined) delete process.env.STORMWIRE_BUNDLES;
    else process.env.STORMWIRE_BUNDLES = outside;
    await rm(folder, { recursive: true, force: true });
  });

  const bundle = (source: string, project = "/project") =>
    keptBundle(source, project, async () => {
      made += 1;
      return `bundle ${made}`;
    });

  it("are made once", async () => {
    expect([await bundle("a"), await bundle("a")]).to.deep.equal(["bundle 1", "bundle 1"]);
  });

  it("belong to one callback of one project", async () => {
    expect([await bundle("a"), await bundle("b"), await bundle("a", "/other")]).to.deep.equal([
      "bundle 1",
      "bundle 2",
      "bundle 3",
    ]);
  });

  it("are whole files whoever asks at the same time", async () => {
    const asked = await Promise.all([bundle("a"), bundle("a")]);

    const files = await readdir(folder);
    expect(asked).to.have.members(["bundle 1", "bundle 2"]);
    expect(files).to.have.length(1);
    expect(files[0]).to.match(/^[0-9a-f]{64}\.js$/);
    expect(await bundle("a")).to.be.oneOf(asked);
  });

  it("are none of a bundler that fails", async () => {
    const failed = await keptBundle("a", "/project", () => Promise.reject(new Error("no such module"))).catch(
      (error: Error) => error.message,
    );

    expect(failed).to.equal("no such module");
    expect(await readdir(folder)).to.deep.equal([]);
  });

  it("are none where no folder is named, as in a deployment", async () => {
    delete process.env.STORMWIRE_BUNDLES;

    expect([await bundle("a"), await bundle("a")]).to.deep.equal(["bundle 1", "bundle 2"]);
    expect(await readdir(folder)).to.deep.equal([]);
  });
});
