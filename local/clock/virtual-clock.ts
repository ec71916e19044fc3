import { setTimeout as sleep } from "node:timers/promises";
import type { Cancel, Clock } from "./clock.ts";

interface RunOptions {
  /** Last time of background tasks. By default they run until `signal` aborts or no task remains. */
  readonly until?: Date;
  /** `max` makes time jump from task to task; a number is the virtual seconds per real second. */
  readonly speed: "max" | number;
  /** Ends the run early, as if `until` were now. Foreground tasks still finish, at speed `max`. */
  readonly signal?: AbortSignal;
}

export interface VirtualClock extends Clock {
  /**
   * Runs the tasks in chronological order, each awaited before the next. After `until` (or an abort) only foreground tasks
   * and the tasks that they schedule run, until no task remains: open batches are flushed and retries finish.
   * Rejects with the error of the first task that fails; later tasks stay scheduled.
   *
   * @throws RangeError for a speed of 0 or less, an `until` in the past, or when the clock is already running.
   */
  run(options: RunOptions): Promise<void>;
}

/** A clock that shows `start` until it is run. */
export function createVirtualClock(options: { start: Date }): VirtualClock {
  return new TaskClock(options.start);
}

/** Virtual time tied to real time while the clock runs at a finite speed. */
interface Pace {
  readonly speed: number;
  readonly virtualMillis: number;
  readonly realMillis: number;
}

class TaskClock implements VirtualClock {
  readonly #queue = new TaskQueue();
  #millis: number;
  #pace: Pace | undefined;
  #running = false;
  #inTask = false;
  #wake: AbortController | undefined;

  constructor(start: Date) {
    this.#millis = start.getTime();
  }

