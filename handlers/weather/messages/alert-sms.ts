import type { Location } from "../location.ts";
import type { Transition } from "../state.ts";
import {
  type Condition,
  formatFigure,
  formatLimit,
  formatShortFigure,
  formatShortLimit,
  formatTime,
} from "./format.ts";
import { conditionsOf, hazardName } from "./hazard.ts";
import type { Words } from "./language.ts";
import type { SmsParts } from "./sms.ts";

/**
 * Most important first: level, hazard, place, figures, local time. What can be said in fewer words is a tail of its
 * own: without the note, then with fewer of a combined rule's conditions ("+2": that many are not shown).
 */
export function alertSms(transition: Transition, location: Location, words: Words): SmsParts {
  const time = formatTime(new Date(transition.time), location.timeZone, words);
  const [longest, ...shorter] = figureTexts(transition, words);
  const plain = (figures: string): string => `: ${figures}, ${time}.`;
  return {
    head: `${smsLevel(transition, words)} ${hazardName(transition, words)}${unconfirmed(transition, words)}, `,
    place: location.name,
    tails: [`${plain(longest)}${note(transition, location, words)}`, plain(longest), ...shorter.map(plain)],
  };
}

function unconfirmed(transition: Transition, words: Words): string {
  return transition.unconfirmed ? ` (${words.unconfirmed})` : "";
}

function smsLevel({ kind, level }: Transition, words: Words): string {
  const name = words.levels[level].toUpperCase();
  if (kind === "escalation") return words.escalated(name);
  if (kind === "repeat") return words.continues(name);
  return kind === "clear" ? `${words.ended} ${name}` : name;
}

function note({ kind, since, scale }: Transition, { timeZone }: Location, words: Words): string {
  if (kind === "clear" || kind === "repeat")
    return ` ${words.since(formatTime(new Date(since), timeZone, words))}.`;
  return scale === undefined ? "" : ` ${words.observedScale(scale)}.`;
}

/** All conditions, then ever fewer of them. */
function figureTexts(transition: Transition, words: Words): [string, ...string[]] {
  const [first, ...others] = conditionsOf(transition);
  if (others.length === 0) {
    const limit = formatLimit(first, transition.kind === "clear", words);
    return [`${formatFigure(first.measure, first.value, words)} (${limit})`];
  }
  const told = [first, ...others].map((condition) => shortCondition(condition, words));
  const fewer = others.map((_, index) => `${told.slice(0, -(index + 1)).join(", ")} +${index + 1}`);
  return [told.join(", "), ...fewer];
}

function shortCondition(condition: Condition, words: Words): string {
  const { measure, value } = condition;
  return `${formatShortFigure(measure, value, words)} (${formatShortLimit(condition, words)})`;
}
