import { execFile } from "node:child_process";

export interface CommandOptions {
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly timeoutMilliseconds?: number;
  /** Kills the command, which then has no chance to tidy up. */
  readonly signal?: AbortSignal;
}

/** Thrown when a command is not there, ends with another exit code than 0 or takes too long; the message ends in what it said. */
export class CommandError extends Error {
  override readonly name = "CommandError";
  readonly output: string;

  constructor(command: string, output: string, options: ErrorOptions) {
    super(`${command}: ${lastLines(output) || String(options.cause)}`, options);
    this.output = output;
  }
}

/** Output of a command, in bytes, that is kept: a compiler's or a cluster's log fits. */
const OUTPUT_LIMIT_BYTES = 64 * 1024 * 1024;

/** Runs a command to its end. Throws {@link CommandError}. */
export function runCommand(
  file: string,
  args: readonly string[],
  { timeoutMilliseconds = 0, ...options }: CommandOptions = {},
): Promise<{ stdout: string; stderr: string }> {
  return new Promise((resolve, reject) => {
    const settings = {
      ...options,
      timeout: timeoutMilliseconds,
      maxBuffer: OUTPUT_LIMIT_BYTES,
      killSignal: "SIGKILL",
    } as const;
    execFile(file, [...args], settings, (cause, stdout, stderr) => {
      if (cause === null) resolve({ stdout, stderr });
      else reject(new CommandError([file, ...args.slice(0, 1)].join(" "), `${stdout}\n${stderr}`, { cause }));
    });
  });
}

function lastLines(output: string): string {
  return output.trim().split("\n").slice(-30).join("\n");
}
