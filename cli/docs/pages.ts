import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { readSavedQueries } from "../../queries/saved-queries.ts";
import { dataDictionary } from "./data-dictionary.ts";
import { dataQualityPage } from "./data-quality.ts";
import { queriesPage } from "./queries.ts";
import { securityPage } from "./security.ts";

/** A file that is generated, or a part of one. */
export interface Page {
  /** From the project's folder. */
  readonly path: string;
  /** What it is made of, for `--help`. */
  readonly source: string;
  /** The whole text of the file as it should be. `current` is what is there, empty for a new file. */
  readonly generate: (projectDirectory: string, current: string) => string | Promise<string>;
}

/** Every file that is generated from other files: another one is another entry. */
export const PAGES: readonly Page[] = [
  {
    path: "docs/data-dictionary.md",
    source: "etl/tables.ts and handlers/weather/observation/fields.ts",
    generate: dataDictionary,
  },
  {
    path: "docs/data-quality.md",
    source: "the tables in it, from handlers/weather/observation/quality/limits.ts",
    generate: dataQualityPage,
  },
  {
    path: "docs/queries.md",
    source: "headers of queries/*.sql",
    generate: (directory) => queriesPage(readSavedQueries(join(directory, "queries"))),
  },
  {
    path: "docs/security.md",
    source: "the table in it, from cli/docs/accepted-findings.ts",
    generate: securityPage,
  },
];

/** The pages whose file is not what they generate, with the text that it should have. Throws MarkerError. */
export async function stalePages(
  projectDirectory: string,
  pages: readonly Page[] = PAGES,
): Promise<{ path: string; text: string }[]> {
  const stale: { path: string; text: string }[] = [];
  for (const { path, generate } of pages) {
    const current = await readText(join(projectDirectory, path));
    const text = await generate(projectDirectory, current);
    if (text !== current) stale.push({ path, text });
  }
  return stale;
}

async function readText(path: string): Promise<string> {
  try {
    return await readFile(path, "utf8");
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return "";
    throw error;
  }
}
