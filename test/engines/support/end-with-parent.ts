/**
 * `node end-with-parent.ts COMMAND ARGUMENT…` runs a command until standard input ends. Where that is a pipe, it ends
 * with the process that holds the other side, also when that one is killed and can tidy nothing up.
 */
import { spawn } from "node:child_process";

const [command = "", ...args] = process.argv.slice(2);
const child = spawn(command, args, { stdio: ["ignore", "inherit", "inherit"] });
const kill = () => child.kill("SIGKILL");

process.stdin.on("close", kill).resume();
process.on("SIGTERM", kill);
child.on("error", (error) => {
  console.error(error.message);
  process.exit(1);
});
child.on("exit", (code) => process.exit(code ?? 1));
