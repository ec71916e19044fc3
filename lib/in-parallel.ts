/**
 * Runs every job, so many at once, and starts none before it is its turn.
 *
 * @returns what the failing ones threw; one that fails stops no other
 */
export async function inParallel(
  jobs: Iterable<() => Promise<unknown>>,
  limit: number,
): Promise<readonly unknown[]> {
  const errors: unknown[] = [];
  const waiting = jobs[Symbol.iterator]();
  async function work(): Promise<void> {
    for (let next = waiting.next(); !next.done; next = waiting.next()) {
      await next.value().catch((error: unknown) => errors.push(error));
    }
  }
  await Promise.all(Array.from({ length: limit }, work));
  return errors;
}
