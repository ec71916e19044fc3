import type { ExaminedStack } from "./examined-stack.ts";

/**
 * `fail`: something is lost or late; `warn`: it may be soon; `unknown`: it could not be checked; `n/a`: it does not
 * exist here, such as alarms in a local run.
 */
export type Verdict = "ok" | "warn" | "fail" | "unknown" | "n/a";

/** One row of the doctor's report. */
export interface Finding {
  readonly check: string;
  readonly state: Verdict;
  readonly found: string;
  /** What to do, if action is needed. */
  readonly todo?: string;
}

/** Checks one aspect of a stack; the result may have several rows. */
export interface Check {
  /** Name of its row when it could not be checked. */
  readonly name: string;
  look(stack: ExaminedStack): Promise<readonly Finding[]>;
}
