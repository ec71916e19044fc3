import type { Patient } from "./patient.ts";

/**
 * `fail`: something is lost or late already; `warn`: it may be soon; `unknown`: it cannot be said; `n/a`: there is
 * nothing of the kind, as alarms in a local run.
 */
export type Verdict = "ok" | "warn" | "fail" | "unknown" | "n/a";

/** One row of what the doctor says. */
export interface Finding {
  readonly check: string;
  readonly state: Verdict;
  readonly found: string;
  /** What to do, where there is something to do. */
  readonly todo?: string;
}

/** Asks a patient one thing; the answer may have several rows. */
export interface Check {
  /** Of the row that says that it is not known. */
  readonly name: string;
  look(patient: Patient): Promise<readonly Finding[]>;
}
