import { createHash } from "node:crypto";
import * as z from "zod";
import { dayOfRawKey } from "./keys.ts";

/** `state/etl/TABLE/day=YYYY-MM-DD.json`: from what a day of gold was made. */
export const markerSchema = z.object({
  day: z.iso.date(),
  /** Hexadecimal SHA-256 of the transformation; null while a run replaces the day. */
  transformation: z.string().nullable(),
  /** ETags of the day's raw objects by key. */
  raw: z.record(z.string(), z.string()),
  /** Keys of those that could not be read: gold has no rows of them. */
  skipped: z.array(z.string()),
});
export type Marker = z.infer<typeof markerSchema>;

/** One object as S3 lists it. The ETag changes with the bytes, which a time with a resolution of one second need not. */
export interface ListedObject {
  readonly key: string;
  /** As S3 returns it, quotes included. */
  readonly etag: string;
}

export interface StaleDay {
  readonly day: string;
  /** ETags of all its raw objects by key. */
  readonly objects: Readonly<Record<string, string>>;
  /** SHA-256 of the transformation. */
  readonly transformation: string;
  /** What the day's present gold was made from; undefined for a new day. */
  readonly marker: Marker | undefined;
}

/** Days, both included; an absent end is open. */
export interface DayRange {
  readonly from?: string;
  readonly to?: string;
}

interface PlanInput {
  /** All text that decides how raw becomes gold; when it changes, every day is stale. */
  readonly transformation: string;
  /** Ends in `/`. */
  readonly rawPrefix: string;
  readonly raw: readonly ListedObject[];
  /** By day. */
  readonly markers: ReadonlyMap<string, Marker>;
  /** Consider only these days, and rebuild them whether stale or not. */
  readonly asked?: DayRange;
}

interface Plan {
  readonly stale: readonly StaleDay[];
  /**
   * Days from whose gold a rebuild would remove rows, because some of their raw objects are gone (expired). Their gold
   * stays, also when the day is asked for. To force a rebuild, delete the marker.
   */
  readonly frozen: readonly string[];
  readonly upToDate: readonly string[];
  /** Why each stale or frozen day is not up to date. */
  readonly reasons: Readonly<Record<string, string>>;
  /** Keys below the prefix that belong to no day, and unreadable objects of the days that are not rebuilt. */
  readonly skipped: readonly string[];
}

const RAW_GONE = "raw gone";

/**
 * Decides which days to rebuild, by comparing keys and ETags of the raw objects with each day's marker; it reads no clock.
 * plan_days of gold_plan.py decides the same: test/etl/plan.test.ts compares them.
 */
export function planDays({ transformation, rawPrefix, raw, markers, asked }: PlanInput): Plan {
  const digest = createHash("sha256").update(transformation).digest("hex");
  const { days, skipped } = objectsByDay(rawPrefix, raw);
  const stale: StaleDay[] = [];
  const frozen: string[] = [];
  const upToDate: string[] = [];
  const reasons: Record<string, string> = {};
  for (const [day, objects] of [...days].sort(([a], [b]) => (a < b ? -1 : 1))) {
    if (asked !== undefined && !isWithin(asked, day)) continue;
    const marker = markers.get(day);
    const reason = staleReason(marker, objects, digest) ?? (asked && "asked for");
    if (reason === undefined || reason === RAW_GONE) {
      (reason === undefined ? upToDate : frozen).push(day);
      skipped.push(...knownUnreadable(marker, objects));
    } else stale.push({ day, objects, transformation: digest, marker });
    if (reason !== undefined) reasons[day] = reason;
  }
  return { stale, frozen, upToDate, reasons, skipped };
}

function isWithin({ from, to }: DayRange, day: string): boolean {
  return (from === undefined || from <= day) && (to === undefined || day <= to);
}

function objectsByDay(rawPrefix: string, raw: readonly ListedObject[]) {
  const days = new Map<string, Record<string, string>>();
  const skipped: string[] = [];
  for (const { key, etag } of raw) {
    const day = dayOfRawKey(key.slice(rawPrefix.length));
    if (day === undefined) {
      skipped.push(key);
      continue;
    }
    const objects = days.get(day) ?? {};
    objects[key] = etag;
    days.set(day, objects);
  }
  return { days, skipped };
}

function staleReason(
  marker: Marker | undefined,
  objects: StaleDay["objects"],
  digest: string,
): string | undefined {
  if (marker === undefined) return "new";
  const skipped = new Set(marker.skipped);
  const known = Object.entries(marker.raw);
  if (known.some(([key]) => objects[key] === undefined && !skipped.has(key))) return RAW_GONE;
  if (marker.transformation === null) return "unfinished";
  const isSame =
    known.length === Object.keys(objects).length && known.every(([key, etag]) => objects[key] === etag);
  if (!isSame) return "raw changed";
  return marker.transformation === digest ? undefined : "transformation changed";
}

/** Objects that the marker records as skipped and whose ETag has not changed since. */
export function knownUnreadable(marker: Marker | undefined, objects: StaleDay["objects"]): string[] {
  return marker?.skipped.filter((key) => objects[key] === marker.raw[key]) ?? [];
}

/** Whether gold has rows of an object that was overwritten with something unreadable: a rebuild would lose them. */
export function isBroken({ marker, objects }: StaleDay, unreadable: readonly string[]): boolean {
  if (marker === undefined) return false;
  const { raw, skipped } = marker;
  return unreadable.some((key) => !skipped.includes(key) && ![undefined, objects[key]].includes(raw[key]));
}

/** The marker to write once a day's gold is in place. */
export function markerOf({ day, objects, transformation }: StaleDay, unreadable: readonly string[]): Marker {
  return { day, transformation, raw: objects, skipped: [...unreadable] };
}

/**
 * The marker to write before a day's gold is replaced. It names the raw objects of the old gold and of the new: whichever of
 * both the run leaves, the next run rebuilds the day, or freezes it when one of them is gone. A day without a marker needs
 * none: it is stale anyway.
 */
export function unfinishedMarkerOf(
  { marker, objects }: StaleDay,
  unreadable: readonly string[],
): Marker | undefined {
  if (marker === undefined) return undefined;
  const gone = marker.skipped.filter((key) => objects[key] === undefined);
  const raw = { ...marker.raw, ...objects };
  return { day: marker.day, transformation: null, raw, skipped: [...gone, ...unreadable] };
}
