#!/usr/bin/env node
// Starts the command line on the Node.js that `npm ci` installed, whichever one is on PATH. Plain JavaScript, because an
// older Node.js may be the one that reads it.
import { spawn } from "node:child_process";
import { constants } from "node:os";
import { fileURLToPath } from "node:url";

const executable = process.platform === "win32" ? "node.exe" : "node";
const node = fileURLToPath(new URL(`../node_modules/node/bin/${executable}`, import.meta.url));
const main = fileURLToPath(new URL("main.ts", import.meta.url));
const child = spawn(node, [main, ...process.argv.slice(2)], { stdio: "inherit" });

// A terminal sends Ctrl-C to both; the command decides when it ends. What is sent to this process alone is passed on.
process.on("SIGINT", () => {});
for (const signal of ["SIGTERM", "SIGHUP"]) process.on(signal, () => child.kill(signal));
child.on("error", ({ message }) => {
  process.stderr.write(`Node.js 24 is not installed here (${message}): run npm ci\n`);
  process.exitCode = 2;
});
child.on("exit", (code, signal) => {
  process.exitCode = code ?? 128 + constants.signals[signal]; // as a shell says it
});
