import * as z from "zod";

/** What a key below a prefix of the lake stands for: a day's raw object, or nothing that is read, and why not. */
export type RawKey = { readonly day: string } | { readonly leftOut: string };

/** What follows the prefix in a raw key. Spark hides files whose names begin with `_` or `.`. */
const RAW_KEY = /^year=(\d{4})\/month=(\d{2})\/day=(\d{2})\/hour=(\d{2})\/[^/_.][^/]*\.ndjson\.gz$/;

const HOURS_A_DAY = 24;

/** Reads what follows the prefix in a key; gold_keys.py reads the same. */
export function readRawKey(rest: string): RawKey {
  const [, year, month, date, hour] = RAW_KEY.exec(rest) ?? [];
  if (hour === undefined) return { leftOut: "not year=/month=/day=/hour=/NAME.ndjson.gz" };
  const day = `${year}-${month}-${date}`;
  if (!isDay(day)) return { leftOut: noSuchDay(day) };
  if (Number(hour) >= HOURS_A_DAY) return { leftOut: `no such hour: ${hour}` };
  return { day };
}

export function noSuchDay(day: string): string {
  return `no such day: ${day}`;
}

/** Whether it is a day that exists, `YYYY-MM-DD`, from 0001 on: Python's calendar begins there. */
export function isDay(text: string): boolean {
  return z.iso.date().safeParse(text).success && !text.startsWith("0000");
}

/** `DAY` of a marker's key, `state/etl/TABLE/day=DAY.json`, whatever stands there; undefined: it has none. */
export function dayOfMarkerKey(key: string): string | undefined {
  return /\/day=([^/]*)\.json$/.exec(key)?.[1];
}
