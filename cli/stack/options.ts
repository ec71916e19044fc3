import { readFileSync } from "node:fs";
import { join } from "node:path";
import { quote } from "shell-quote";
import type { StackOptions } from "./open.ts";

export const LOCAL_STACK = "local";
const LOCAL_RUN = ".local";

/** What `--stack` and `--out` name: a local run wherever `--out` is given or no other stack than `local` is named. */
export function stackOptionsOf(values: {
  stack?: string | undefined;
  out?: string | undefined;
}): StackOptions {
  const { stack, out } = values;
  const localRun = out ?? (stack === undefined || stack === LOCAL_STACK ? LOCAL_RUN : undefined);
  return { stack: stack ?? stackOf(localRun ?? LOCAL_RUN) ?? LOCAL_STACK, localRun };
}

/** The options of a command that looks at this run, ready for a shell; nothing for the run that it looks at anyway. */
export function commandOptionsOf({ stack, localRun }: { stack: string; localRun: string }): string {
  const isDefault = stack === LOCAL_STACK && localRun === LOCAL_RUN;
  return isDefault ? "" : ` ${quote(["--stack", stack, "--out", localRun])}`;
}

/** The stack of the run in a folder; undefined when the folder has no run, which is an error when the run is opened. */
function stackOf(directory: string): string | undefined {
  try {
    const { stack } = JSON.parse(readFileSync(join(directory, "stack.json"), "utf8"));
    return typeof stack === "string" ? stack : undefined;
  } catch {
    return undefined;
  }
}
