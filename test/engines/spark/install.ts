import { join } from "node:path";
import { installOnce } from "../support/cache.ts";
import { CommandError, runCommand } from "../support/command.ts";
import { findJava } from "../support/java.ts";
import { UnavailableError } from "../support/unavailable.ts";

/** Spark as the job runs it, without Glue around it. */
export interface Spark {
  /** Python with pyspark and boto3. */
  readonly python: string;
  readonly javaHome: string;
}

/** Glue 5.0 is Spark 3.5.4, Python 3.11 and Java 17: https://docs.aws.amazon.com/glue/latest/dg/release-notes.html */
const SPARK_VERSION = "3.5.4";
const PYTHON_VERSION = "3.11";
const JAVA_VERSION = 17;
const PACKAGES = [`pyspark==${SPARK_VERSION}`, "boto3==1.34.131"];

/** Finds Java and Python, and installs Spark into the cache. Throws {@link UnavailableError}. */
export async function obtainSpark(): Promise<Spark> {
  const { home } = await findJava(String(JAVA_VERSION), (version) => version === JAVA_VERSION);
  const python = await findPython();
  const directory = await installOnce(`spark-${SPARK_VERSION}`, (folder) => installPackages(python, folder));
  return { python: join(directory, "bin/python"), javaHome: home };
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

async function installPackages(python: string, folder: string): Promise<void> {
  try {
    await runCommand(python, ["-m", "venv", folder]);
    const inside = join(folder, "bin/python");
    await runCommand(inside, ["-m", "pip", "install", "--quiet", "--no-input", ...PACKAGES]);
    await runCommand(inside, ["-c", "import boto3, pyspark"]);
  } catch (cause) {
    if (!(cause instanceof CommandError)) throw cause;
    throw new UnavailableError(`${PACKAGES.join(" and ")} could not be installed: ${cause.message}`, {
      cause,
    });
  }
}
