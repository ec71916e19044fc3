/**
 * Virtual time. Everything that happens at a certain time in the local run is a task on this clock. Time jumps from one
 * task to the next (or passes at `speed`), so a week replays in seconds, and in the same order in every run.
 */
export interface Clock {
  /** The current virtual time. */
  now(): Date;
  /**
   * Runs `task` at `time`, or immediately if `time` has passed. Tasks of the same time run one after the other in the
   * order in which they were scheduled. `background` tasks, such as recurring polls, do not keep the run alive.
   */
  at(time: Date, task: () => Promise<void> | void, options?: { background?: boolean }): Cancel;
}

export type Cancel = () => void;

/**
 * Calls `fire` at `first` and then at each time that `next` returns, until it returns undefined. The calls are background
 * tasks, which do not keep the run alive. The next call is scheduled before the current one starts.
 *
 * @returns a function that ends the recurrence
 */
export function recur(
  clock: Clock,
  first: Date | undefined,
  next: (last: Date) => Date | undefined,
  fire: (time: Date) => Promise<void>,
): Cancel {
  let cancel: Cancel = () => {};
  const schedule = (time: Date | undefined): void => {
    if (time === undefined) return;
    cancel = clock.at(
      time,
      async () => {
        schedule(next(time));
        await fire(time);
      },
      { background: true },
    );
  };
  schedule(first);
  return () => cancel();
}
