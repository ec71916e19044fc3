import { counted } from "../../lib/counted.ts";
import { UserError } from "../../lib/user-error.ts";
import { firstFailure } from "../../local/lambda/mapping/batch-response.ts";
import type { Invoke, Place, WritableStore } from "../stack/stack.ts";
import { type Entry, type Heading, readEntry } from "./entries.ts";

export interface RedriveReport {
  /** Keys of the objects that are gone, in the order of their replay. */
  readonly replayed: readonly string[];
  readonly remaining: readonly Remaining[];
}

export interface Remaining {
  readonly key: string;
  readonly function: string;
  /** Why it stays. */
  readonly problem: string;
}

/**
 * Gives each event to its function again, one after the other, and then removes the object. Whoever is killed between
 * the two finds the object again and replays it once more, which changes nothing: the archive writes the same keys, the
 * alert function finds its observations late, a webhook's receiver knows the id.
 *
 * A batch that the function did only in part stays whole, for the same reason: no object has to be written anew, which
 * could lose records, and the archive names its objects by the batch.
 */
export async function redrive(
  headings: readonly Heading[],
  store: WritableStore,
  invoke: Invoke,
  place: Pick<Place, "functionName">,
): Promise<RedriveReport> {
  const replayed: string[] = [];
  const remaining: Remaining[] = [];
  for (const { key } of headings) {
    const entry = await readEntry(key, store, place);
    if (entry === undefined) continue; // somebody else was faster
    const problem = await problemOf(entry, invoke);
    if (problem === undefined) {
      await store.remove(key);
      replayed.push(key);
    } else remaining.push({ key, function: entry.function, problem });
  }
  return { replayed, remaining };
}

/** Why an event is not through; undefined when it is. */
async function problemOf(
  { function: name, failure, problem }: Entry,
  invoke: Invoke,
): Promise<string | undefined> {
  if (failure === undefined) return problem;
  try {
    const { error, payload } = await invoke(name, failure.event);
    if (error !== undefined) return `ended with ${error}`;
    if (failure.kind === "letter") return undefined;
    const { sequenceNumbers } = failure;
    const done = firstFailure(sequenceNumbers, payload);
    const rest = sequenceNumbers.length - done;
    return rest === 0 ? undefined : `${rest} of ${counted(sequenceNumbers.length, "record")} failed again`;
  } catch (cause) {
    // A function that the stack has no more, or that may not be invoked, is no reason to leave the others.
    if (!(cause instanceof UserError)) throw cause;
    return cause.message;
  }
}
