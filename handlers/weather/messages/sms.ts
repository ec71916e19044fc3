import { gsm7Length, toGsm7, truncateGsm7 } from "./gsm7.ts";
import { SMS_SEPTETS } from "./limits.ts";

/** An SMS in parts, so that it is known what must give way for room. */
export interface SmsParts {
  readonly head: string;
  readonly place: string;
  /** The whole rest of the text, in falling order of preference. */
  readonly tails: readonly [string, ...string[]];
}

/** A place's name is cut down to this many septets before a tail is given up for a shorter one. */
const SHORTEST_PLACE = 20;

/**
 * One segment of GSM-7: the first tail that leaves room for the place's whole name, else the first that leaves some
 * of it, else the last one. The head is never cut.
 */
export function fitSms({ head, place, tails }: SmsParts): string {
  const front = toGsm7(head);
  const name = toGsm7(place).replace(/\s+/g, " ").trim();
  const rests = tails.map(toGsm7);
  const room = (rest: string) => SMS_SEPTETS - gsm7Length(front) - gsm7Length(rest);
  const rest =
    rests.find((candidate) => room(candidate) >= gsm7Length(name)) ??
    rests.find((candidate) => room(candidate) >= SHORTEST_PLACE) ??
    rests.at(-1) ??
    "";
  return truncateGsm7(`${front}${truncateGsm7(name, Math.max(room(rest), 0))}${rest}`);
}
