import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { bundleCallback } from "../../infra/bundle.ts";

const ROOT = new URL("../../", import.meta.url).pathname;
const MAX_ZIPPED_BYTES = 300 * 1000;

/** One handler as it ships, or several modules together. */
function bundle(...names: string[]): Promise<string> {
  const contents = names.map((name) => `import("#handlers/${name}").then(console.log);`).join("\n");
  return bundleCallback(contents, ROOT);
}

describe("the bundle of a handler", () => {
  for (const name of ["produce", "alert", "archive", "notify", "webhook", "watch"]) {
    it(`${name} is below 300 KB zipped`, async () => {
      const code = await bundle(name);
      expect(gzipSync(code).length).to.be.within(10_000, MAX_ZIPPED_BYTES);
    });
  }

  it("alert stays below it by far with CAP messages and their feed", async () => {
    const code = await bundle("alert", "weather/cap/cap-message", "weather/cap/feed");
    expect(code).to.include("urn:oasis:names:tc:emergency:cap:1.2");
    expect(gzipSync(code).length).to.be.below(0.8 * MAX_ZIPPED_BYTES);
  });
});
