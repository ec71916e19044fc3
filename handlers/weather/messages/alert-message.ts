import type { Location } from "../location.ts";
import type { Transition } from "../state.ts";
import { formatFigure, formatFullTime, formatQuantity, formatTime } from "./format.ts";
import { gsm7Length, SMS_SEPTETS, toGsm7, truncateGsm7 } from "./gsm7.ts";
import type { Words } from "./language.ts";
import { type Message, toSms, toSubject } from "./message.ts";

/** A place's name is cut down to this many septets before anything else of a message is. */
const SHORTEST_PLACE = 12;

/** What people are told of a transition. */
export function alertMessage(
  transition: Transition,
  location: Location,
  words: Words,
  _history?: readonly (readonly [number, number])[],
): Message {
  const level = words.levels[transition.level];
  const headline = words.email.headline[transition.kind](level, hazardName(transition, words), location.name);
  const sms = alertSms(transition, location, words);
  return {
    sms,
    subject: toSubject(headline),
    email: alertEmail(transition, location, words, headline),
    program: { kind: transition.kind, language: words.language, text: sms, alert: transition },
  };
}

/** A hazard's name in the language; one that only config knows is called as config does. */
export function hazardName({ hazard }: Pick<Transition, "hazard">, words: Words): string {
  return words.hazards[hazard] ?? hazard;
}

/** Most important first; a long place name gives way before anything else does. */
function alertSms(transition: Transition, location: Location, words: Words): string {
  const { measure, value, threshold, kind, scale } = transition;
  const limit = words.limit(formatQuantity(measure, threshold, words));
  const time = formatTime(new Date(transition.time), location.timeZone, words);
  const note =
    kind === "clear"
      ? ` ${words.since(formatTime(new Date(transition.since), location.timeZone, words))}.`
      : scale === undefined
        ? ""
        : ` ${words.observedScale(scale)}.`;
  const head = `${smsLevel(transition, words)} ${hazardName(transition, words)}, `;
  const tail = `: ${formatFigure(measure, value, words)} (${limit}), ${time}.${note}`;
  const room = SMS_SEPTETS - gsm7Length(toGsm7(head)) - gsm7Length(toGsm7(tail));
  return toSms(`${head}${truncateGsm7(toGsm7(location.name), Math.max(room, SHORTEST_PLACE))}${tail}`);
}

function smsLevel({ kind, level }: Transition, words: Words): string {
  const name = words.levels[level].toUpperCase();
  if (kind === "escalation") return words.escalated(name);
  if (kind === "repeat") return words.continues(name);
  return kind === "clear" ? `${words.ended} ${name}` : name;
}

function alertEmail(transition: Transition, location: Location, words: Words, headline: string): string {
  const { measure, value, threshold, level, scale } = transition;
  const { email } = words;
  const levelName = [words.levels[level], scale].filter((part) => part !== undefined).join(", ");
  const lines = [
    `${headline}.`,
    "",
    `${email.place}: ${location.name} (${location.latitude}, ${location.longitude})`,
    `${email.observed}: ${formatFigure(measure, value, words)}`,
    `${email.threshold}: ${formatQuantity(measure, threshold, words)} (${levelName})`,
    `${email.time}: ${formatFullTime(new Date(transition.time), location.timeZone, words)}`,
    `${email.since}: ${formatFullTime(new Date(transition.since), location.timeZone, words)}`,
    "",
    ...(scale === undefined ? [] : [email.disclaimer(scale)]),
    words.leave,
  ];
  return `${lines.join("\n")}\n`;
}
