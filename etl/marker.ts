import * as z from "zod";
import { type ListedObject, type StaleDay, sortedByKey } from "./plan.ts";

/** `state/etl/TABLE/day=YYYY-MM-DD.json`: from what a gold day was made. */
export const markerSchema = z.object({
  day: z.iso.date(),
  /** Hexadecimal SHA-256, see `fingerprint` of plan.ts. */
  fingerprint: z.string(),
  /** Hexadecimal SHA-256 of the transformation; markers of earlier versions have none. */
  transformation: z.string().default(""),
  /** Keys of the raw objects, sorted. */
  raw: z.array(z.string()),
  /** Of the raw objects, in their order; markers of earlier versions have none. */
  etags: z.array(z.string()).default([]),
  rows: z.number(),
  /** Of the raw objects, those that gold has nothing of, and why not; absent: of all of them it has. */
  leftOut: z.record(z.string(), z.string()).optional(),
  /** A run has begun to replace this day's gold and has not said that it is done. */
  unfinished: z.literal(true).optional(),
});
export type Marker = z.infer<typeof markerSchema>;

/** An object that is not read, and stays. */
export interface LeftOut {
  readonly key: string;
  readonly reason: string;
}

/** The marker to write once a day's gold is in place, which has nothing of the objects of `flaws`. */
export function markerOf(
  { day, objects, fingerprint, transformation }: StaleDay,
  rows: number,
  flaws: readonly LeftOut[] = [],
): Marker {
  return {
    day,
    fingerprint,
    transformation,
    raw: objects.map(({ key }) => key),
    etags: objects.map(({ etag }) => etag),
    rows,
    ...leftOutOf(flaws),
  };
}

/**
 * The marker to write before a day's gold is touched: whichever gold the day is left with, the next run rebuilds it, even
 * when raw and transformation are by then what they were before. Undefined for a day that has no marker: it is stale anyway.
 */
export function unfinishedMarkerOf(
  { marker, objects }: StaleDay,
  flaws: readonly LeftOut[] = [],
): Marker | undefined {
  if (marker === undefined) return undefined;
  const { leftOut = {}, ...known } = marker;
  const etags = etagsOf(marker);
  for (const { key, etag } of objects) etags.set(key, etag);
  const union = sortedByKey([...etags].map(([key, etag = ""]) => ({ key, etag })));
  const present = new Set(objects.map(({ key }) => key));
  const gone = Object.entries(leftOut).filter(([key]) => !present.has(key));
  return {
    ...known,
    raw: union.map(({ key }) => key),
    etags: union.map(({ etag }) => etag),
    ...leftOutOf([...gone.map(([key, reason]) => ({ key, reason })), ...flaws]),
    unfinished: true,
  };
}

function leftOutOf(flaws: readonly LeftOut[]): Pick<Marker, "leftOut"> {
  if (flaws.length === 0) return {};
  return { leftOut: Object.fromEntries(flaws.map(({ key, reason }) => [key, reason])) };
}

/** What gold has nothing of as the day's marker says it, as far as it is still there with the same bytes. */
export function knownFlaws(marker: Marker | undefined, objects: readonly ListedObject[]): LeftOut[] {
  if (marker?.leftOut === undefined) return [];
  const { leftOut } = marker;
  const etags = etagsOf(marker);
  return objects.flatMap(({ key, etag }) => {
    const reason = leftOut[key];
    return reason === undefined || etags.get(key) !== etag ? [] : [{ key, reason }];
  });
}

/** ETags by key; undefined in markers of earlier versions. */
export function etagsOf({ raw, etags }: Marker): Map<string, string | undefined> {
  return new Map(raw.map((key, index) => [key, etags[index]]));
}
