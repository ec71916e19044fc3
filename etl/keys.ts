import * as z from "zod";

/** What follows the prefix in a raw key. Spark hides files whose names begin with `_` or `.`. */
const RAW_KEY = /^year=(\d{4})\/month=(\d{2})\/day=(\d{2})\/hour=(\d{2})\/[^/_.][^/]*\.ndjson\.gz$/;

const HOURS_A_DAY = 24;

/** Day of a raw object, undefined for any other object. `rest` is what follows the prefix; gold_keys.py reads the same. */
export function dayOfRawKey(rest: string): string | undefined {
  const [, year, month, date, hour] = RAW_KEY.exec(rest) ?? [];
  const day = `${year}-${month}-${date}`;
  return isDay(day) && Number(hour) < HOURS_A_DAY ? day : undefined;
}

/** Whether it is a day that exists, `YYYY-MM-DD`, from 0001 on: Python's calendar begins there. */
export function isDay(text: string): boolean {
  return z.iso.date().safeParse(text).success && !text.startsWith("0000");
}
