import type { Transition } from "../alerts/transition.ts";
import type { Level } from "../rules/rules.ts";

/** What to do at a level, in one short line: by hazard, and under `any` for the hazards that have none of their own. */
export type Advice = Readonly<Record<string, Readonly<Partial<Record<Level, string>>>>>;

/** Who sends, and what they advise. Both are sent as config has them, whatever the language of a subscription. */
export interface Issuer {
  readonly sender?: string;
  readonly advice?: Advice;
}

/** What to do about an alert; nothing at its end. */
export function adviceOf({ kind, hazard, level }: Transition, { advice = {} }: Issuer): string | undefined {
  if (kind === "clear") return undefined;
  const own = Object.hasOwn(advice, hazard) ? advice[hazard]?.[level] : undefined;
  return own ?? advice.any?.[level];
}

/** First words of every message, so that a number that nobody knows is not taken for a scam: "Defesa Civil: ". */
export function opening({ sender }: Issuer): string {
  return sender === undefined ? "" : `${sender}: `;
}