  now(): Date {
    return new Date(this.#nowMillis());
  }

  at(time: Date, task: () => Promise<void> | void, options: { background?: boolean } = {}): Cancel {
    const due = Math.max(time.getTime(), this.#millis);
    if (Number.isNaN(due)) throw new RangeError("time: invalid date; a task needs a valid time");
    const cancel = this.#queue.add({ millis: due, task, background: options.background ?? false });
    this.#wake?.abort();
    return cancel;
  }

  async run(options: RunOptions): Promise<void> {
    this.#checkOptions(options);
    this.#running = true;
    try {
      await this.#runUntil(options);
      await this.#drain(options);
    } finally {
      this.#millis = this.#nowMillis();
      this.#pace = undefined;
      this.#running = false;
    }
  }

  #checkOptions({ speed, until }: RunOptions): void {
    if (this.#running)
      throw new RangeError("run: the clock is already running; one run at a time is allowed");
    if (speed !== "max" && !(speed > 0 && Number.isFinite(speed)))
      throw new RangeError(`speed: ${speed}; allowed is "max" or a finite number above 0`);
    if (until !== undefined && !(until.getTime() >= this.#millis))
      throw new RangeError(
        `until: ${until}; it must not lie before the clock's time, ${this.now().toISOString()}`,
      );
  }

  /** Runs all tasks up to the end of the run. */
  async #runUntil({ until, speed, signal }: RunOptions): Promise<void> {
    this.#setPace(speed);
    const end = until?.getTime() ?? Number.POSITIVE_INFINITY;
    while (!signal?.aborted) {
      const next = this.#queue.peek();
      const target = next !== undefined && next.millis <= end ? next.millis : end;
      if (target === Number.POSITIVE_INFINITY) return;
      if (!(await this.#passTo(target, signal))) continue;
      if (next === undefined || next.millis > end) return;
      await this.#runTask(this.#queue.takeFirst());
    }
  }

  /** Runs the remaining foreground tasks. */
  async #drain({ speed, signal }: RunOptions): Promise<void> {
    this.#setPace(signal?.aborted ? "max" : speed);
    for (let next = this.#queue.peekForeground(); next; next = this.#queue.peekForeground()) {
      if (signal?.aborted && this.#pace) this.#setPace("max");
      if (!(await this.#passTo(next.millis, signal))) continue;
      await this.#runTask(this.#queue.takeForeground());
    }
  }

  async #runTask(entry: { millis: number; task: () => Promise<void> | void } | undefined): Promise<void> {
    if (entry === undefined) return;
    this.#millis = Math.max(this.#millis, entry.millis);
    this.#inTask = true;
    try {
      await entry.task();
    } finally {
      this.#inTask = false;
    }
  }

  /** Waits until `millis`; returns false when an abort or a newly scheduled task interrupts the wait. */
  async #passTo(millis: number, signal: AbortSignal | undefined): Promise<boolean> {
    const pace = this.#pace;
    if (pace !== undefined) {
      const waitMillis = (millis - this.#nowMillis()) / pace.speed;
      if (waitMillis > 0) return await this.#wait(waitMillis, signal);
    }
    this.#millis = Math.max(this.#millis, millis);
    return true;
  }

  async #wait(realMillis: number, signal: AbortSignal | undefined): Promise<boolean> {
    const wake = new AbortController();
    this.#wake = wake;
    const signals = signal ? [wake.signal, signal] : [wake.signal];
    const woken = AbortSignal.any(signals);
    try {
      await sleep(Math.min(realMillis, LONGEST_TIMER_MILLIS), undefined, { signal: woken });
      return realMillis <= LONGEST_TIMER_MILLIS;
    } catch (error) {
      if (woken.aborted) return false;
      throw error;
    } finally {
      this.#wake = undefined;
    }
  }

  #setPace(speed: "max" | number): void {
    this.#millis = this.#nowMillis();
    this.#pace =
      speed === "max" ? undefined : { speed, virtualMillis: this.#millis, realMillis: performance.now() };
  }

  /** Time stops while a task runs and never passes the next task, however slow the tasks and high the speed. */
  #nowMillis(): number {
    if (this.#pace === undefined || this.#inTask) return this.#millis;
    const passed = (performance.now() - this.#pace.realMillis) * this.#pace.speed;
    const due = this.#queue.peek()?.millis ?? Number.POSITIVE_INFINITY;
    return Math.max(this.#millis, Math.min(Math.floor(this.#pace.virtualMillis + passed), due));
  }
}

/** Node fires a timer of more than 2^31 - 1 ms at once: https://nodejs.org/api/timers.html#settimeoutcallback-delay-args */
const LONGEST_TIMER_MILLIS = 2 ** 31 - 1;

interface Task {
  /** Virtual time at which the task is due, in ms since 1970. */
  readonly millis: number;
  readonly task: () => Promise<void> | void;
  readonly background: boolean;
}

/** Tasks sorted by time; tasks of the same time keep the order in which they were added. */
class TaskQueue {
  readonly #tasks: Task[] = [];

  /** Adds a task. The returned function removes it, and has no effect once the task has been taken. */
  add(task: Task): Cancel {
    let low = 0;
    let high = this.#tasks.length;
    while (low < high) {
      const middle = (low + high) >>> 1;
      const other = this.#tasks[middle];
      if (other !== undefined && other.millis <= task.millis) low = middle + 1;
      else high = middle;
    }
    this.#tasks.splice(low, 0, task);
    return () => {
      const index = this.#tasks.indexOf(task);
      if (index >= 0) this.#tasks.splice(index, 1);
    };
  }

  peek(): Task | undefined {
    return this.#tasks[0];
  }

  peekForeground(): Task | undefined {
    return this.#tasks.find((task) => !task.background);
  }

  takeFirst(): Task | undefined {
    return this.#tasks.shift();
  }

  takeForeground(): Task | undefined {
    const index = this.#tasks.findIndex((task) => !task.background);
    return index < 0 ? undefined : this.#tasks.splice(index, 1)[0];
  }
}
