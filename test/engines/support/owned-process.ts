import { spawn } from "node:child_process";
import { once } from "node:events";
import { open, readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";

/** A command that runs beside the tests, in a process group of its own, and ends with them at the latest. */
export interface OwnedProcess {
  /** Undefined while it runs. */
  exitCode(): number | undefined;
  /** The last lines of what it said. */
  lastLines(): Promise<string>;
  /** Kills the whole group and waits for its end. */
  kill(): Promise<void>;
}

const endWithParent = fileURLToPath(new URL("end-with-parent.ts", import.meta.url));

/** Starts a command; what it says goes to `logFile`. */
export async function startOwned(
  command: string,
  args: readonly string[],
  { cwd, env, logFile }: { cwd: string; env: NodeJS.ProcessEnv; logFile: string },
): Promise<OwnedProcess> {
  const log = await open(logFile, "w");
  const child = spawn(process.execPath, [endWithParent, command, ...args], {
    cwd,
    env,
    detached: true, // a group leader
    stdio: ["pipe", log.fd, log.fd],
  });
  const ended = once(child, "close");
  await log.close();
  return {
    exitCode: () => child.exitCode ?? undefined,
    lastLines: async () => (await readFile(logFile, "utf8")).trim().split("\n").slice(-30).join("\n"),
    async kill() {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGKILL");
      await ended;
    },
  };
}
