import type { OpenStack, ReadableStore } from "../stack/stack.ts";
import { DISCARDED, parseDiscarded } from "./discarded-event.ts";
import type { Content, Failure } from "./failure.ts";
import {
  ARCHIVE,
  firstAndLast,
  parseRejected,
  REJECTED,
  type RejectedRecord,
  reasonOf,
} from "./rejected-record.ts";

/** An object with what failed; `function` is the name in the program, `record` what the archive rejected. */
export type Entry = Content & {
  readonly key: string;
  readonly function: string;
  readonly record?: RejectedRecord;
};

/** An entry without its event, which may have megabytes. */
export interface Heading extends Pick<Failure, "function" | "cause" | "records" | "sequenceNumber"> {
  readonly key: string;
  /** Undefined when the object does not say, or was not read. */
  readonly first: string | undefined;
  readonly last: string | undefined;
}

/** What one function left for one cause. */
export interface Group extends Pick<Heading, "function" | "cause" | "records" | "first" | "last"> {
  readonly objects: number;
}

export interface Filter {
  readonly function?: string | undefined;
  readonly cause?: string | undefined;
  readonly key?: string | undefined;
}

/** Undefined when the object is gone since it was listed. */
export async function readEntry(
  key: string,
  store: ReadableStore,
  { functionName }: Pick<OpenStack, "functionName">,
): Promise<Entry | undefined> {
  const text = await store.read(key);
  if (text === undefined) return undefined;
  if (isRejected(key)) return { key, function: ARCHIVE, ...parseRejected(key, text) };
  const content = parseDiscarded(key, text);
  return { key, ...content, function: content.failure ? functionName(content.failure.function) : "unknown" };
}

export function isRejected(key: string): boolean {
  return key.startsWith(REJECTED);
}

/** Objects fetched at once: few, because each may have the 6 MB of an event. */
const PARALLEL_READS = 4;

/** In the order of the keys, without the objects that are gone since they were listed. */
async function readEntries<Result>(
  keys: readonly string[],
  store: ReadableStore,
  opened: Pick<OpenStack, "functionName">,
  take: (entry: Entry) => Result,
): Promise<Result[]> {
  const results: Result[] = [];
  for (let from = 0; from < keys.length; from += PARALLEL_READS) {
    const some = keys.slice(from, from + PARALLEL_READS);
    const entries = await Promise.all(some.map((key) => readEntry(key, store, opened)));
    results.push(...entries.flatMap((entry) => (entry === undefined ? [] : take(entry))));
  }
  return results;
}

/**
 * All that failed: first the rejected records, then the discarded events in the order in which they came to the
 * functions. Retried in this order, alerts are decided as they would have been. Of the rejected records, which may be
 * many, only the first and the last of each reason and shard are read.
 */
export async function readHeadings(
  store: ReadableStore,
  opened: Pick<OpenStack, "functionName">,
  filter: Filter = {},
): Promise<Heading[]> {
  const isAsked = (one: Filter) =>
    Object.entries(filter).every(
      ([name, value]) => value === undefined || value === one[name as keyof Filter],
    );
  const rejected = (await store.list(REJECTED)).map(unread).filter(isAsked);
  const sample = await readEntries(firstAndLast(rejected.map(({ key }) => key)), store, opened, heading);
  const read = new Map(sample.map((one) => [one.key, one]));
  const keys = (await store.list(DISCARDED)).filter((key) => filter.key === undefined || filter.key === key);
  const discarded = (await readEntries(keys, store, opened, heading)).filter(isAsked).sort(byTime);
  return [...rejected.map((one) => read.get(one.key) ?? one), ...discarded];
}

/** Of a rejected record, by its key alone. */
function unread(key: string): Heading {
  return {
    key,
    function: ARCHIVE,
    cause: reasonOf(key),
    records: 1,
    first: undefined,
    last: undefined,
    sequenceNumber: "",
  };
}

function heading({ key, function: name, failure, problem }: Entry): Heading {
  if (failure === undefined)
    return { ...unread(key), function: name, cause: isRejected(key) ? reasonOf(key) : problem };
  const { cause, records, first, last, sequenceNumber } = failure;
  return { key, function: name, cause, records, first, last, sequenceNumber };
}

/** What is shown of one object. */
export type Detail = { readonly key: string; readonly function: string } & (
  | { readonly problem: string }
  | (Pick<Failure, "cause" | "records" | "first" | "last"> & { readonly record?: RejectedRecord })
);

export async function readDetails(
  headings: readonly Heading[],
  store: ReadableStore,
  opened: Pick<OpenStack, "functionName">,
): Promise<Detail[]> {
  const keys = headings.map(({ key }) => key);
  return await readEntries(
    keys,
    store,
    opened,
    ({ key, function: name, failure, problem, record }): Detail => {
      if (failure === undefined) return { key, function: name, problem };
      const { cause, records, first, last } = failure;
      return { key, function: name, cause, records, first, last, ...(record && { record }) };
    },
  );
}

/** Sequence numbers are decimal numbers of up to 56 digits. */
function byTime(a: Heading, b: Heading): number {
  return (
    (a.first ?? "").localeCompare(b.first ?? "") ||
    a.sequenceNumber.length - b.sequenceNumber.length ||
    compare(a.sequenceNumber, b.sequenceNumber) ||
    compare(a.key, b.key)
  );
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

/** By function and cause, in the order of their names. */
export function groupsOf(headings: readonly Heading[]): Group[] {
  const groups = Map.groupBy(headings, ({ function: name, cause }) => `${name}\n${cause}`);
  return [...groups.entries()]
    .sort(([a], [b]) => compare(a, b))
    .flatMap(([, members]) => {
      const [one] = members;
      if (one === undefined) return [];
      return {
        function: one.function,
        cause: one.cause,
        objects: members.length,
        records: members.reduce((sum, { records }) => sum + records, 0),
        first: members.flatMap(({ first }) => first ?? []).sort()[0],
        last: members
          .flatMap(({ last }) => last ?? [])
          .sort()
          .at(-1),
      };
    });
}
