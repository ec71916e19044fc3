import type { Terminal } from "../../cli/command.ts";
import { main } from "../../cli/main.ts";

/**
 * Runs a command line in this process, as a person types it after `npx stormwire`: 80 columns without colours, in the
 * project's folder, unless `terminal` says otherwise.
 */
export async function runCommandLine(argv: readonly string[], terminal: Partial<Terminal> = {}) {
  const printed = { out: "", error: "" };
  const code = await main(argv, {
    projectDirectory: process.cwd(),
    out: (text) => {
      printed.out += text;
    },
    error: (text) => {
      printed.error += text;
    },
    now: () => new Date("2024-05-03T12:00:00Z"),
    isWatched: false,
    hasColors: false,
    width: 80,
    interruption: () => new AbortController().signal,
    ...terminal,
  });
  return { code, ...printed };
}
