import {
  activeAlerts,
  eventsOfDay,
  type LocationReport,
  reportInFull,
  reportInShort,
} from "./digest-location.ts";
import { formatFullTime, formatTime } from "./format.ts";
import { gsm7Length, toGsm7 } from "./gsm7.ts";
import { type Issuer, opening } from "./issuer.ts";
import { MAX_DIGEST_MAIL_BYTES, SMS_SEPTETS } from "./limits.ts";
import { type Message, toSms, toSubject } from "./message.ts";
import type { Words } from "./words.ts";

/**
 * The digest of all locations at a time: active alerts, current values, the last 24 h, digest-only events and silent
 * stations. The worst locations come first. Those that do not fit into the e-mail have one line each. `time` is shown in the
 * time zone of the first location.
 */
export function digestMessage(
  reports: readonly LocationReport[],
  time: Date,
  words: Words,
  issuer: Issuer = {},
): Message {
  const timeZone = reports[0]?.location.timeZone ?? "UTC";
  const title = `${opening(issuer)}${words.digest.title(formatTime(time, timeZone, words))}`;
  const sorted = reports.toSorted(
    (a, b) =>
      worstRank(b) - worstRank(a) ||
      Number(isSilent(b)) - Number(isSilent(a)) ||
      unwatchedCount(b) - unwatchedCount(a) ||
      eventsOfDay(b, time).length - eventsOfDay(a, time).length,
  );
  const inShort = sorted.map((report) => reportInShort(report, time, words));
  const sms = fitSms(`${title}:`, inShort, words);
  return {
    sms,
    program: { kind: "digest", language: words.language, text: sms },
    subject: toSubject(`${title}: ${inShort.map(([shortest]) => shortest).join("; ")}`),
    email: [
      `${opening(issuer)}${words.digest.title(formatFullTime(time, timeZone, words))}`,
      ...sections(sorted, time, words),
      `\n${words.leave}\n`,
    ].join("\n"),
  };
}

/** A section for each location while there is room, then a line for each. */
function sections(reports: readonly LocationReport[], time: Date, words: Words): string[] {
  const lines = reports.map((report) => {
    const [shortest, withEvent = shortest] = reportInShort(report, time, words);
    return withEvent;
  });
  let room = MAX_DIGEST_MAIL_BYTES - lines.reduce((bytes, line) => bytes + Buffer.byteLength(line), 0);
  return reports.map((report, index) => {
    const line = lines[index] ?? "";
    const section = `\n${reportInFull(report, time, words)}`;
    const more = Buffer.byteLength(section) - Buffer.byteLength(line);
    if (more > room) return line;
    room -= more;
    return section;
  });
}

function worstRank(report: LocationReport): number {
  return activeAlerts(report)[0]?.rank ?? 0;
}

function unwatchedCount({ watches }: LocationReport): number {
  return watches.filter(({ kind }) => kind === "unwatched").length;
}

function isSilent({ silentSince }: LocationReport): boolean {
  return silentSince !== undefined;
}

/** As many locations as fit, and the number of the others. If all fit, the remaining room is used for details. */
function fitSms(title: string, reports: readonly (readonly [string, ...string[]])[], words: Words): string {
  const compose = (parts: readonly string[]) => {
    const left = reports.length - parts.length;
    return `${title} ${[...parts, ...(left > 0 ? [words.digest.more(left)] : [])].join("; ")}`;
  };
  const fits = (parts: readonly string[]) => gsm7Length(toGsm7(compose(parts))) <= SMS_SEPTETS;

  let parts = reports.map(([shortest]) => shortest);
  while (parts.length > 1 && !fits(parts)) parts = parts.slice(0, -1);
  if (parts.length === reports.length) {
    for (const [index, forms] of reports.entries()) {
      const longest = forms.findLast((form) => fits(parts.with(index, form)));
      if (longest !== undefined) parts = parts.with(index, longest);
    }
  }
  return toSms(compose(parts));
}
