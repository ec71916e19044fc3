import { createHash } from "node:crypto";
import * as z from "zod";
import { readRawKey } from "./keys.ts";

/** One object as S3 lists it. The ETag changes with the bytes, which a time of one second's resolution need not. */
export interface ListedObject {
  readonly key: string;
  /** As S3 gives it, quotes included. */
  readonly etag: string;
}

/** `state/etl/TABLE/day=YYYY-MM-DD.json`: from what a gold day was made. */
export const markerSchema = z.object({
  day: z.iso.date(),
  /** Hexadecimal SHA-256, see {@link fingerprint}. */
  fingerprint: z.string(),
  /** Hexadecimal SHA-256 of the transformation; markers of earlier versions have none. */
  transformation: z.string().default(""),
  /** Keys of the raw objects, sorted. */
  raw: z.array(z.string()),
  /** Of the raw objects, in their order; markers of earlier versions have none. */
  etags: z.array(z.string()).default([]),
  rows: z.number(),
  /** A run has begun to replace this day's gold and has not said that it is done. */
  unfinished: z.literal(true).optional(),
});
export type Marker = z.infer<typeof markerSchema>;

export interface StaleDay {
  readonly day: string;
  readonly objects: readonly ListedObject[];
  readonly fingerprint: string;
  /** SHA-256 of the transformation. */
  readonly transformation: string;
  /** Why, for people; at least one. */
  readonly reasons: readonly string[];
  /** What is known of the gold that the day has now. */
  readonly marker: Marker | undefined;
}

export interface FrozenDay {
  readonly day: string;
  readonly reasons: readonly string[];
}

/** Days, both included; an absent end is open. */
export interface DayRange {
  readonly from?: string;
  readonly to?: string;
}

export interface PlanInput {
  /** All text that decides how raw becomes gold; when it changes, every day is stale. */
  readonly transformation: string;
  /** Ends in `/`. */
  readonly rawPrefix: string;
  readonly raw: readonly ListedObject[];
  /** By day. */
  readonly markers: ReadonlyMap<string, Marker>;
  /** Look at these days only, and rebuild them whether stale or not. */
  readonly asked?: DayRange;
}

export interface Plan {
  readonly stale: readonly StaleDay[];
  /**
   * Days some of whose raw objects are gone (expired): rebuilding would lose rows, so gold stays, also when the day is
   * asked for. Delete the marker to force it.
   */
  readonly frozen: readonly FrozenDay[];
  readonly upToDate: readonly string[];
  /** What lies below the prefix and is no day's, whatever days are asked for. By key. */
  readonly leftOut: readonly LeftOut[];
}

/** An object that is not read, and stays. */
export interface LeftOut {
  readonly key: string;
  readonly reason: string;
}

/**
 * SHA-256 over the digest of the transformation and the sorted `key TAB etag` lines of a day's raw objects.
 * `gold.py` computes the same, so either engine recognises the other's work.
 */
export function fingerprint(transformation: string, objects: readonly ListedObject[]): string {
  return fingerprintOf(sha256(transformation), sortedByKey(objects));
}

/** Which days to rebuild. Days are those of the raw objects, by the folder of the event time. Nothing here reads a clock. */
export function planDays({ transformation, rawPrefix, raw, markers, asked }: PlanInput): Plan {
  const digest = sha256(transformation);
  const stale: StaleDay[] = [];
  const frozen: FrozenDay[] = [];
  const upToDate: string[] = [];
  const { days, leftOut } = objectsByDay(rawPrefix, raw);
  for (const [day, objects] of [...days].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (asked !== undefined && !isWithin(asked, day)) continue;
    const marker = markers.get(day);
    const current = fingerprintOf(digest, objects);
    const isSame = marker?.fingerprint === current && marker.unfinished !== true;
    const gone = marker === undefined ? 0 : countGone(marker, objects);
    if (isSame && asked === undefined) upToDate.push(day);
    else if (marker !== undefined && gone > 0) frozen.push({ day, reasons: frozenReasons(marker, gone) });
    else {
      const reasons = isSame ? ["asked for"] : staleReasons(marker, objects, digest);
      stale.push({ day, objects, fingerprint: current, transformation: digest, reasons, marker });
    }
  }
  return { stale, frozen, upToDate, leftOut };
}

