import type { Location } from "../observation/location.ts";
import { formatUtc } from "../observation/time.ts";
import { conditionsOf, type Level, type Rule } from "../rules/rules.ts";
import type { Transition } from "./transition.ts";

/** The alert that a drill simulates. */
export interface Drill {
  readonly hazard: string;
  readonly level: Level;
}

/** A drill is cancelled after this time. Its CAP message expires an hour later. */
const DRILL_MILLISECONDS = 3_600_000;

/** Whether the Cancel of a drill is due. */
export function isDrillOver({ sent }: { readonly sent: string }, time: Date): boolean {
  return time.getTime() - Date.parse(sent) >= DRILL_MILLISECONDS;
}

/** The all-clear of a drill. */
export function drillEnd(alert: Transition, time: Date): Transition {
  const { location, hazard } = alert;
  const at = formatUtc(time);
  return { ...alert, id: `${location}/${hazard}/${at}/clear`, time: at, kind: "clear" };
}

/**
 * The alert that a drill simulates at a location, as if each condition had just reached its threshold. Undefined if no rule
 * of the location has that level. Use it only for messages that are marked as an exercise.
 */
export function drillTransition(
  { hazard, level }: Drill,
  location: Location,
  rules: readonly Rule[],
  time: Date,
): Transition | undefined {
  for (const rule of rules.filter((candidate) => candidate.hazard === hazard)) {
    const conditions = conditionsOf(rule).flatMap(({ measure, levels, below = false }) => {
      const threshold = levels[level];
      return threshold === undefined ? [] : [{ measure, below, value: threshold, threshold }];
    });
    const [first] = conditions;
    if (first === undefined) continue;
    const at = formatUtc(time);
    return {
      id: `${location.id}/${hazard}/${at}/start`,
      time: at,
      location: location.id,
      hazard,
      level,
      kind: "start",
      ...first,
      ...(conditions.length > 1 && { conditions }),
      ...(rule.scale !== undefined && { scale: rule.scale }),
      since: at,
    };
  }
  return undefined;
}
