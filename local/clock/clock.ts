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
