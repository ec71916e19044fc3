import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Invocation } from "../command.ts";
import { PAGES, type Page, stalePages } from "./pages.ts";

/** Writes what is out of date, or with `check` only lists it and exits with 1. */
export async function writeDocs(
  { check }: { readonly check: boolean },
  { projectDirectory, out, exit }: Pick<Invocation, "projectDirectory" | "out" | "exit">,
  pages: readonly Page[] = PAGES,
): Promise<void> {
  const stale = await stalePages(projectDirectory, pages);
  for (const { path, text } of stale) {
    if (!check) await writeFile(join(projectDirectory, path), text);
    out(`${path} ${check ? "is out of date: run npm run docs" : "written"}\n`);
  }
  if (stale.length === 0) out("everything is up to date\n");
  if (check && stale.length > 0) exit(1);
}
