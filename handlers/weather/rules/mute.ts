import { isValid } from "date-fns/isValid";
import { parseISO } from "date-fns/parseISO";
import { LEVEL_RANKS, type Rank, RuleError } from "./rules.ts";

/** Hours, `HH:MM` in the location's time zone, in which only red alerts notify. They may span midnight. */
export interface QuietHours {
  readonly from: string;
  readonly to: string;
}

/** A span between two ISO 8601 instants in which alerts of some hazards are muted, red ones included. */
export interface Silence {
  /** Location ids. Defaults to all locations. */
  readonly locations?: readonly string[] | undefined;
  /** Defaults to all hazards. */
  readonly hazards?: readonly string[] | undefined;
  readonly from: string;
  readonly until: string;
  readonly reason: string;
}

/** The silences that apply to a location. */
export function silencesForLocation(
  locationId: string,
  silences: Readonly<Record<string, Silence>>,
): readonly Silence[] {
  return Object.values(silences).filter(({ locations }) => locations?.includes(locationId) ?? true);
}

/** Mutes notifications during silences and quiet hours. Times are observation times, in seconds since the epoch. */
export interface Muter {
  /** Whether a silence mutes the hazard. */
  isSilenced(hazard: string, seconds: number): boolean;
  /** Whether notifications of a rank are muted, by a silence or, below red, by the quiet hours. */
  mutes(rank: Rank, hazard: string, seconds: number): boolean;
}

/** Throws {@link RuleError} for an invalid time or an empty span. */
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
  throw new RuleError(`silence "${reason}": "${text}" is not a time; allowed is ISO 8601 with its offset`);
}

/**
 * Whether local time is between `from` and `to`. Quiet hours that end within an hour that daylight saving time skips end
 * when it is skipped; an hour that occurs twice counts twice.
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
    throw new RuleError(`quietHours: "${clock}" is not a time of day; allowed is HH:MM, e.g. "22:00"`);
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
