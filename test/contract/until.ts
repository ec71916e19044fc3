import { setTimeout as delay } from "node:timers/promises";

/** Looks again and again, in real time. @returns whether it held within `seconds` */
export async function holdsWithin(
  seconds: number,
  { lookSeconds }: { readonly lookSeconds: number },
  holds: () => Promise<boolean>,
): Promise<boolean> {
  const end = performance.now() + seconds * 1000;
  for (;;) {
    if (await holds()) return true;
    const left = end - performance.now();
    if (left <= 0) return false;
    await delay(Math.min(left, lookSeconds * 1000));
  }
}
