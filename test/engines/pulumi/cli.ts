import { chmod, copyFile, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { CommandError, runCommand } from "../support/command.ts";
import { UnavailableError } from "../support/unavailable.ts";

const project = fileURLToPath(new URL("../../..", import.meta.url));

/** One step of a preview that does something. */
export interface Step {
  readonly op: string;
  readonly urn: string;
}

/** A stack of the program on Pulumi's own engine: state in a folder of its own, no AWS behind it. */
export interface PulumiStack {
  /** Runs `pulumi ARGUMENTS --stack NAME`; throws {@link CommandError}. */
  run(...args: string[]): Promise<string>;
  /** Types a line into a POSIX shell, in the program's folder; throws {@link CommandError}. */
  type(line: string): Promise<string>;
  /** What an update would do, unchanged resources left out. */
  preview(): Promise<Step[]>;
  /** All that the engine keeps of the stack, as `pulumi stack export` prints it. */
  export(): Promise<string>;
  /** Everything that any command has printed so far. */
  printed(): string;
  remove(): Promise<void>;
}

/** The version of the CLI on PATH. @throws {UnavailableError} where there is none */
export async function findPulumi(): Promise<string> {
  try {
    return (await runCommand("pulumi", ["version"])).stdout.trim();
  } catch (error) {
    if (!(error instanceof CommandError)) throw error;
    throw new UnavailableError(
      `there is no pulumi on PATH, and no package registry has its engine; see https://www.pulumi.com/docs/install/ (${error.message})`,
    );
  }
}

/** Makes an empty stack of a copy of the program whose AWS provider is the stand-in of provider.ts. */
export async function createStack(name: string): Promise<PulumiStack> {
  const folder = await mkdtemp(join(tmpdir(), "stormwire-pulumi-"));
  const directory = join(folder, "program");
  await copyProgram(directory, name);
  const bin = await standIns(join(folder, "bin"));
  await mkdir(join(folder, "state"));
  const env = {
    ...process.env,
    PATH: [bin, process.env.PATH].join(delimiter),
    PULUMI_HOME: join(folder, "home"),
    PULUMI_BACKEND_URL: `file://${join(folder, "state")}`,
    PULUMI_CONFIG_PASSPHRASE: "stand-in",
    PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
    PULUMI_SKIP_UPDATE_CHECK: "true",
    AWS_REGION: "us-east-1",
  };
  // Not in a preview: it calls "create", too, and asks AWS for nothing.
  const subscriptions = join(folder, "subscriptions.json");
  let printed = "";

  const run = async (...args: string[]) => {
    try {
      const { stdout, stderr } = await runCommand(
        "pulumi",
        [...args, "--non-interactive", "--color", "never"],
        {
          cwd: directory,
          env: args[0] === "preview" ? env : { ...env, STAND_IN_SUBSCRIPTIONS: subscriptions },
        },
      );
      printed += stdout + stderr;
      return stdout;
    } catch (error) {
      if (error instanceof CommandError) printed += error.output;
      throw error;
    }
  };
  await run("stack", "init", name);

  return {
    run,
    type: (line) => runCommand("sh", ["-c", line], { cwd: directory, env }).then(({ stdout }) => stdout),
    async preview() {
      const output = await run("preview", "--json");
      const { steps = [] } = JSON.parse(output.slice(output.indexOf("{"))) as { steps?: Step[] };
      return steps.filter(({ op }) => op !== "same").map(({ op, urn }) => ({ op, urn }));
    },
    export: () =>
      runCommand("pulumi", ["stack", "export"], { cwd: directory, env }).then(({ stdout }) => stdout),
    printed: () => printed,
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}

/** Its own main file and stack file, which `pulumi stack init` writes to; the rest is linked. */
async function copyProgram(directory: string, stack: string): Promise<void> {
  await mkdir(directory);
  const file = `Pulumi.${stack}.yaml`;
  for (const name of ["index.ts", "Pulumi.yaml", "package.json", file]) {
    await copyFile(join(project, name), join(directory, name));
  }
  for (const name of ["config", "etl", "handlers", "infra", "lib", "queries", "node_modules"]) {
    await symlink(join(project, name), join(directory, name));
  }
}

/**
 * Executables that the engine takes for its plugins because they are on PATH. Of @pulumi/awsx only the part is used
 * that runs in the program; its plugins are asked for all the same, by the packages' names.
 */
async function standIns(bin: string): Promise<string> {
  await mkdir(bin);
  const provider = fileURLToPath(new URL("pulumi-resource-aws.ts", import.meta.url));
  for (const name of ["aws", "awsx", "docker", "docker-build"]) {
    const file = join(bin, `pulumi-resource-${name}`);
    await writeFile(file, `#!/bin/sh\nexec "${process.execPath}" "${provider}" "$@"\n`);
    await chmod(file, 0o755);
  }
  return bin;
}
