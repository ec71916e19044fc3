import type { WeatherRecord } from "./record.ts";

/** Why a valid record cannot be archived. */
export interface Unarchivable {
  readonly reason: "too-deep" | "bad-text";
  readonly detail: string;
}

/**
 * Depth of nested objects and lists. A weather API answers with three to five; Jackson, which reads the archive
 * for Spark and Trino, gives up at 1,000 (StreamReadConstraints.DEFAULT_MAX_DEPTH), and JSON.stringify at a few thousand.
 */
export const MAX_LEVELS = 100;

/**
 * Finds what would make a query engine silently skip the line: nesting beyond {@link MAX_LEVELS}, and text that cannot be
 * encoded in UTF-8 (such as `"\ud800"`). Undefined for a record that all engines read.
 */
export function unarchivable(record: WeatherRecord): Unarchivable | undefined {
  return unreadable(record, []);
}

function unreadable(value: unknown, path: readonly string[]): Unarchivable | undefined {
  if (typeof value === "string") return value.isWellFormed() ? undefined : badText(path);
  if (typeof value !== "object" || value === null) return undefined;
  if (path.length >= MAX_LEVELS) {
    return { reason: "too-deep", detail: `${where(path)}: nested in more than ${MAX_LEVELS} levels` };
  }
  for (const [key, member] of Object.entries(value)) {
    const found = key.isWellFormed() ? unreadable(member, [...path, key]) : badText(path);
    if (found !== undefined) return found;
  }
  return undefined;
}

function badText(path: readonly string[]): Unarchivable {
  return {
    reason: "bad-text",
    detail: `${where(path)}: half a surrogate pair, which is no character and has no UTF-8`,
  };
}

/** Only the beginning of a deep path is shown. */
const SHOWN_KEYS = 5;

function where(path: readonly string[]): string {
  const shown = path.slice(0, SHOWN_KEYS).join(".").toWellFormed();
  return path.length > SHOWN_KEYS ? `${shown}…` : shown || "the record";
}