/** The marker to write once a day's gold is in place. */
export function markerOf({ day, objects, fingerprint, transformation }: StaleDay, rows: number): Marker {
  return {
    day,
    fingerprint,
    transformation,
    raw: objects.map(({ key }) => key),
    etags: objects.map(({ etag }) => etag),
    rows,
  };
}

/**
 * The marker to write before a day's gold is touched: whichever gold the day is left with, the next run rebuilds it, even
 * when raw and transformation are by then what they were before. Undefined for a day that has no marker: it is stale anyway.
 */
export function unfinishedMarkerOf({ marker, objects }: StaleDay): Marker | undefined {
  if (marker === undefined) return undefined;
  const etags = new Map(marker.raw.map((key, index) => [key, marker.etags[index] ?? ""]));
  for (const { key, etag } of objects) etags.set(key, etag);
  const union = sortedByKey([...etags].map(([key, etag]) => ({ key, etag })));
  return {
    ...marker,
    raw: union.map(({ key }) => key),
    etags: union.map(({ etag }) => etag),
    unfinished: true,
  };
}

function isWithin({ from, to }: DayRange, day: string): boolean {
  return (from === undefined || from <= day) && (to === undefined || day <= to);
}

function staleReasons(
  marker: Marker | undefined,
  objects: readonly ListedObject[],
  transformation: string,
): string[] {
  if (marker === undefined) return [`new: ${count(objects.length, "raw object")}`];
  const known = new Map(marker.raw.map((key, index) => [key, marker.etags[index]]));
  const added = objects.filter(({ key }) => !known.has(key)).length;
  const changed = objects.filter(({ key, etag }) => ![undefined, etag].includes(known.get(key))).length;
  return [
    ...unfinishedReason(marker),
    ...(added + changed > 0 ? [`raw changed: ${count(added, "object")} new, ${changed} changed`] : []),
    ...(marker.transformation === transformation ? [] : ["transformation changed"]),
  ];
}

function frozenReasons(marker: Marker, gone: number): string[] {
  return [`${gone} of ${count(marker.raw.length, "raw object")} gone`, ...unfinishedReason(marker)];
}

function unfinishedReason({ unfinished }: Marker): string[] {
  return unfinished === true ? ["unfinished: an earlier run ended while it replaced the day"] : [];
}

function count(number: number, noun: string): string {
  return `${number} ${noun}${number === 1 ? "" : "s"}`;
}

function objectsByDay(rawPrefix: string, raw: readonly ListedObject[]) {
  const days = new Map<string, ListedObject[]>();
  const leftOut: LeftOut[] = [];
  for (const object of sortedByKey(raw)) {
    const read = readRawKey(object.key.slice(rawPrefix.length));
    if ("leftOut" in read) {
      leftOut.push({ key: object.key, reason: read.leftOut });
      continue;
    }
    const members = days.get(read.day);
    if (members === undefined) days.set(read.day, [object]);
    else members.push(object);
  }
  return { days, leftOut };
}

function countGone(marker: Marker, objects: readonly ListedObject[]): number {
  const present = new Set(objects.map(({ key }) => key));
  return marker.raw.filter((key) => !present.has(key)).length;
}

function fingerprintOf(transformation: string, sorted: readonly ListedObject[]): string {
  const hash = createHash("sha256").update(`${transformation}\n`);
  for (const { key, etag } of sorted) hash.update(`${key}\t${etag}\n`);
  return hash.digest("hex");
}

/** By the bytes of the key, as S3 lists and Python's `encode()` compares; `<` on strings compares UTF-16 units. */
export function sortedByKey<Keyed extends { readonly key: string }>(objects: readonly Keyed[]): Keyed[] {
  return [...objects].sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
