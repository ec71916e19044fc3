import type { Place, ReadableStore } from "../stack/stack.ts";
import { type Content, PREFIX, parseContent } from "./failure.ts";

/** An object below the prefix; `function` is the name in the program. */
export type Entry = Content & { readonly key: string; readonly function: string };

/** What one function left for one cause. */
export interface Group {
  readonly function: string;
  readonly cause: string;
  readonly objects: number;
  /** Records of the stream; an event of another kind counts as one. */
  readonly records: number;
  /** Of the oldest and the newest, ISO 8601: arrival of a record, end of the attempts of another event. */
  readonly first: string | undefined;
  readonly last: string | undefined;
}

/** An entry without its event, which may have megabytes. */
export interface Heading {
  readonly key: string;
  readonly function: string;
  readonly cause: string;
  readonly records: number;
  readonly first: string | undefined;
  readonly last: string | undefined;
  /** What keeps a shard's batches in their order. */
  readonly sequenceNumber: string;
}

/** Of no known function, for an object that does not say whose it is. */
export const UNKNOWN = "unknown";

/** Undefined when the object is gone since it was listed. */
export async function readEntry(
  key: string,
  store: ReadableStore,
  { functionName }: Pick<Place, "functionName">,
): Promise<Entry | undefined> {
  const text = await store.read(key);
  if (text === undefined) return undefined;
  const content = parseContent(key, text);
  return { key, ...content, function: content.failure ? functionName(content.failure.deployed) : UNKNOWN };
}

/** Objects fetched at once: few, for each may have the 6 MB of an event. */
const PARALLEL_READS = 4;

/**
 * All that Lambda gave up, in the order in which it came to the functions: replayed so, alerts are decided as they would
 * have been.
 */
export async function readHeadings(
  store: ReadableStore,
  place: Pick<Place, "functionName">,
  only?: string,
): Promise<Heading[]> {
  const keys = await store.list(PREFIX);
  const headings: Heading[] = [];
  for (let from = 0; from < keys.length; from += PARALLEL_READS) {
    const some = keys.slice(from, from + PARALLEL_READS);
    const entries = await Promise.all(some.map((key) => readEntry(key, store, place)));
    headings.push(...entries.flatMap((entry) => (entry === undefined ? [] : heading(entry))));
  }
  return headings.filter(({ function: name }) => only === undefined || name === only).sort(byTime);
}

function heading({ key, function: name, failure, problem }: Entry): Heading {
  if (failure === undefined) {
    const nothing = { first: undefined, last: undefined, sequenceNumber: "" };
    return { key, function: name, cause: problem, records: 1, ...nothing };
  }
  const numbers = failure.kind === "batch" ? failure.sequenceNumbers : [];
  return {
    key,
    function: name,
    cause: failure.cause,
    records: Math.max(1, numbers.length),
    first: failure.firstTime,
    last: failure.lastTime,
    sequenceNumber: numbers[0] ?? "",
  };
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
