import { ConfigError } from "../../config/problems.ts";
import { UsageError } from "../../local/command-line.ts";
import { ProgramError } from "../../local/program/error.ts";
import { formatReport, toJson } from "./format.ts";
import { HELP, parseOptions } from "./options.ts";
import { type Report, readReport, sendTest } from "./report.ts";
import { formatTest } from "./test-message.ts";

export interface Terminal {
  readonly projectDirectory: string;
  readonly out: (text: string) => void;
  readonly error: (text: string) => void;
}

/**
 * `npm run subscriptions`: who is subscribed, and who should be. Returns the exit code: 0 all are confirmed, 1 somebody
 * is pending, missing or not in config, 2 bad input.
 */
export async function main(
  argv: readonly string[],
  { projectDirectory, out, error }: Terminal,
): Promise<number> {
  try {
    const options = parseOptions(argv);
    if (options === undefined) {
      out(`${HELP}\n`);
      return 0;
    }
    const { test } = options;
    if (test !== undefined) {
      const sent = await sendTest({ ...options, test }, projectDirectory);
      out(formatTest(sent));
      return sent.missed.length === 0 ? 0 : 1;
    }
    const report = await readReport(options, projectDirectory);
    out(options.json ? toJson(report) : formatReport(report));
    return isAllConfirmed(report) ? 0 : 1;
  } catch (problem) {
    if (![UsageError, ConfigError, ProgramError].some((kind) => problem instanceof kind)) {
      throw problem;
    }
    error(`${(problem as Error).message}\n`);
    return 2;
  }
}

function isAllConfirmed({ channels, strays }: Report): boolean {
  return strays.length === 0 && channels.every(({ state }) => state === "confirmed");
}
