/** Runs a task when one of the slots is free; tasks wait in order. */
export type Limiter = <Result>(task: () => Promise<Result>) => Promise<Result>;

/** Lets `slots` tasks run at a time. */
export function createLimiter(slots: number): Limiter {
  let free = slots;
  const waiting: (() => void)[] = [];

  const acquire = async (): Promise<void> => {
    if (free > 0) free -= 1;
    else await new Promise<void>((resolve) => waiting.push(resolve));
  };
  const release = (): void => {
    const next = waiting.shift();
    if (next === undefined) free += 1;
    else next(); // Handed on, so that nobody slips in between.
  };

  return async (task) => {
    await acquire();
    try {
      return await task();
    } finally {
      release();
    }
  };
}
