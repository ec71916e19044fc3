/**
 * What the processes of one `npm test` share: most of those that it starts load the same modules and bundle
 * the same callbacks. In a folder of this run alone, so that nothing of an earlier one can be stale.
 */
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

// mocha loads this file in its workers, too: they have the environment of the process that started them.
if (process.env.MOCHA_WORKER_ID === undefined) {
  const folder = mkdtempSync(join(tmpdir(), "stormwire-tests-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true, maxRetries: 3 }));
  const bundles = join(folder, "bundles");
  mkdirSync(bundles);
  process.env.STORMWIRE_BUNDLES = bundles;
  // Compiled modules: https://nodejs.org/api/module.html#module-compile-cache
  process.env.NODE_COMPILE_CACHE = join(folder, "modules");
}

// Tables are as wide as they are, whatever the terminal in which the tests run.
Object.defineProperty(process.stdout, "columns", { value: undefined, writable: true, configurable: true });
