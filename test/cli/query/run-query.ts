import type { Terminal } from "../../../cli/command.ts";
import { runCommandLine } from "../command-line.ts";

/** Runs `npm run query` in this process. */
export const runQuery = (argv: readonly string[], terminal: Partial<Terminal> = {}) =>
  runCommandLine(["query", ...argv], terminal);
