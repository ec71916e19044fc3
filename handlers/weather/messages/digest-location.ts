import type { AlertState, HazardState } from "../alerts/state.ts";
import type { Transition } from "../alerts/transition.ts";
import type { HazardWatch } from "../alerts/watching.ts";
import type { Field } from "../observation/fields.ts";
import type { Location } from "../observation/location.ts";
import { type Level, levelOfRank, type Rank } from "../rules/rules.ts";
import { formatField, formatFullTime, formatLimit, formatReading, formatTime } from "./format.ts";
import { hazardName } from "./hazard.ts";
import { dayValue, dayValueInShort, lastDay } from "./last-day.ts";
import type { DigestField, Words } from "./words.ts";

/** A location and its state. Without a state there has been no observation yet. */
export interface LocationReport {
  readonly location: Location;
  readonly state?: AlertState;
  /** How well each of its hazards is watched. */
  readonly watches: readonly HazardWatch[];
  /** Since when its station has been silent, ISO 8601. Absent while it reports. */
  readonly silentSince?: string;
  /** Fields whose history keeps the lowest value of each hour, because all their rules have `below`. */
  readonly minima?: readonly string[];
}

interface ActiveAlert {
  readonly hazard: string;
  readonly level: Level;
  readonly rank: Rank;
  /** When the alert began. */
  readonly since: Date;
  /** When it reached its level. */
  readonly levelSince: Date;
}

/** Active alerts, the worst first. */
export function activeAlerts({ state }: LocationReport): ActiveAlert[] {
  return Object.entries(state?.hazards ?? {})
    .flatMap(([hazard, state]) => activeAlert(hazard, state))
    .toSorted((a, b) => b.rank - a.rank);
}

function activeAlert(hazard: string, { rank, since, reached }: HazardState): ActiveAlert[] {
  if (rank === 0) return [];
  const level = levelOfRank(rank);
  return [{ hazard, level, rank, since: new Date(since), levelSince: new Date(reached[level] ?? since) }];
}

function sinceText({ since, levelSince }: ActiveAlert, local: (time: Date) => string, words: Words): string {
  return since.getTime() === levelSince.getTime()
    ? words.digest.since(local(since))
    : words.digest.levelSince(local(levelSince), local(since));
}

const DAY_MILLIS = 24 * 3_600_000;

/** Digest-only events of the 24 hours before `until`. */
export function eventsOfDay({ state }: LocationReport, until: Date): readonly Transition[] {
  return (state?.events ?? []).filter(({ time }) => {
    const age = until.getTime() - new Date(time).getTime();
    return age >= 0 && age < DAY_MILLIS;
  });
}

function levelAndHazard(level: Level, hazard: string, words: Words): string {
  return `${words.levels[level].toUpperCase()} ${hazardName({ hazard }, words)}`;
}

/** A location as part of a line, in variants from the shortest to the most detailed. */
export function reportInShort(report: LocationReport, until: Date, words: Words): [string, ...string[]] {
  const { location, state, minima } = report;
  const full = `${location.name} ${status(report, until, words, { full: true })}`;
  const values = lastDay(state?.history ?? {}, endOfDay(report, until), minima).map((value) =>
    dayValueInShort(value, words),
  );
  const withValues = values.map((_, index) => `${full} (24 h: ${values.slice(0, index + 1).join(", ")})`);
  return [`${location.name} ${status(report, until, words, { full: false })}`, full, ...withValues];
}

function status(report: LocationReport, until: Date, words: Words, { full }: { full: boolean }): string {
  const { location, state, silentSince } = report;
  const { digest } = words;
  const local = (time: Date) => formatTime(time, location.timeZone, words);
  const active = activeAlerts(report).map((alert) =>
    [
      levelAndHazard(alert.level, alert.hazard, words),
      ...(full ? [sinceText(alert, local, words)] : []),
    ].join(" "),
  );
  const silent = silentSince === undefined ? [] : [digest.silent(local(new Date(silentSince)))];
  const unwatched = silent.length > 0 ? [] : unwatchedTexts(report, words, { full });
  if (active.length > 0 || silent.length > 0) return [...active, ...silent, ...unwatched].join(", ");
  if (state === undefined || state.latest === null) return digest.unknown;
  const [event] = full ? eventsOfDay(report, until) : [];
  const had = event === undefined ? [] : [digest.had(levelAndHazard(event.level, event.hazard, words))];
  return [...quietAsFarAsKnown(report, unwatched, words, { full }), ...had].join(", ");
}

