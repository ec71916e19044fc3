import { parameterValues } from "../../../etl/query-parameters.ts";
import type { SavedQuery } from "../../../etl/saved-queries.ts";
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

const DEFAULTS: Asked = { name: "defaults", given: {} };

export const ASKED: readonly Asked[] = [EVERYTHING, NARROWED, DEFAULTS];

/** The day from which the defaults count back: the data's last. */
const LAST_DAY = "2024-05-07";

/** A value for each `?` of the query. */
export function valuesOf({ parameters }: SavedQuery, { given }: Asked): Value[] {
  return parameterValues(parameters, { lastDay: LAST_DAY, given });
}
