import type { Transition } from "../alerts/transition.ts";
import type { Level } from "../rules/rules.ts";

/** What to do at a level, in one short line: by hazard, and under `any` for the hazards that have none of their own. */
export type Advice = Readonly<Record<string, Readonly<Partial<Record<Level, string>>>>>;

/** Sender and advice, as configured. They are not translated. */
export interface Issuer {
  readonly sender?: string;
  readonly advice?: Advice;
}

/** The advice for an alert. Undefined for an all-clear. */
export function adviceOf({ kind, hazard, level }: Transition, { advice = {} }: Issuer): string | undefined {
  if (kind === "clear") return undefined;
  const own = Object.hasOwn(advice, hazard) ? advice[hazard]?.[level] : undefined;
  return own ?? advice.any?.[level];
}

/** First words of every message, so that recipients recognise the sender: "Defesa Civil: ". */
export function opening({ sender }: Issuer): string {
  return sender === undefined ? "" : `${sender}: `;
}
