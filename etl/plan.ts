import { createHash } from "node:crypto";
import * as z from "zod";

/** One object as S3 lists it. The ETag changes with the bytes, which a time of one second's resolution need not. */
export interface ListedObject {
  readonly key: string;
  /** As S3 gives it, quotes included. */
  readonly etag: string;
}

/** `state/etl/observations/day=YYYY-MM-DD.json`: from what a gold day was made. */
export const markerSchema = z.object({
  day: z.iso.date(),
  /** Hexadecimal SHA-256, see {@link fingerprint}. */
  fingerprint: z.string(),
  /** Keys of the raw objects, sorted. */
  raw: z.array(z.string()),
  rows: z.number(),
});
export type Marker = z.infer<typeof markerSchema>;

export interface StaleDay {
  readonly day: string;
  readonly objects: readonly ListedObject[];
  readonly fingerprint: string;
}

export interface PlanInput {
  /** All text that decides how raw becomes gold; when it changes, every day is stale. */
  readonly transformation: string;
  /** Ends in `/`. */
  readonly rawPrefix: string;
  readonly raw: readonly ListedObject[];
  /** By day. */
  readonly markers: ReadonlyMap<string, Marker>;
}

export interface Plan {
  readonly stale: readonly StaleDay[];
  /** Days some of whose raw objects are gone (expired): rebuilding would lose rows, so gold stays. Delete the marker to force it. */
  readonly frozen: readonly string[];
  readonly upToDate: readonly string[];
}

/**
 * SHA-256 over the digest of the transformation and the sorted `key TAB etag` lines of a day's raw objects.
 * `gold.py` computes the same, so either engine recognises the other's work.
 */
export function fingerprint(transformation: string, objects: readonly ListedObject[]): string {
  const hash = createHash("sha256").update(`${sha256(transformation)}\n`);
  for (const { key, etag } of sortedByKey(objects)) hash.update(`${key}\t${etag}\n`);
  return hash.digest("hex");
}

/** Which days to rebuild. Days are those of the raw objects, by the folder of the event time. Nothing here reads a clock. */
export function planDays({ transformation, rawPrefix, raw, markers }: PlanInput): Plan {
  const stale: StaleDay[] = [];
  const frozen: string[] = [];
  const upToDate: string[] = [];
  for (const [day, objects] of [...objectsByDay(rawPrefix, raw)].sort(([a], [b]) => (a < b ? -1 : 1))) {
    const marker = markers.get(day);
    const current = fingerprint(transformation, objects);
    if (marker?.fingerprint === current) upToDate.push(day);
    else if (marker !== undefined && hasLostRaw(marker, objects)) frozen.push(day);
    else stale.push({ day, objects: sortedByKey(objects), fingerprint: current });
  }
  return { stale, frozen, upToDate };
}

/** The marker to write once a day's gold is in place. */
export function markerOf({ day, objects, fingerprint }: StaleDay, rows: number): Marker {
  return { day, fingerprint, raw: objects.map(({ key }) => key), rows };
}

/** What follows the prefix in a raw key; anything else under the prefix is no raw object. */
const RAW_KEY = /^year=(\d{4})\/month=(\d{2})\/day=(\d{2})\/hour=\d{2}\/[^/]+\.ndjson\.gz$/;

function objectsByDay(rawPrefix: string, raw: readonly ListedObject[]): Map<string, ListedObject[]> {
  const days = new Map<string, ListedObject[]>();
  for (const object of raw) {
    const [, year, month, day] = RAW_KEY.exec(object.key.slice(rawPrefix.length)) ?? [];
    if (year === undefined) continue;
    const name = `${year}-${month}-${day}`;
    const members = days.get(name);
    if (members === undefined) days.set(name, [object]);
    else members.push(object);
  }
  return days;
}

function hasLostRaw(marker: Marker, objects: readonly ListedObject[]): boolean {
  const present = new Set(objects.map(({ key }) => key));
  return marker.raw.some((key) => !present.has(key));
}

/** By the bytes of the key, as S3 lists and Python's `encode()` compares; `<` on strings compares UTF-16 units. */
function sortedByKey(objects: readonly ListedObject[]): ListedObject[] {
  return [...objects].sort((a, b) => Buffer.compare(Buffer.from(a.key), Buffer.from(b.key)));
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
