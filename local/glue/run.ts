/** One run of a crawler, a job or a workflow, as it ended or as it stands. */
export interface GlueRun {
  readonly kind: "crawler" | "job" | "workflow";
  readonly name: string;
  readonly id: string;
  state: "RUNNING" | "SUCCEEDED" | "FAILED";
  /** Why it failed. */
  error?: string;
  /** What it wrote: a crawler's log, a job's output. */
  output: string;
  readonly startedAt: Date;
  completedAt?: Date;
  /** Job runs only. */
  readonly arguments?: Readonly<Record<string, string>>;
}
