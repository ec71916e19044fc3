import { UserError } from "../../lib/user-error.ts";
import type { Invoke, OpenStack, WritableStore } from "../stack/stack.ts";
import { type Entry, type Heading, isRejected, readEntry } from "./entries.ts";

export interface RetryReport {
  /** Keys of the objects that were done and removed. */
  readonly done: readonly string[];
  readonly remaining: readonly Remaining[];
}

interface Remaining {
  readonly key: string;
  readonly function: string;
  /** Why it stays. */
  readonly problem: string;
}

/** Rejected records retried at once: enough to hide the latency of Lambda and S3, few enough for a small machine. */
const PARALLEL_RECORDS = 4;

/**
 * Gives each event to its function again, then removes the object: discarded events one after the other, because alerts
 * depend on their order. If it is killed between the two steps, the next retry repeats the event, which changes nothing:
 * the archive writes the same keys, the alert function finds its observations late, a webhook's receiver knows the id.
 *
 * A batch of which the function did only a part stays whole, for the same reason: writing a smaller object could lose
 * records, and the archive names its objects by the batch.
 */
export async function retry(
  headings: readonly Heading[],
  store: WritableStore,
  invoke: Invoke,
  opened: Pick<OpenStack, "functionName">,
): Promise<RetryReport> {
  const done: string[] = [];
  const remaining: Remaining[] = [];
  async function retryOne({ key }: Heading): Promise<Remaining | "done" | "gone"> {
    const entry = await readEntry(key, store, opened);
    if (entry === undefined) return "gone"; // another retry was faster
    const problem = await problemOf(entry, invoke);
    if (problem !== undefined) return { key, function: entry.function, problem };
    await store.remove(key);
    return "done";
  }
  for (let from = 0; from < headings.length; ) {
    const some = headings.slice(from, from + PARALLEL_RECORDS);
    const next = some.every(({ key }) => isRejected(key)) ? some : some.slice(0, 1);
    const results = await Promise.all(next.map(retryOne));
    for (const [index, result] of results.entries()) {
      if (result === "done") done.push(...next.slice(index, index + 1).map(({ key }) => key));
      else if (result !== "gone") remaining.push(result);
    }
    from += next.length;
  }
  return { done, remaining };
}

/** Why an event is not done; undefined when it is. */
async function problemOf(
  { function: name, failure, problem }: Entry,
  invoke: Invoke,
): Promise<string | undefined> {
  if (failure === undefined) return problem;
  try {
    const { error, payload } = await invoke(name, failure.event);
    return error === undefined ? failure.problemIn(payload) : `the function ended with ${error}`;
  } catch (cause) {
    // A function that the stack no longer has, or that may not be invoked, does not keep the others from their retry.
    if (!(cause instanceof UserError)) throw cause;
    return cause.message;
  }
}
