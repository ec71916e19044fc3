/** A reading of one figure, and how long it stands for. */
export interface NaiveReading {
  readonly seconds: number;
  readonly value: number | null | undefined;
}

/** One level of a rule, as config has it. */
export interface NaiveLevel {
  readonly threshold: number;
  readonly below: boolean;
  readonly ratio: number;
  readonly forSeconds: number;
  readonly clearAfterSeconds: number;
}

interface Judged {
  readonly isKnown: boolean;
  readonly observedSeconds: number;
  readonly isCrossed: boolean;
  readonly isClear: boolean;
}

/**
 * Whether a level is active after readings, found anew from all of them: since the last time that it had been crossed
 * for long enough, it never was clear for long enough.
 */
export function isActiveNaively(readings: readonly NaiveReading[], level: NaiveLevel): boolean {
  const judged = judgedOf(readings, level);
  const known = judged.filter(({ isKnown }) => isKnown);
  const begun = judged.findLastIndex(
    (reading) =>
      reading.isKnown && runSeconds(known, known.indexOf(reading), "isCrossed") >= level.forSeconds,
  );
  if (begun === -1) return false;
  // A run of crossings passes over what is unknown; a clear run does not.
  return !judged.some(
    (_, index) => index > begun && runSeconds(judged, index, "isClear") >= level.clearAfterSeconds,
  );
}

function judgedOf(readings: readonly NaiveReading[], { threshold, below, ratio }: NaiveLevel): Judged[] {
  const margin = Math.abs(threshold) * (1 - ratio);
  return readings.map(({ seconds, value }, index) => {
    if (value === null || value === undefined) {
      return { isKnown: false, observedSeconds: 0, isCrossed: false, isClear: false };
    }
    const since = readings[index - 1]?.seconds ?? seconds;
    return {
      isKnown: true,
      observedSeconds: Math.min(seconds - since, 3600),
      isCrossed: below ? value < threshold : value >= threshold,
      isClear: below ? value >= threshold + margin : value < threshold - margin,
    };
  });
}

/** Observed seconds of the run of readings that ends at one; -1: it is in none. The first adds nothing. */
function runSeconds(readings: readonly Judged[], end: number, kind: "isCrossed" | "isClear"): number {
  let seconds = 0;
  for (let index = end; index >= 0; index--) {
    if (readings[index]?.[kind] !== true) return index === end ? -1 : seconds - first(readings, index + 1);
    seconds += readings[index]?.observedSeconds ?? 0;
  }
  return seconds - first(readings, 0);
}

function first(readings: readonly Judged[], index: number): number {
  return readings[index]?.observedSeconds ?? 0;
}
