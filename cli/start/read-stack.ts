import { parseConfig } from "../../config/check.ts";
import type { StormwireConfig } from "../../config/schema.ts";
import { readProject, readStackConfig } from "../../local/program/project.ts";
import { stackSecrets } from "../stack/secrets.ts";
import { livePoll, liveSource } from "./live-config.ts";
import type { StartOptions } from "./options.ts";

/** The key that the recorded weather API accepts; a real one has no business in a replay. */
export const REPLAY_API_KEY = "replay";

/** A stack's config as one run uses it. */
interface RunConfig {
  readonly config: StormwireConfig;
  /** Config for the program, in place of what the stack's file says. */
  readonly overrides: Readonly<Record<string, unknown>>;
  /** What is used for the stack's secrets. */
  readonly notice: string | undefined;
  /** Why a live run does not poll the stack's own source. */
  readonly reason?: string | undefined;
}

/** @throws {ProgramError}, {ConfigError} and {UserError} for a stack that cannot be read or that a preview refuses */
export async function readStack(
  { live, stack }: Pick<StartOptions, "live" | "stack">,
  projectDirectory: string,
): Promise<RunConfig> {
  const { name } = await readProject(projectDirectory);
  const { overrides: secrets, placeholders, notice } = await stackSecrets(projectDirectory, stack);
  const read = async (own: Readonly<Record<string, unknown>>): Promise<RunConfig> => {
    const overrides = { ...secrets, ...own };
    const { config } = await readStackConfig(projectDirectory, name, stack, overrides);
    return { config: parseConfig(config, stack), overrides, notice };
  };
  if (!live) return await read({ "stormwire:apiKey": REPLAY_API_KEY });
  const { config: given } = await readStackConfig(projectDirectory, name, stack, secrets);
  const hasKey = !placeholders.includes("stormwire:apiKey");
  const { TOMORROW_API_KEY } = process.env;
  const source = liveSource(hasKey ? given : without(given, "stormwire:apiKey"), { TOMORROW_API_KEY });
  const found = await read(source.overrides);
  if (source.reason === undefined) return found;
  return { ...found, config: { ...found.config, poll: livePoll(found.config) }, reason: source.reason };
}

function without(config: Readonly<Record<string, string>>, key: string): Record<string, string> {
  return Object.fromEntries(Object.entries(config).filter(([name]) => name !== key));
}
