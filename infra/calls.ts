import type { CallBudget } from "../handlers/produce.ts";
import type { ProgramConfig } from "./config.ts";
import { callsOf } from "./quota.ts";

export type { CallBudget } from "../handlers/produce.ts";

/** What the plan of the weather API carries and what the schedule asks of it, a day. */
export function callBudget({
  poll,
  source,
  locations,
}: Pick<ProgramConfig, "poll" | "source" | "locations">): CallBudget {
  const byId = Object.fromEntries(locations.map((location) => [location.id, location]));
  return {
    allowedPerDay: source.callsPerDay,
    plannedPerDay: callsOf({ poll, source, locations: byId }).aDay,
  };
}

/** So few calls left of a day mean that more go out than were planned: half of what the plan had to spare is gone. */
export function fewCallsLeft({ allowedPerDay, plannedPerDay }: CallBudget): number {
  return Math.max(1, Math.floor((allowedPerDay - plannedPerDay) / 2));
}
