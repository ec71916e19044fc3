import { createHash } from "node:crypto";
import { readRawKey } from "./keys.ts";
import { knownFlaws, type LeftOut, type Marker } from "./marker.ts";
import { frozenReasons, staleReasons } from "./reasons.ts";

/** One object as S3 lists it. The ETag changes with the bytes, which a time of one second's resolution need not. */
export interface ListedObject {
  readonly key: string;
  /** As S3 gives it, quotes included. */
  readonly etag: string;
}

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
   * Days some of whose raw objects are gone (expired), of those that gold has: rebuilding would lose rows, so gold stays,
   * also when the day is asked for. Delete the marker to force it.
   */
  readonly frozen: readonly FrozenDay[];
  readonly upToDate: readonly string[];
  /** By key: what lies below the prefix and is no day's, whatever days are asked for, and what days left out that stay. */
  readonly leftOut: readonly LeftOut[];
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
    const isFrozen = marker !== undefined && gone > 0;
    if ((isSame && asked === undefined) || isFrozen) leftOut.push(...knownFlaws(marker, objects));
    if (isSame && asked === undefined) upToDate.push(day);
    else if (isFrozen) frozen.push({ day, reasons: frozenReasons(marker, gone) });
    else {
      const reasons = isSame ? ["asked for"] : staleReasons(marker, objects, digest);
      stale.push({ day, objects, fingerprint: current, transformation: digest, reasons, marker });
    }
  }
  return { stale, frozen, upToDate, leftOut: sortedByKey(leftOut) };
}

function isWithin({ from, to }: DayRange, day: string): boolean {
  return (from === undefined || from <= day) && (to === undefined || day <= to);
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
  return marker.raw.filter((key) => !present.has(key) && marker.leftOut?.[key] === undefined).length;
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
