import type { CallBudget } from "../handlers/produce.ts";
import { callsOf } from "./quota.ts";
import type { StormwireConfig } from "./schema.ts";

export type { CallBudget } from "../handlers/produce.ts";

/** What the plan of the weather API carries and what the schedule asks of it for so many places, a day. */
export function callBudget(config: Pick<StormwireConfig, "poll" | "source">, places: number): CallBudget {
  return { allowedPerDay: config.source.callsPerDay, plannedPerDay: callsOf(config, places).aDay };
}

/** So few calls left of a day mean that more go out than were planned: half of what the plan had to spare is gone. */
export function fewCallsLeft({ allowedPerDay, plannedPerDay }: CallBudget): number {
  return Math.max(1, Math.floor((allowedPerDay - plannedPerDay) / 2));
}

/** Where the providers are, unless the stack's `source.baseUrl` says otherwise. */
export const BASE_URLS = {
  "tomorrow.io": "https://api.tomorrow.io",
  "open-meteo": "https://api.open-meteo.com",
} as const;
