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

interface Known {
  readonly observedSeconds: number;
  readonly isCrossed: boolean;
  readonly isClear: boolean;
}

/**
 * Whether a level is active after readings, found anew from all of them: since the last time that it had been crossed
 * for long enough, it never was clear for long enough.
 */
export function isActiveNaively(readings: readonly NaiveReading[], level: NaiveLevel): boolean {
  const known = knownOf(readings, level);
  const begins = known.map((_, index) => runSeconds(known, index, "isCrossed") >= level.forSeconds);
  const begun = begins.lastIndexOf(true);
  if (begun === -1) return false;
  return !known.some(
    (_, index) => index > begun && runSeconds(known, index, "isClear") >= level.clearAfterSeconds,
  );
}

function knownOf(readings: readonly NaiveReading[], { threshold, below, ratio }: NaiveLevel): Known[] {
  const margin = Math.abs(threshold) * (1 - ratio);
  return readings.flatMap(({ seconds, value }, index) => {
    if (value === null || value === undefined) return [];
    const since = readings[index - 1]?.seconds ?? seconds;
    return {
      observedSeconds: Math.min(seconds - since, 3600),
      isCrossed: below ? value < threshold : value >= threshold,
      isClear: below ? value >= threshold + margin : value < threshold - margin,
    };
  });
}

/** Observed seconds of the run of known readings that ends at one; -1: it is in none. The first adds nothing. */
function runSeconds(known: readonly Known[], end: number, kind: "isCrossed" | "isClear"): number {
  let seconds = 0;
  for (let index = end; index >= 0; index--) {
    if (known[index]?.[kind] !== true) return index === end ? -1 : seconds - first(known, index + 1);
    seconds += known[index]?.observedSeconds ?? 0;
  }
  return seconds - first(known, 0);
}

function first(known: readonly Known[], index: number): number {
  return known[index]?.observedSeconds ?? 0;
}