/** "No alerts" if all hazards are watched, and otherwise what is known. */
function quietAsFarAsKnown(
  report: LocationReport,
  unwatched: readonly string[],
  words: Words,
  { full }: { full: boolean },
): string[] {
  const { digest } = words;
  if (report.watches.every(({ kind }) => kind === "unwatched")) return [digest.nothingWatched, ...unwatched];
  const partly = partlyTexts(report, words);
  if (unwatched.length > 0) return [...unwatched, ...(full ? partly : []), digest.othersQuiet];
  return partly.length === 0 ? [digest.quiet] : [digest.quietAsFarAsKnown, ...(full ? partly : [])];
}

function partlyTexts({ watches, location }: LocationReport, words: Words): string[] {
  const partly = watches.filter(({ kind }) => kind === "partly");
  return [...Map.groupBy(partly, ({ since }) => since)].map(([since, group]) =>
    words.digest.knownSince(
      namesOf(group, words),
      formatTime(new Date((since ?? 0) * 1000), location.timeZone, words),
    ),
  );
}

function namesOf(watches: readonly HazardWatch[], words: Words): string {
  return watches.map((watch) => hazardName(watch, words)).join(", ");
}

/** Texts of the hazards without data, grouped by the time of the last data, oldest first. */
function unwatchedTexts(
  { watches, location }: LocationReport,
  words: Words,
  { full }: { full: boolean },
): string[] {
  const unwatched = watches.filter(({ kind }) => kind === "unwatched");
  if (unwatched.length === 0) return [];
  if (!full) return [words.digest.unwatched(namesOf(unwatched, words))];
  const groups = Map.groupBy(unwatched, ({ since }) => since);
  return [...groups]
    .toSorted(([a], [b]) => (a ?? 0) - (b ?? 0))
    .map(([since, group]) =>
      words.digest.unwatchedSince(
        namesOf(group, words),
        since === null ? undefined : formatTime(new Date(since * 1000), location.timeZone, words),
      ),
    );
}

/** A location as a section of the e-mail: active alerts, current values, the last 24 h, events and a silent station. */
export function reportInFull(report: LocationReport, until: Date, words: Words): string {
  const { location, state, silentSince, minima } = report;
  const { digest } = words;
  const local = (time: string | Date) => formatFullTime(new Date(time), location.timeZone, words);
  const title = `${location.name}: ${status(report, until, words, { full: false })}`;
  const active = activeAlerts(report).map(
    (alert) => `${levelAndHazard(alert.level, alert.hazard, words)} ${sinceText(alert, local, words)}`,
  );
  const latest = state?.latest ?? undefined;
  return [
    title,
    ...section(digest.active, active),
    ...section(digest.watch, watchLines(report, words)),
    ...(latest === undefined ? [] : section(digest.now(local(latest.time)), currentValues(latest, words))),
    ...section(
      digest.day,
      lastDay(state?.history ?? {}, endOfDay(report, until), minima).map((value) => dayValue(value, words)),
    ),
    ...section(
      digest.events,
      eventsOfDay(report, until).map((event) => eventLine(event, location, words)),
    ),
    ...(silentSince === undefined ? [] : [`  ${digest.station(local(silentSince))}`]),
  ].join("\n");
}

const HOUR_MILLIS = 3_600_000;

/** The last 24 h end with the last observation, or at the digest if that is more than an hour later. */
function endOfDay({ state }: LocationReport, until: Date): Date {
  if (state === undefined || state.lastSeconds === null) return until;
  const last = state.lastSeconds * 1000;
  return last <= until.getTime() && until.getTime() - last <= HOUR_MILLIS ? new Date(last) : until;
}

function section(heading: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : [`  ${heading}`, ...lines.map((line) => `    ${line}`)];
}

const NOW: readonly (DigestField & Field)[] = [
  "temperature",
  "humidity",
  "windSpeed",
  "windGust",
  "rainIntensity",
  "snowIntensity",
];

function currentValues({ values, doubtful = [] }: NonNullable<AlertState["latest"]>, words: Words): string[] {
  return NOW.flatMap((field) => {
    const value = values[field];
    if (typeof value !== "number") return [];
    const text = `${words.digest.fields[field]} ${formatField(field, value, words)}`;
    return [doubtful.includes(field) ? `${text} (${words.unconfirmed})` : text];
  });
}

/** Hazards without data, or with incomplete windows. */
function watchLines(report: LocationReport, words: Words): string[] {
  return [...unwatchedTexts(report, words, { full: true }), ...partlyTexts(report, words)];
}

function eventLine(event: Transition, location: Location, words: Words): string {
  const { level, hazard, kind, measure, value, time } = event;
  const limit = formatLimit(event, kind === "clear", words);
  return (
    `${formatTime(new Date(time), location.timeZone, words)} ${levelAndHazard(level, hazard, words)}, ` +
    `${words.digest.kinds[kind]}: ${formatReading(measure, value, words)} (${limit})`
  );
}
