/** Calls that the plan of a weather API carries, and what the schedule asks of it. */
export interface CallBudget {
  readonly allowedPerDay: number;
  readonly plannedPerDay: number;
}

interface CallCount {
  add(): void;
  /** Calls since the last time, and what is left of the day of `time` (ISO 8601), never below 0; undefined: unknown. */
  take(time: string | undefined): { readonly made: number; readonly left?: number };
}

const MILLIS_PER_DAY = 86_400_000;

/**
 * Counts the calls of a UTC day as far as this container knows. Weather services do not say how many are left, and a
 * container begins with what the schedule will have asked for by then: retries of an earlier one are not in it. To
 * keep the count in the bucket would put S3's client into the function that polls, which is the largest already.
 */
export function createCallCount(budget: CallBudget | undefined): CallCount {
  let made = 0;
  let day: number | undefined;
  let today = 0;
  return {
    add() {
      made += 1;
    },
    take(time) {
      const taken = made;
      made = 0;
      const millis = time === undefined ? Number.NaN : Date.parse(time);
      if (budget === undefined || Number.isNaN(millis)) return { made: taken };
      const current = Math.floor(millis / MILLIS_PER_DAY);
      if (day === undefined)
        today = Math.floor((budget.plannedPerDay * (millis % MILLIS_PER_DAY)) / MILLIS_PER_DAY);
      else if (current !== day) today = 0;
      day = current;
      today += taken;
      return { made: taken, left: Math.max(0, budget.allowedPerDay - today) };
    },
  };
}
