import { join } from "node:path";
import { installOnce } from "../support/cache.ts";
import { CommandError, runCommand } from "../support/command.ts";
import { UnavailableError } from "../support/unavailable.ts";

/** MiniStack, an emulator of AWS that needs neither an account nor Docker: https://pypi.org/project/ministack/ */
export interface MiniStack {
  /** Python of the virtual environment that has it; its scripts name the folder they were installed in and do not move. */
  readonly python: string;
}

const VERSION = "1.5.33";
/** `full`: with DuckDB, which its Athena runs on. */
const PACKAGE = `ministack[full]==${VERSION}`;
const PYTHON = "python3.11";

/** Installs MiniStack into the cache. Throws {@link UnavailableError}. */
export async function obtainMiniStack(): Promise<MiniStack> {
  const directory = await installOnce(`ministack-${VERSION}`, installPackage);
  return { python: join(directory, "bin/python") };
}

async function installPackage(folder: string): Promise<void> {
  try {
    await runCommand(PYTHON, ["-m", "venv", folder]);
    const inside = join(folder, "bin/python");
    await runCommand(inside, ["-m", "pip", "install", "--quiet", "--no-input", PACKAGE]);
    await runCommand(inside, ["-c", "import duckdb, ministack.app"]);
  } catch (cause) {
    if (!(cause instanceof CommandError)) throw cause;
    throw new UnavailableError(`${PACKAGE} could not be installed with ${PYTHON}: ${cause.message}`, {
      cause,
    });
  }
}
