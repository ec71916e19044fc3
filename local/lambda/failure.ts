/** Something of the run that did not work out in the end. A retry that succeeds is none. */
export interface Failure {
  /** Virtual time. */
  readonly time: Date;
  /**
   * `invocation`: an asynchronous invocation that failed after its retries. `batch`: records given up by an event-source
   * mapping. `refused`: an invocation that a permission does not allow. `logs`: log lines a role may not write.
   */
  readonly kind: "invocation" | "batch" | "refused" | "logs";
  /** What it came from: a rule, a schedule, an event-source mapping or a function, by ARN or name. */
  readonly source: string;
  readonly functionName: string;
  readonly message: string;
  /** Records or events concerned; 0 for log lines. */
  readonly count: number;
  /** False when a dead-letter queue or an on-failure destination holds what failed. */
  readonly lost: boolean;
}

export type OnFailure = (failure: Failure) => void;
