import { isValid } from "date-fns/isValid";
import { parseISO } from "date-fns/parseISO";
import { LEVEL_RANKS, type Rank, RuleError } from "./rules.ts";

/** Hours, `HH:MM` local to the place, in which only red is told. They may span midnight. */
export interface QuietHours {
  readonly from: string;
  readonly to: string;
}

/** A span, from one ISO 8601 instant until another, in which nobody is told of some hazards, not even of red. */
export interface Silence {
  /** Ids of places; absent: all. */
  readonly locations?: readonly string[] | undefined;
  /** Absent: all. */
  readonly hazards?: readonly string[] | undefined;
  readonly from: string;
  readonly until: string;
  readonly reason: string;
}

/** Those of all silences that hold at a place. */
export function silencesForLocation(
  locationId: string,
  silences: Readonly<Record<string, Silence>>,
): readonly Silence[] {
  return Object.values(silences).filter(({ locations }) => locations?.includes(locationId) ?? true);
}

/** Says whether people may be told now. Times are seconds since the epoch, of observation. */
export interface Muter {
  /** Whether a silence holds everything of a hazard. */
  isSilenced(hazard: string, seconds: number): boolean;
  /** Whether a telling of a rank is held: by a silence, or below red by the quiet hours. */
  mutes(rank: Rank, hazard: string, seconds: number): boolean;
}

/** Throws {@link RuleError} for a time that is none, or a span that is empty. */
export function createMuter(
  timeZone: string,
  quietHours: QuietHours | undefined,
  silences: readonly Silence[],
): Muter {
  const isQuiet = quietHours === undefined ? () => false : createQuietHours(quietHours, timeZone);
  const spans = silences.map(toSpan);
  const isSilenced = (hazard: string, seconds: number) =>
    spans.some(
      ({ from, until, hazards }) =>
        from <= seconds && seconds < until && (hazards === undefined || hazards.includes(hazard)),
    );
  return {
    isSilenced,
    mutes: (rank, hazard, seconds) =>
      isSilenced(hazard, seconds) || (rank < LEVEL_RANKS.red && isQuiet(seconds)),
  };
}

interface Span {
  readonly from: number;
  readonly until: number;
  readonly hazards: readonly string[] | undefined;
}

function toSpan({ from, until, hazards, reason }: Silence): Span {
  const span = { from: instant(from, reason), until: instant(until, reason), hazards };
  if (span.from < span.until) return span;
  throw new RuleError(`silence "${reason}": until ${until} must be after from ${from}`);
}

function instant(text: string, reason: string): number {
  const time = parseISO(text);
  if (isValid(time)) return time.getTime() / 1000;
  throw new RuleError(`silence "${reason}": "${text}" is no time; allowed is ISO 8601 with its offset`);
}

/**
 * Whether the clock on a place's wall is between `from` and `to`. Where the clock skips an hour, quiet hours that end
 * in it end at once; where an hour comes twice, both count.
 */
function createQuietHours({ from, to }: QuietHours, timeZone: string): (seconds: number) => boolean {
  const [start, end] = [minuteOf(from), minuteOf(to)];
  if (start === end)
    throw new RuleError(`quietHours: from and to are both ${from}; allowed is a part of the day`);
  const wall = wallClock(timeZone);
  return (seconds) => {
    const minute = wall(seconds);
    return start < end ? start <= minute && minute < end : minute >= start || minute < end;
  };
}

const CLOCK_TIME = /^([01]\d|2[0-3]):([0-5]\d)$/;

function minuteOf(clock: string): number {
  const [, hours, minutes] = CLOCK_TIME.exec(clock) ?? [];
  if (hours === undefined || minutes === undefined)
    throw new RuleError(`quietHours: "${clock}" is no time of day; allowed is HH:MM, e.g. "22:00"`);
  return Number(hours) * 60 + Number(minutes);
}

/** Minute of the local day. */
function wallClock(timeZone: string): (seconds: number) => number {
  const format = clockFormat(timeZone);
  return (seconds) => {
    const parts = format.formatToParts(seconds * 1000);
    const part = (type: "hour" | "minute") =>
      Number(parts.find((candidate) => candidate.type === type)?.value);
    return part("hour") * 60 + part("minute");
  };
}

function clockFormat(timeZone: string): Intl.DateTimeFormat {
  try {
    return new Intl.DateTimeFormat("en", { timeZone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
  } catch (cause) {
    if (!(cause instanceof RangeError)) throw cause;
    throw new RuleError(`timeZone "${timeZone}" is not known; allowed is an IANA time zone`, { cause });
  }
}
