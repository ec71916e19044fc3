import { ConfigError } from "../../config/problems.ts";
import { UsageError } from "../../local/command-line.ts";
import { OutputDirectoryError } from "../../local/output-directory.ts";
import { ProgramError } from "../../local/program/error.ts";
import { openPlace } from "../stack/open.ts";
import type { Place } from "../stack/stack.ts";
import { readHeadings } from "./entries.ts";
import { formatList, formatRedrive, listJson, redriveJson } from "./format.ts";
import { HELP, parseOptions, type RedriveOptions } from "./options.ts";
import { redrive } from "./redrive.ts";

export interface Terminal {
  readonly projectDirectory: string;
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
}

/**
 * `npm run redrive`: what Lambda gave up, and its replay. Returns the exit code: 0 nothing is there (any more), 1
 * something remains, 2 bad input.
 */
export async function main(argv: readonly string[], terminal: Terminal): Promise<number> {
  try {
    const options = parseOptions(argv);
    if (options === undefined) {
      terminal.out(`${HELP}\n`);
      return 0;
    }
    return await run(options, await openPlace(options, terminal.projectDirectory), terminal.out);
  } catch (problem) {
    const isBadInput = [UsageError, ConfigError, ProgramError, OutputDirectoryError].some(
      (kind) => problem instanceof kind,
    );
    if (!isBadInput) throw problem;
    terminal.error(`${(problem as Error).message}\n`);
    return 2;
  }
}

async function run(options: RedriveOptions, place: Place, out: (text: string) => void): Promise<number> {
  const headings = await place.readable((store) => readHeadings(store, place, options.function));
  if (!options.run) {
    out(options.json ? listJson(place, headings) : formatList(place, headings));
    return headings.length === 0 ? 0 : 1;
  }
  // A place with nothing to replay is not given life.
  const report =
    headings.length === 0
      ? { replayed: [], remaining: [] }
      : await place.withFunctions((store, invoke) => redrive(headings, store, invoke, place));
  out(options.json ? redriveJson(place, report) : formatRedrive(place, report));
  return report.remaining.length === 0 ? 0 : 1;
}
