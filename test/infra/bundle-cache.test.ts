import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { openBundleCache } from "../../infra/bundle-cache.ts";

describe("bundles of earlier runs", () => {
  let project: string;
  let made: number;

  beforeEach(async () => {
    project = await mkdtemp(join(tmpdir(), "stormwire-bundles-"));
    made = 0;
    await write("package.json", "{}");
    await write("package-lock.json", "{}");
    await write("handler.ts", "export const one = 1;");
  });
  afterEach(() => rm(project, { recursive: true, force: true }));

  const write = (path: string, text: string) => writeFile(join(project, path), text);

  /** As a run of the program would: it opens the cache anew. */
  const obtain = (request = "callback") =>
    openBundleCache(project).obtain(request, async () => {
      made += 1;
      return { text: `bundle ${made}`, inputs: ["handler.ts"] };
    });

  it("are used again while nothing changed", async () => {
    expect([await obtain(), await obtain()]).to.deep.equal(["bundle 1", "bundle 1"]);
  });

  const changes: Record<string, () => Promise<unknown>> = {
    "a file of it": () => write("handler.ts", "export const one = 2;"),
    "a file of it, by being gone": () => rm(join(project, "handler.ts")),
    "what is imported by a name": () => write("package.json", '{"imports":{}}'),
    "the packages that are installed": () => write("package-lock.json", '{"packages":{}}'),
  };
  for (const [what, change] of Object.entries(changes)) {
    it(`are made anew after a change of ${what}`, async () => {
      await obtain();
      await change();

      expect(await obtain()).to.equal("bundle 2");
    });
  }

  it("belong to one callback and one set of options", async () => {
    expect([await obtain("a"), await obtain("b")]).to.deep.equal(["bundle 1", "bundle 2"]);
  });

  it("are made anew where a file of the cache is broken", async () => {
    await obtain();
    const folder = join(project, "node_modules/.cache/stormwire/bundles");
    for (const file of await readdir(folder)) await writeFile(join(folder, file), '{"text":');

    expect(await obtain()).to.equal("bundle 2");
  });

  it("fail with what the bundler says, and leave nothing", async () => {
    const failed = await openBundleCache(project)
      .obtain("callback", () => Promise.reject(new Error("no such module")))
      .catch((error: Error) => error.message);

    expect(failed).to.equal("no such module");
    expect(await obtain()).to.equal("bundle 1");
  });

  describe("switched off", () => {
    before(() => {
      process.env.STORMWIRE_BUNDLE_CACHE = "off";
    });
    after(() => {
      delete process.env.STORMWIRE_BUNDLE_CACHE;
    });

    it("are neither written nor read", async () => {
      await mkdir(join(project, "node_modules"));

      expect([await obtain(), await obtain()]).to.deep.equal(["bundle 1", "bundle 2"]);
      expect(await readdir(join(project, "node_modules"))).to.deep.equal([]);
    });
  });
});
