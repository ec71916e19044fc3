import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { build } from "esbuild";

const ROOT = new URL("../../", import.meta.url).pathname;
const MAX_ZIPPED_BYTES = 300 * 1000;

/** One handler as it ships. */
async function bundle(name: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: `import("#handlers/${name}").then(console.log)`, resolveDir: ROOT },
    bundle: true,
    minify: true,
    platform: "node",
    target: "node24",
    format: "cjs",
    mainFields: ["module", "main"],
    define: { esbuildDetection: "1" },
    write: false,
  });
  return outputFiles.map(({ text }) => text).join("");
}

describe("the bundle of a handler", () => {
  for (const name of ["produce", "alert", "archive", "notify", "watch"]) {
    it(`${name} is below 300 KB zipped`, async () => {
      const code = await bundle(name);
      expect(gzipSync(code).length).to.be.within(10_000, MAX_ZIPPED_BYTES);
    });
  }
});
