import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { expect } from "chai";

/**
 * Compares a text with a golden file. After a change that is meant, `UPDATE_GOLDEN=1 npx mocha --no-config FILE` writes
 * the files anew; what changed is then read in the diff.
 */
export function expectGolden(file: URL, text: string): void {
  if (process.env.UPDATE_GOLDEN === "1") {
    mkdirSync(new URL(".", file), { recursive: true });
    writeFileSync(file, text);
  }
  expect(text).to.equal(readFileSync(file, "utf8"));
}
