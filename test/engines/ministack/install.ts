import { join } from "node:path";
import { obtainPackages } from "../support/python.ts";

/** MiniStack, an emulator of AWS that needs neither an account nor Docker: https://pypi.org/project/ministack/ */
export interface MiniStack {
  /** Python of the virtual environment that has it. */
  readonly python: string;
}

const VERSION = "1.5.33";

/** Installs MiniStack into the cache. Throws UnavailableError. */
export async function obtainMiniStack(): Promise<MiniStack> {
  const programs = await obtainPackages({
    name: `ministack-${VERSION}`,
    packages: [`ministack[full]==${VERSION}`], // `full`: with DuckDB, which its Athena runs on
    modules: ["duckdb", "ministack.app"],
  });
  return { python: join(programs, "python") };
}
