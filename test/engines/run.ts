/**
 * `npm run test:engines`: the suites that ask real engines, one after the other. Exit code 0 only when none failed; an
 * engine that cannot be had is named, with its reason, and its tests are counted as pending.
 */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { globSync } from "node:fs";
import { fileURLToPath } from "node:url";

const project = fileURLToPath(new URL("../..", import.meta.url));
const mocha = fileURLToPath(new URL("bin/mocha.js", import.meta.resolve("mocha/package.json")));
const suites = globSync("test/engines/*.test.ts", { cwd: project }).sort();

// The project's mocha configuration is for the tests that need no engine, and leaves this folder out.
const child = spawn(
  process.execPath,
  [mocha, "--no-config", "--reporter", "spec", ...process.argv.slice(2), ...suites],
  { cwd: project, stdio: "inherit" },
);
const [code] = await once(child, "close");
process.exitCode = code ?? 1;
