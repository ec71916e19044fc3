import { parameterValues } from "../../../queries/parameters.ts";
import type { SavedQuery } from "../../../queries/saved-queries.ts";
import type { Value } from "./client.ts";

/** One way to ask every saved query. */
export interface Asked {
  readonly name: string;
  /** Values of the parameters that are named so; others have their default. */
  readonly given: Readonly<Record<string, Value>>;
}

/** Every day that has data. */
export const EVERYTHING: Asked = { name: "everything", given: { from: "2023-04-01", to: "2024-05-31" } };

/** One place, on days of generated weather with its silences and of the flood with its alerts. */
const NARROWED: Asked = {
  name: "one place, few days",
  given: { location: "porto-alegre", from: "2024-04-06", to: "2024-05-03" },
};

/** Values other than the defaults, between whole numbers where that may be. */
const OTHERS: Asked = {
  name: "other values",
  given: {
    time_zone: "Asia/Kolkata",
    late_after_minutes: 1.5,
    longer_than_minutes: 59.5,
    gust_at_least: 7.25,
    temperature_at_least: 20.5,
    humidity_at_most: 80.5,
    wind_at_least: 1.25,
    heat_below: 18.25,
    cool_above: 19.55,
    metric: "temperature",
    side: "below",
    threshold: 15.5,
    joining_minutes: 90.5,
    thresholds: "10.25/ 15/-0.5/15/17.1",
    separate_hours: 12.5,
  },
};

const DEFAULTS: Asked = { name: "defaults", given: {} };

export const ASKED: readonly Asked[] = [EVERYTHING, NARROWED, DEFAULTS, OTHERS];

/** Whether the query has a parameter to ask it so, other than the defaults. */
export function concerns({ given }: Asked, { parameters }: SavedQuery): boolean {
  return given === DEFAULTS.given || parameters.some(({ name }) => name in given);
}

/** The day from which the defaults count back: the data's last. */
const LAST_DAY = "2024-05-07";

/** A value for each `?` of the query. */
export function valuesOf({ parameters }: SavedQuery, { given }: Asked): Value[] {
  return parameterValues(parameters, { lastDay: LAST_DAY, given });
}
