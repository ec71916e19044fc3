import { ASSUMPTION_NAMES, ASSUMPTIONS, type AssumptionName } from "./assumptions.ts";
import type { Bill } from "./bill.ts";
import type { MonthOf } from "./events.ts";
import { billOfMonth, unpricedParts } from "./model.ts";
import { type Saving, savingsOf } from "./savings.ts";

/** An assumption and what hangs on it. */
export interface AssumptionEffect {
  readonly name: AssumptionName;
  readonly value: number;
  /** US dollars a month more if it were twice as much; within what is allowed. */
  readonly doubledUsd: number;
}

export interface Estimate {
  readonly bill: Bill;
  /** US dollars a month of one place more. */
  readonly nextPlaceUsd: number;
  readonly savings: readonly Saving[];
  readonly assumptions: readonly AssumptionEffect[];
  /** Parts of priced resources that the table has no price for. */
  readonly unpriced: readonly string[];
}

/** The bill of a month and what it depends on. Pure. */
export function estimate(month: MonthOf, options: { readonly freeTier: boolean }): Estimate {
  const bill = billOfMonth(month, options);
  const difference = (changed: MonthOf) => billOfMonth(changed, options).afterFreeUsd - bill.afterFreeUsd;
  const { workload } = month;
  return {
    bill,
    nextPlaceUsd: difference({ ...month, workload: { ...workload, places: workload.places + 1 } }),
    savings: savingsOf(month, options),
    assumptions: ASSUMPTION_NAMES.map((name) => {
      const value = workload.assumptions[name];
      const doubled = Math.min(2 * value, ASSUMPTIONS[name].max);
      const assumptions = { ...workload.assumptions, [name]: doubled };
      return { name, value, doubledUsd: difference({ ...month, workload: { ...workload, assumptions } }) };
    }),
    unpriced: unpricedParts(month),
  };
}
