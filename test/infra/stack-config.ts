import { parseConfig } from "../../config/check.ts";
import { ConfigError } from "../../config/problem.ts";
import { pulumiCommands } from "../commands/pulumi-words.ts";

export const portoAlegre = {
  name: "Porto Alegre",
  latitude: -30.0536,
  longitude: -51.1747,
  timeZone: "America/Sao_Paulo",
};

/** The least that a stack's config must say. */
export const good = { locations: { "porto-alegre": portoAlegre }, apiKey: "key" };

/** Config by key below `stormwire:`, read as Pulumi passes it: text, or JSON text. */
export function parse(config: Record<string, unknown>) {
  const entries = Object.entries(config).map(
    ([key, value]) =>
      [`stormwire:${key}`, typeof value === "string" ? value : JSON.stringify(value)] as const,
  );
  return parseConfig({ ...Object.fromEntries(entries), "aws:region": "us-east-1" }, "dev");
}

/** The error by which config is refused; fails when it is accepted, or when it prints a command that the CLI refuses. */
export function failure(config: Record<string, unknown>): ConfigError {
  try {
    parse(config);
  } catch (error) {
    if (error instanceof ConfigError) {
      for (const { fix } of error.problems)
        if (fix.includes("pulumi ")) pulumiCommands(fix.replace(", or pulumi", " && pulumi"));
      return error;
    }
    throw error;
  }
  throw new Error("the config was accepted");
}
