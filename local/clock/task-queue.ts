import type { Cancel } from "./clock.ts";

export interface Task {
  /** Virtual time at which the task is due, in ms since 1970. */
  readonly millis: number;
  readonly task: () => Promise<void> | void;
  readonly background: boolean;
}

/** Tasks by time; those of one time in the order in which they were added. */
export class TaskQueue {
  readonly #tasks: Task[] = [];

  /** Adds a task; the function returned takes it out again, and does nothing once the task has been taken. */
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
