import type { Cancel, Clock } from "../clock/clock.ts";

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

/** A time as EventBridge writes it: UTC, whole seconds. */
export function eventTime(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}
