import type { ReadableStore } from "../stack/stack.ts";
import { type Content, PREFIX, parseContent, partsOfKey } from "./record.ts";

/** What lies in quarantine for one reason. */
export interface ReasonSummary {
  readonly reason: string;
  readonly records: number;
  /** ISO 8601; undefined when the object does not say. */
  readonly firstArrival: string | undefined;
  readonly lastArrival: string | undefined;
}

/** An object in quarantine. */
export type Entry = Content & { readonly key: string };

/** Objects fetched at once: enough to hide the latency. */
const PARALLEL_READS = 16;

/** By reason, in the order of their names. Reads two objects of a reason and shard, not all of them. */
export async function summarize(store: ReadableStore): Promise<ReasonSummary[]> {
  const byReason = Map.groupBy(await store.list(PREFIX), reasonOf);
  return await Promise.all(
    [...byReason].map(async ([reason, keys]) => {
      const entries = await readEntries(store, firstAndLast(keys));
      const arrivals = entries.flatMap(({ record }) => record?.arrivedAt ?? []).sort();
      return { reason, records: keys.length, firstArrival: arrivals[0], lastArrival: arrivals.at(-1) };
    }),
  );
}

/** Keys of a reason, or all of them, in their order. */
export async function keysOf(store: ReadableStore, reason?: string): Promise<string[]> {
  return (await store.list(PREFIX)).filter((key) => reason === undefined || reasonOf(key) === reason);
}

/** As its folder says it, for an object may say nothing. */
export function reasonOf(key: string): string {
  return partsOfKey(key)?.reason ?? "unknown";
}

/** Within a shard, keys are in the order of arrival: by day, then by sequence number. */
function firstAndLast(keys: readonly string[]): string[] {
  const byShard = Map.groupBy(keys, (key) => partsOfKey(key)?.shardId);
  return [...byShard.values()]
    .flatMap(([first, ...others]) => [first, others.at(-1)])
    .filter((key) => key !== undefined);
}

/** What these objects hold. One that is gone since it was listed has been archived meanwhile, and is left out. */
export async function readEntries(store: ReadableStore, keys: readonly string[]): Promise<Entry[]> {
  const entries: Entry[] = [];
  for (let from = 0; from < keys.length; from += PARALLEL_READS) {
    const texts = await Promise.all(
      keys.slice(from, from + PARALLEL_READS).map(async (key) => ({ key, text: await store.read(key) })),
    );
    entries.push(
      ...texts.flatMap(({ key, text }) => (text === undefined ? [] : { key, ...parseContent(text) })),
    );
  }
  return entries;
}
