import { ConfigError } from "../../config/problems.ts";
import { UsageError } from "../../local/command-line.ts";
import { OutputDirectoryError } from "../../local/output-directory.ts";
import { ProgramError } from "../../local/program/error.ts";
import { openPlace } from "../stack/open.ts";
import type { Place } from "../stack/stack.ts";
import { entriesJson, formatEntries, formatRetry, formatSummary, retryJson, summaryJson } from "./format.ts";
import { HELP, parseOptions, type QuarantineOptions } from "./options.ts";
import { repair } from "./repair.ts";
import { type RetryReport, retry } from "./retry.ts";
import { keysOf, readEntries, summarize } from "./summary.ts";

export interface Terminal {
  readonly projectDirectory: string;
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
}

/**
 * `npm run quarantine`: what the archive did not take, and how to put it through. Returns the exit code: 0 all went
 * through, 1 something remains after a retry, 2 bad input.
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
    if (
      ![UsageError, ConfigError, ProgramError, OutputDirectoryError].some((kind) => problem instanceof kind)
    ) {
      throw problem;
    }
    terminal.error(`${(problem as Error).message}\n`);
    return 2;
  }
}

async function run(
  { command, json }: QuarantineOptions,
  place: Place,
  out: (text: string) => void,
): Promise<number> {
  if (command.kind === "repair") {
    await place.writable((store) => repair(command.key, command.file, store));
    out(
      json
        ? `${JSON.stringify({ repaired: command.key })}\n`
        : `${command.key} is repaired: --retry puts it through\n`,
    );
    return 0;
  }
  if (command.kind === "retry") {
    const report = await retryOf(place, command);
    out(json ? retryJson(place, report) : formatRetry(place, report));
    return report.remaining.length > 0 ? 1 : 0;
  }
  const { reason } = command;
  if (reason === undefined) {
    const reasons = await place.readable(summarize);
    out(json ? summaryJson(place, reasons) : formatSummary(place, reasons));
    return 0;
  }
  const entries = await place.readable(async (store) => readEntries(store, await keysOf(store, reason)));
  out(json ? entriesJson(place, entries) : formatEntries(place, reason, entries));
  return 0;
}

/** @throws {UsageError} for a key that is not there */
async function retryOf(
  place: Place,
  { reason, key }: { readonly reason?: string | undefined; readonly key?: string | undefined },
): Promise<RetryReport> {
  return await place.withFunctions(async (store, invoke) => {
    const keys = (await keysOf(store, reason)).filter((one) => key === undefined || one === key);
    if (key !== undefined && keys.length === 0) throw new UsageError(`${key} is not in quarantine`);
    return await retry(keys, store, (event) => invoke("archive", event));
  });
}
