import type { QueryResult } from "../../local/athena/result.ts";
import { didYouMean } from "../../queries/parameters.ts";
import type { SavedQuery } from "../../queries/saved-queries.ts";

/**
 * The locations in gold with their first and last day. It reads one column, of every day: each file keeps a location once,
 * so that Athena scans a few hundred bytes a day and bills its minimum.
 */
export const LOCATIONS_SQL = `SELECT location, MIN(day) AS first_day, MAX(day) AS last_day
FROM observations
GROUP BY location
ORDER BY location`;

/** Why a query has no rows, as far as its location and its days are the reason. */
export interface NoRows {
  readonly message: string;
  /** The location is not in gold, or has no day of those asked for. */
  readonly isBadInput: boolean;
}

interface LocationDays {
  readonly location: string;
  readonly first: string;
  readonly last: string;
}

/** A longer list hides the message; the nearest name is in it anyway. */
const MOST_LOCATIONS = 20;

/**
 * Holds the values of a query that has no rows against what gold has.
 * @param inGold what {@link LOCATIONS_SQL} answers
 */
export function explainNoRows(
  { parameters }: SavedQuery,
  values: readonly (string | number)[],
  inGold: QueryResult,
): NoRows {
  const all = inGold.rows.map(([location, first, last]): LocationDays => {
    return { location: String(location), first: String(first), last: String(last) };
  });
  const position = parameters.findIndex(({ name }) => name === "location");
  const location =
    position === -1 || values[position] === parameters[position]?.default ? undefined : values[position];
  const chosen = location === undefined ? all : all.filter((each) => each.location === location);
  if (location !== undefined && chosen.length === 0) {
    const hint = didYouMean(
      String(location),
      all.map((each) => each.location),
    );
    return { message: `--location "${location}" is not in gold: ${has(all)}${hint}`, isBadInput: true };
  }
  const days = values
    .filter((_, index) => parameters[index]?.kind === "day")
    .map(String)
    .sort();
  const [from, to] = [days[0], days.at(-1)];
  if (from === undefined || to === undefined || chosen.some(({ first, last }) => from <= last && first <= to))
    return { message: `no rows; ${has(chosen)}`, isBadInput: false };
  const asked = parameters.some(({ name }) => name === "from") ? `--from ${from} --to ${to}` : `--to ${to}`;
  return { message: `no observations on the days of ${asked}; ${has(chosen)}`, isBadInput: true };
}

function has(locations: readonly LocationDays[]): string {
  const shown = locations
    .slice(0, MOST_LOCATIONS)
    .map(({ location, first, last }) => `${location} (${first} to ${last})`);
  const more = locations.length > shown.length ? ` and ${locations.length - shown.length} more` : "";
  return `gold has ${shown.join(", ") || "no observations yet"}${more}`;
}
