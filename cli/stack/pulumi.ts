import { spawn } from "node:child_process";
import { once } from "node:events";
import { z } from "zod";
import { parseJson } from "../../lib/json.ts";
import { UserError } from "../../lib/user-error.ts";

/** Thrown when the Pulumi CLI is not on PATH. */
export class PulumiMissingError extends UserError {}

/** A stack of the project in `directory`. */
export interface Stack {
  readonly directory: string;
  readonly name: string;
}

/** `pulumi config --json`: structured values come as JSON text, as a program gets them. */
const configSchema = z.record(z.string(), z.object({ value: z.string().optional() }));

/** A resource as the stack's state has it. */
const resourceSchema = z.object({
  urn: z.string(),
  type: z.string(),
  /** The provider's own, such as the name of a function or of a Glue job. */
  id: z.string().optional(),
  /** When it was made, ISO 8601. */
  created: z.string().optional(),
});

/** The parts of `pulumi stack export` that are read here. */
const exportSchema = z.object({
  deployment: z.object({ resources: z.array(resourceSchema).optional() }),
});

export type DeployedResource = Readonly<z.infer<typeof resourceSchema>>;

/** The stack's config with its secrets, `namespace:key` -> text. Throws {@link UserError}, as all of these. */
export function readConfigWithSecrets(stack: Stack): Promise<Record<string, string>> {
  return configOf(stack, ["config", "--show-secrets", "--json"]);
}

/** The stack's config without the values of its secrets. */
export function readPlainConfig(stack: Stack): Promise<Record<string, string>> {
  return configOf(stack, ["config", "--json"]);
}

async function configOf(stack: Stack, command: readonly string[]): Promise<Record<string, string>> {
  const config = await pulumiJson(stack, command, configSchema);
  return Object.fromEntries(
    Object.entries(config).flatMap(([key, { value }]) => (value === undefined ? [] : [[key, value]])),
  );
}

export function readOutputs(stack: Stack): Promise<Record<string, unknown>> {
  return pulumiJson(stack, ["stack", "output", "--json"], z.record(z.string(), z.unknown()));
}

/** What is deployed; secrets in it stay encrypted. */
export async function readResources(stack: Stack): Promise<readonly DeployedResource[]> {
  const { deployment } = await pulumiJson(stack, ["stack", "export"], exportSchema);
  return deployment.resources ?? [];
}

async function pulumiJson<Content>(
  { directory, name }: Stack,
  command: readonly string[],
  schema: z.ZodType<Content>,
): Promise<Content> {
  const { code, stdout, stderr } = await runPulumi(directory, [
    ...command,
    "--stack",
    name,
    "--non-interactive",
  ]);
  const said = `pulumi ${command.join(" ")} --stack ${name}`;
  if (code !== 0) {
    throw new UserError(`${said} failed: ${complaint(stderr) ?? `exit code ${code}`}`);
  }
  // Never quoted: with --show-secrets it holds everything.
  const result = schema.safeParse(parseJson(stdout));
  if (!result.success) {
    throw new UserError(`${said} did not answer as expected: ${z.prettifyError(result.error)}`);
  }
  return result.data;
}

async function runPulumi(directory: string, parameters: readonly string[]) {
  const child = spawn("pulumi", parameters, { cwd: directory, stdio: ["ignore", "pipe", "pipe"] });
  const said = { stdout: "", stderr: "" };
  for (const stream of ["stdout", "stderr"] as const) {
    child[stream].setEncoding("utf8").on("data", (text: string) => {
      said[stream] += text;
    });
  }
  try {
    const [code] = await once(child, "close");
    return { code: code as number | null, ...said };
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "ENOENT") throw cause;
    throw new PulumiMissingError(
      "pulumi is not on PATH, and only it knows the stack's secrets: install it as https://www.pulumi.com/docs/install/ says",
      { cause },
    );
  }
}

/** Its error, rather than that there is a newer version of Pulumi. */
function complaint(stderr: string): string | undefined {
  const lines = stderr.split("\n").filter((line) => line.trim() !== "");
  return (lines.find((line) => line.startsWith("error:")) ?? lines[0])?.replace(/^error: /, "");
}
