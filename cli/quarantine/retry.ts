import { z } from "zod";
import type { ArchiveEvent } from "../../handlers/archive.ts";
import { UserError } from "../../lib/user-error.ts";
import type { Answer, WritableStore } from "../stack/stack.ts";
import { eventOf } from "./record.ts";
import { type Entry, readEntries, reasonOf } from "./summary.ts";

/** The program's archive function, with its role's permissions. */
export type Archive = (event: ArchiveEvent) => Promise<Answer>;

export interface RetryReport {
  /** Keys of the objects that are no longer in quarantine. */
  readonly archived: readonly string[];
  readonly remaining: readonly Remaining[];
}

export interface Remaining {
  readonly key: string;
  /** As the archive function says it now; `failed` when it said nothing of the record. */
  readonly reason: string;
  readonly detail: string;
}

/** What the archive function answers for records from quarantine. */
const answerSchema = z.object({ unfit: z.array(z.object({ reason: z.string(), detail: z.string() })) });

/** Records put through at once: enough to hide the latency of Lambda and S3, few enough for a small machine. */
const PARALLEL_RETRIES = 4;

/**
 * Gives each record to the archive function. What it takes is then removed, in this order: whoever is killed between the
 * two leaves a record in both places, and the next retry writes the same object once more and removes it.
 *
 * @throws {UserError} when the deployed function knows nothing of records from quarantine
 */
export async function retry(
  keys: readonly string[],
  store: WritableStore,
  archive: Archive,
): Promise<RetryReport> {
  const archived: string[] = [];
  const remaining: Remaining[] = [];
  for (let from = 0; from < keys.length; from += PARALLEL_RETRIES) {
    const entries = await readEntries(store, keys.slice(from, from + PARALLEL_RETRIES));
    const problems = await Promise.all(
      entries.map(async (entry) => {
        const problem = await problemOf(entry, archive);
        if (problem === undefined) await store.remove(entry.key);
        return { key: entry.key, problem };
      }),
    );
    for (const { key, problem } of problems) {
      if (problem === undefined) archived.push(key);
      else remaining.push({ key, ...problem });
    }
  }
  return { archived, remaining };
}

/** Why a record is not archived; undefined when it is. */
async function problemOf(
  { key, record, problem }: Entry,
  archive: Archive,
): Promise<Omit<Remaining, "key"> | undefined> {
  if (record === undefined) return { reason: reasonOf(key), detail: problem };
  const { error, payload } = await archive(eventOf(record));
  if (error !== undefined) return { reason: "failed", detail: `the archive function ended with ${error}` };
  const answer = answerSchema.safeParse(payload);
  if (answer.success) return answer.data.unfit[0];
  throw new UserError(
    "the deployed archive function knows nothing of records from quarantine: it is older than this command, run pulumi up",
    { cause: answer.error },
  );
}
