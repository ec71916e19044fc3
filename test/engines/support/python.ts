import { join } from "node:path";
import { installOnce } from "./cache.ts";
import { CommandError, runCommand } from "./command.ts";
import { UnavailableError } from "./unavailable.ts";

/** That of Glue 5.0, and of every tool from PyPI here. */
const PYTHON_VERSION = "3.11";

/** What a virtual environment holds. */
export interface Packages {
  /** Name in the cache: tool and version. */
  readonly name: string;
  /** As pip takes them, with versions. */
  readonly packages: readonly string[];
  /** Modules that must load. */
  readonly modules: readonly string[];
}

/**
 * Installs packages from PyPI into a virtual environment of the cache. Returns its folder of programs, `python` among them;
 * other scripts name the folder they were installed in and do not move with it. Throws {@link UnavailableError}.
 */
export async function obtainPackages({ name, packages, modules }: Packages): Promise<string> {
  const python = await findPython();
  const directory = await installOnce(name, async (folder) => {
    try {
      await runCommand(python, ["-m", "venv", folder]);
      const inside = join(folder, "bin/python");
      await runCommand(inside, ["-m", "pip", "install", "--quiet", "--no-input", ...packages]);
      await runCommand(inside, ["-c", `import ${modules.join(", ")}`]);
    } catch (cause) {
      if (!(cause instanceof CommandError)) throw cause;
      throw new UnavailableError(`${packages.join(" and ")} could not be installed: ${cause.message}`, {
        cause,
      });
    }
  });
  return join(directory, "bin");
}

async function findPython(): Promise<string> {
  const found: string[] = [];
  for (const command of [`python${PYTHON_VERSION}`, "python3", "python"]) {
    try {
      const { stdout, stderr } = await runCommand(command, ["--version"]);
      const version = `${stdout}${stderr}`.trim();
      if (version.startsWith(`Python ${PYTHON_VERSION}.`)) return command;
      found.push(`${command} is ${version}`);
    } catch (error) {
      if (!(error instanceof CommandError)) throw error;
      found.push(`no ${command}`);
    }
  }
  throw new UnavailableError(`it needs Python ${PYTHON_VERSION}; found: ${found.join(", ")}`);
}
