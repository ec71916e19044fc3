import { quotaWarning, shortestIntervalSeconds } from "../../config/polling.ts";
import type { StormwireConfig } from "../../config/schema.ts";
import { isObject, parseJson } from "../../lib/json.ts";

/** What the local stack has in the place of a key. */
const PLACEHOLDER_KEY = "local";

/** From what a person who watches expects to what the smallest plan allows. */
const POLLS = ["rate(5 minutes)", "rate(10 minutes)", "rate(15 minutes)", "rate(30 minutes)"];

/** Which weather API a live run polls. */
interface LiveSource {
  /** Config that replaces the stack's. */
  readonly overrides: Readonly<Record<string, unknown>>;
  /** Why it is not the source that the stack names, or how it gets its key; undefined: it is the stack's own. */
  readonly reason: string | undefined;
}

/**
 * The stack's own source, when it has all that it needs; Tomorrow.io with a key from the environment; else Open-Meteo,
 * which needs no key.
 *
 * @param config `stormwire:KEY` -> text
 */
export function liveSource(
  config: Readonly<Record<string, string>>,
  { TOMORROW_API_KEY }: { readonly TOMORROW_API_KEY?: string | undefined },
): LiveSource {
  const source = objectOf(config["stormwire:source"]);
  const key = config["stormwire:apiKey"];
  if (source.provider === "open-meteo") return { overrides: {}, reason: undefined };
  if (TOMORROW_API_KEY) {
    return { overrides: { "stormwire:apiKey": TOMORROW_API_KEY }, reason: "with TOMORROW_API_KEY" };
  }
  if (key !== undefined && key !== PLACEHOLDER_KEY) return { overrides: {}, reason: undefined };
  const { baseUrl } = source;
  return {
    overrides: { "stormwire:source": { provider: "open-meteo", ...(baseUrl !== undefined && { baseUrl }) } },
    reason: "which needs no key; set TOMORROW_API_KEY to poll Tomorrow.io",
  };
}

/** A poll of the stack's own source is the stack's; another is as frequent as that source's plan allows. */
export function livePoll(config: Pick<StormwireConfig, "poll" | "source" | "locations">): string {
  const poll = POLLS.find((candidate) => quotaWarning({ ...config, poll: candidate }) === undefined);
  const isSooner = poll !== undefined && shortestIntervalSeconds(poll) < shortestIntervalSeconds(config.poll);
  return isSooner ? poll : config.poll;
}

/** Structured config comes as JSON text; other text is rejected when the config is checked. */
function objectOf(text = "{}"): Readonly<Record<string, unknown>> {
  const value = parseJson(text);
  return isObject(value) ? value : {};
}
