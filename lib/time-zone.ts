const DAY_MILLIS = 24 * 60 * 60 * 1000;

/** True when the runtime's time-zone database has `timeZone`, an IANA name such as `America/Sao_Paulo`. */
export function isTimeZone(timeZone: string): boolean {
  if (timeZone === "UTC") return true; // most ask for it, and often
  if (/^[+-]/.test(timeZone)) return false; // Intl takes an offset such as -03:00, EventBridge Scheduler takes names only
  try {
    return Boolean(new Intl.DateTimeFormat("en", { timeZone }));
  } catch (error) {
    if (error instanceof RangeError) return false;
    throw error;
  }
}

/**
 * Wall-clock time in `timeZone` at `instant`, as the milliseconds that a UTC clock of the same reading would have.
 *
 * @throws RangeError for an unknown time zone.
 */
export function wallClockMillis(instant: Date, timeZone: string): number {
  if (timeZone === "UTC") return instant.getTime(); // what Intl would say, a hundred times sooner
  const format = new Intl.DateTimeFormat("en-US", {
    timeZone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
    second: "numeric",
  });
  const parts = Object.fromEntries(
    format.formatToParts(instant).map(({ type, value }) => [type, Number(value)]),
  );
  const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
  return Date.UTC(year, month - 1, day, hour, minute, second, instant.getUTCMilliseconds());
}

/**
 * The first instant at which a clock in `timeZone` shows `wallMillis` (as {@link wallClockMillis} counts), or undefined
 * when it never does: the hour that is skipped when daylight saving time begins.
 */
export function instantOfWallClock(wallMillis: number, timeZone: string): Date | undefined {
  // A zone changes its offset at most once within two days, so the offsets a day before and after are all there are.
  const candidates = [wallMillis - DAY_MILLIS, wallMillis + DAY_MILLIS]
    .map((near) => wallMillis - (wallClockMillis(new Date(near), timeZone) - near))
    .filter((millis) => wallClockMillis(new Date(millis), timeZone) === wallMillis);
  return candidates.length === 0 ? undefined : new Date(Math.min(...candidates));
}
