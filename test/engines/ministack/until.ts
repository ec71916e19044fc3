import { setTimeout as delay } from "node:timers/promises";

/** Waits until `holds`, looking again and again. Throws what was waited for when it does not come about. */
export async function until(
  what: string,
  holds: () => Promise<boolean> | boolean,
  { milliseconds = 20_000 }: { milliseconds?: number } = {},
): Promise<void> {
  const deadline = performance.now() + milliseconds;
  while (!(await holds())) {
    if (performance.now() > deadline) throw new Error(`waited ${milliseconds} ms in vain for ${what}`);
    await delay(10);
  }
}
