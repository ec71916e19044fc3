/**
 * Virtual time. Everything in the local run that happens "at" a time is a task on this clock; time jumps from one
 * task to the next (or passes at `speed`), so a week replays in seconds and in the same order run after run.
 */
export interface Clock {
  /** Virtual now. */
  now(): Date;
  /**
   * Runs `task` at `time` (at once if that is past). Tasks due at the same time run in the order of scheduling,
   * one after the other. `background` tasks (a poll that comes round for ever) do not keep the run alive.
   */
  at(time: Date, task: () => Promise<void> | void, options?: { background?: boolean }): Cancel;
}

export type Cancel = () => void;

/**
 * Runs `fire` at `first` and then at each time that `next` gives after the last one, until that is undefined. The runs
 * are background tasks: they do not keep a run alive. The next run is scheduled before the present one takes place.
 *
 * @returns ends the recurrence
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
