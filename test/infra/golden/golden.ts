import { readFile, writeFile } from "node:fs/promises";
import { relative } from "node:path";
import { expect } from "chai";
import { projectDirectory } from "../program.ts";

/**
 * Holds text against a file, or against the part of it between `<!-- MARK:begin -->` and `<!-- MARK:end -->`.
 * `UPDATE_GOLDEN=1` writes it instead.
 * @param advice what to do when they differ, beside writing the file anew
 */
export async function checkGolden(path: string, text: string, mark?: string, advice = ""): Promise<void> {
  const file = await readFile(path, "utf8");
  const wanted = mark === undefined ? text : withPart(file, mark, text);
  if (process.env.UPDATE_GOLDEN !== undefined) {
    await writeFile(path, wanted);
    return;
  }
  const name = relative(projectDirectory, path);
  expect(file, `${name} says otherwise. ${advice}UPDATE_GOLDEN=1 writes it anew.\n`).to.equal(wanted);
}

function withPart(file: string, mark: string, text: string): string {
  const [begin, end] = [`<!-- ${mark}:begin -->\n`, `\n<!-- ${mark}:end -->`];
  const from = file.indexOf(begin);
  const to = file.indexOf(end);
  if (from < 0 || to < from) throw new Error(`There is no part "${mark}" in the file`);
  return file.slice(0, from + begin.length) + text + file.slice(to);
}
