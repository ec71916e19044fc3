import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { expect } from "chai";

const FOLDER = new URL("../golden/", import.meta.url);
const UPDATE = process.env.UPDATE_GOLDEN === "1";

/** Compares a text with its golden file; `UPDATE_GOLDEN=1` writes the file instead. Read the diff before you commit it. */
export function expectGolden(name: string, text: string, folder = FOLDER): void {
  const file = new URL(name, folder);
  if (UPDATE) {
    mkdirSync(dirname(file.pathname), { recursive: true });
    writeFileSync(file, text);
  }
  const golden = existsSync(file) ? readFileSync(file, "utf-8") : "";
  expect(text, `${file.pathname}; if it changed on purpose: UPDATE_GOLDEN=1 npx mocha`).to.equal(golden);
}
