import type { Transition } from "../alerts/transition.ts";
import type { Location } from "../observation/location.ts";
import { type Condition, formatFullTime, formatLimit, formatNamedReading, formatReading } from "./format.ts";
import { alertKind, conditionsOf, hazardName } from "./hazard.ts";
import type { Words } from "./words.ts";

/** What happened, in one line without a full stop. */
export function alertHeadline(transition: Transition, location: Location, words: Words): string {
  const headline = words.email.headline[alertKind(transition)](
    words.levels[transition.level],
    hazardName(transition, words),
    location.name,
  );
  return transition.unconfirmed ? `${headline} (${words.unconfirmed})` : headline;
}

/** Where, at which level, what was observed against which limit, when, and since when: one line for each. */
export function alertFacts(transition: Transition, location: Location, words: Words): string[] {
  const { email } = words;
  const localTime = (time: string): string => formatFullTime(new Date(time), location.timeZone, words);
  return [
    `${email.location}: ${location.name} (${location.latitude}, ${location.longitude})`,
    `${transition.kind === "clear" ? email.highestLevel : email.level}: ${levelName(transition, words)}`,
    ...observed(transition, words),
    ...(transition.unconfirmed ? [email.unconfirmed] : []),
    `${email.time}: ${localTime(transition.time)}`,
    `${email.since}: ${localTime(transition.since)}`,
    ...(transition.levelSince === undefined
      ? []
      : [`${email.levelSince}: ${localTime(transition.levelSince)}`]),
  ];
}

function levelName({ level, scale }: Transition, words: Words): string {
  const name = words.levels[level];
  return scale === undefined ? name : words.email.atScale(name, scale);
}

function observed(transition: Transition, words: Words): string[] {
  const isOver = transition.kind === "clear";
  const [first, ...others] = conditionsOf(transition);
  const limit = (condition: Condition): string => formatLimit(condition, isOver, words);
  if (others.length === 0) {
    return [`${words.email.observed}: ${formatReading(first.measure, first.value, words)} (${limit(first)})`];
  }
  const lines = [first, ...others].map(
    (condition) => `  ${formatNamedReading(condition.measure, condition.value, words)} (${limit(condition)})`,
  );
  return [`${isOver ? words.email.observed : words.email.together}:`, ...lines];
}
