import { existsSync } from "node:fs";
import { fileURLToPath } from "node:url";
import type { Context } from "mocha";

const FOLDER = fileURLToPath(new URL("../../../shared/data/inmet/", import.meta.url));

/** The path of a file of INMET's, kept outside of the project; skips the test, and says so, where it is absent. */
export function inmetFile(test: Context, name: string): string {
  const file = `${FOLDER}${name}`;
  if (!existsSync(file)) {
    console.warn(`      skipped: ${file} is not there`);
    test.skip();
  }
  return file;
}
