import { activeAlerts, eventsOfDay, type PlaceState, placeInFull, placeInShort } from "./digest-place.ts";
import { formatFullTime, formatTime } from "./format.ts";
import { gsm7Length, SMS_SEPTETS, toGsm7 } from "./gsm7.ts";
import type { Words } from "./language.ts";
import { type Message, toSms, toSubject } from "./message.ts";

/**
 * What is known of all places at a time: alerts that are on, the latest figures, the last 24 h, what was left to the
 * digest, and silent stations. The worst places come first. `time` is told in the first place's zone.
 */
export function digestMessage(places: readonly PlaceState[], time: Date, words: Words): Message {
  const timeZone = places[0]?.location.timeZone ?? "UTC";
  const title = words.digest.title(formatTime(time, timeZone, words));
  const sorted = places.toSorted(
    (a, b) =>
      worstRank(b) - worstRank(a) ||
      Number(isSilent(b)) - Number(isSilent(a)) ||
      eventsOfDay(b, time).length - eventsOfDay(a, time).length,
  );
  const inShort = sorted.map((place) => placeInShort(place, time, words));
  const sms = fitSms(`${title}:`, inShort, words);
  return {
    sms,
    program: { kind: "digest", language: words.language, text: sms },
    subject: toSubject(`${title}: ${inShort.map(([shortest]) => shortest).join("; ")}`),
    email: [
      words.digest.title(formatFullTime(time, timeZone, words)),
      ...sorted.map((place) => `\n${placeInFull(place, time, words)}`),
      `\n${words.leave}\n`,
    ].join("\n"),
  };
}

function worstRank(place: PlaceState): number {
  return activeAlerts(place)[0]?.rank ?? 0;
}

function isSilent({ silentSince }: PlaceState): boolean {
  return silentSince !== undefined;
}

/** As many places as fit, in short, and how many do not; when all do, what room is left goes to their details in turn. */
function fitSms(title: string, places: readonly (readonly [string, ...string[]])[], words: Words): string {
  const compose = (parts: readonly string[]) => {
    const left = places.length - parts.length;
    return `${title} ${[...parts, ...(left > 0 ? [words.digest.more(left)] : [])].join("; ")}`;
  };
  const fits = (parts: readonly string[]) => gsm7Length(toGsm7(compose(parts))) <= SMS_SEPTETS;

  let parts = places.map(([shortest]) => shortest);
  while (parts.length > 1 && !fits(parts)) parts = parts.slice(0, -1);
  if (parts.length === places.length) {
    for (const [index, forms] of places.entries()) {
      const longest = forms.findLast((form) => fits(parts.with(index, form)));
      if (longest !== undefined) parts = parts.with(index, longest);
    }
  }
  return toSms(compose(parts));
}
