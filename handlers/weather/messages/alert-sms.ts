import type { Transition } from "../alerts/transition.ts";
import type { Location } from "../observation/location.ts";
import {
  type Condition,
  formatLimit,
  formatReading,
  formatShortLimit,
  formatShortReading,
  formatTime,
} from "./format.ts";
import { gsm7Length, toGsm7, truncateGsm7 } from "./gsm7.ts";
import { alertKind, conditionsOf, hazardName } from "./hazard.ts";
import { adviceOf, type Issuer, opening } from "./issuer.ts";
import { SMS_SEPTETS } from "./limits.ts";
import type { Words } from "./words.ts";

/**
 * The SMS of a transition, most important first: sender, level, hazard, location, values, local time, advice. Shorter
 * variants leave out the note, and then some conditions of a combined rule ("+2": two are not shown).
 */
export function alertSms(
  transition: Transition,
  location: Location,
  words: Words,
  issuer: Issuer = {},
): string {
  const time = formatTime(new Date(transition.time), location.timeZone, words);
  const [longest, ...shorter] = readingTexts(transition, words);
  const advice = adviceOf(transition, issuer);
  const advised = advice === undefined ? [] : [`${advice.replace(/[.!]$/, "")}`];
  const said = notes(transition, location, words).map((note) => [...advised, note].join(". "));
  const [fullest, ...lesser] = [...said, ...advised];
  const plain = (readings: string): string => `: ${readings}, ${time}.`;
  return fitSms({
    head: `${opening(issuer)}${headOf(transition, words)}${unconfirmed(transition, words)}${words.at}`,
    location: location.name,
    tails: [
      `${plain(longest)}${fullest === undefined ? "" : ` ${fullest}.`}`,
      ...lesser.map((note) => `${plain(longest)} ${note}.`),
      plain(longest),
      ...shorter.map(plain),
    ],
  });
}

function unconfirmed(transition: Transition, words: Words): string {
  return transition.unconfirmed ? ` (${words.unconfirmed})` : "";
}

function headOf(transition: Transition, words: Words): string {
  const level = words.levels[transition.level].toUpperCase();
  return words.sms[alertKind(transition)](level, hazardName(transition, words));
}

/** Notes, the longest first. */
function notes(
  { kind, level, since, levelSince, scale }: Transition,
  { timeZone }: Location,
  words: Words,
): string[] {
  const local = (time: string) => formatTime(new Date(time), timeZone, words);
  if (kind === "clear" || kind === "repeat") {
    const alert = words.since(local(since));
    if (levelSince === undefined) return [alert];
    return [words.levelSince(words.levels[level].toUpperCase(), local(levelSince), local(since)), alert];
  }
  return scale === undefined ? [] : [words.observedScale(scale)];
}

/** Texts of all conditions, then of fewer and fewer of them. */
function readingTexts(transition: Transition, words: Words): [string, ...string[]] {
  const [first, ...others] = conditionsOf(transition);
  if (others.length === 0) {
    const limit = formatLimit(first, transition.kind === "clear", words);
    return [`${formatReading(first.measure, first.value, words)} (${limit})`];
  }
  const texts = [first, ...others].map((condition) => shortCondition(condition, words));
  const fewer = others.map((_, index) => `${texts.slice(0, -(index + 1)).join(", ")} +${index + 1}`);
  return [texts.join(", "), ...fewer];
}

function shortCondition(condition: Condition, words: Words): string {
  const { measure, value } = condition;
  return `${formatShortReading(measure, value, words)} (${formatShortLimit(condition, words)})`;
}

/** The parts of an SMS, which are shortened differently. */
interface SmsParts {
  readonly head: string;
  readonly location: string;
  /** The whole rest of the text, in falling order of preference. */
  readonly tails: readonly [string, ...string[]];
}

/** A location's name is cut to this many septets before a shorter tail is used. */
const SHORTEST_LOCATION_NAME = 20;

/**
 * Fits the parts into one GSM-7 segment: with the first tail that leaves room for the whole name of the location, else with
 * the first that leaves room for a part of it, else with the last one. The head is never cut.
 */
function fitSms({ head, location, tails }: SmsParts): string {
  const front = toGsm7(head);
  const name = toGsm7(location).replace(/\s+/g, " ").trim();
  const rests = tails.map(toGsm7);
  const room = (rest: string) => SMS_SEPTETS - gsm7Length(front) - gsm7Length(rest);
  const rest =
    rests.find((candidate) => room(candidate) >= gsm7Length(name)) ??
    rests.find((candidate) => room(candidate) >= SHORTEST_LOCATION_NAME) ??
    rests.at(-1) ??
    "";
  return truncateGsm7(`${front}${truncateGsm7(name, Math.max(room(rest), 0))}${rest}`);
}
