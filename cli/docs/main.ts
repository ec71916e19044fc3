import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { parseCommandLine, UsageError } from "../../local/command-line.ts";
import { SavedQueryError } from "../../queries/saved-queries.ts";
import { MarkerError } from "./markers.ts";
import { PAGES, type Page, PROGRAM_PAGES, stalePages } from "./pages.ts";

const ALL_PAGES = [...PAGES, ...PROGRAM_PAGES];

const HELP = `npm run docs [-- --check]     writes what is generated from other files of the project

  --check   writes nothing, and answers 1 when something is out of date

${ALL_PAGES.map(({ path, source }) => `  ${path}: ${source}`).join("\n")}
`;

export interface Terminal {
  readonly projectDirectory: string;
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
}

/** `npm run docs`. Returns the exit code: 0, 1 when `--check` finds something out of date, 2 for bad input and for a saved query without its header. */
export async function main(
  argv: readonly string[],
  { projectDirectory, out, error }: Terminal,
  pages: readonly Page[] = ALL_PAGES,
): Promise<number> {
  try {
    const { values } = parse(argv);
    if (values.help) {
      out(HELP);
      return 0;
    }
    const stale = await stalePages(projectDirectory, pages);
    for (const { path, text } of stale) {
      if (!values.check) await writeFile(join(projectDirectory, path), text);
      out(`${path} ${values.check ? "is out of date: run npm run docs" : "written"}\n`);
    }
    if (stale.length === 0) out("everything is up to date\n");
    return values.check && stale.length > 0 ? 1 : 0;
  } catch (problem) {
    if (
      !(problem instanceof UsageError || problem instanceof MarkerError || problem instanceof SavedQueryError)
    )
      throw problem;
    error(`${problem.message}\n`);
    return 2;
  }
}

function parse(argv: readonly string[]) {
  return parseCommandLine(
    { args: [...argv], options: { check: { type: "boolean" }, help: { type: "boolean" } } },
    "see npm run docs -- --help",
  );
}
