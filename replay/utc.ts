const FRACTION = /\.\d{3}Z$/;

/**
 * The instant of a UTC calendar time.
 * @param day `YYYY-MM-DD`
 * @param timeOfDay `HH:MM` or `HH:MM:SS`, 00:00 to 23:59:59
 * @returns undefined when the calendar has no such day.
 */
export function utcInstant(day: string, timeOfDay: string): Date | undefined {
  const instant = new Date(`${day}T${timeOfDay}Z`);
  if (Number.isNaN(instant.getTime())) return undefined;
  // Date reads 30 February as 1 March.
  return instant.toISOString().startsWith(day) ? instant : undefined;
}

/** ISO 8601 in UTC to the second, as Tomorrow.io writes it: `2024-04-30T11:00:00Z`. */
export function isoSeconds(time: Date): string {
  return time.toISOString().replace(FRACTION, "Z");
}
