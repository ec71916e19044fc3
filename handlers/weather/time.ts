/** ISO 8601 in UTC without milliseconds when they are zero: `2024-04-30T11:00:00Z`. */
export function formatUtc(time: Date): string {
  const year = time.getUTCFullYear();
  // By hand in a third of the time: every observation is told when it was.
  if (time.getTime() % 1000 !== 0 || year < 1000 || year > 9999)
    return time.toISOString().replace(".000Z", "Z");
  const date = `${year}-${two(time.getUTCMonth() + 1)}-${two(time.getUTCDate())}`;
  return `${date}T${two(time.getUTCHours())}:${two(time.getUTCMinutes())}:${two(time.getUTCSeconds())}Z`;
}

const TWO_DIGITS = Array.from({ length: 60 }, (_, number) => String(number).padStart(2, "0"));

function two(number: number): string {
  return TWO_DIGITS[number] ?? String(number);
}

/** Longest time one observation stands for: what lies further back is unobserved. INMET and SYNOP report hourly. */
export const MAX_OBSERVED_SECONDS = 3600;

const SECONDS_PER_UNIT: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3600, d: 86_400 };

export const DURATION_PATTERN = /^(\d{1,6})(s|m|h|d)$/;

/** Thrown when a duration is not a whole number followed by s, m, h or d. */
export class DurationError extends Error {
  override readonly name = "DurationError";
}

/** Seconds of a duration such as `10m`, `3h` or `0m`. Throws {@link DurationError}. */
export function durationSeconds(duration: string): number {
  const [, amount, unit] = DURATION_PATTERN.exec(duration) ?? [];
  const secondsPerUnit = SECONDS_PER_UNIT[unit ?? ""];
  if (amount === undefined || secondsPerUnit === undefined) {
    throw new DurationError(
      `"${duration}" is not a duration; allowed: a whole number and s, m, h or d, e.g. "3h"`,
    );
  }
  return Number(amount) * secondsPerUnit;
}
