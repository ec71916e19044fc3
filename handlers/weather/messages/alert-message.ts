import type { Transition } from "../alerts/transition.ts";
import type { Location } from "../observation/location.ts";
import { alertFacts, alertHeadline } from "./alert-facts.ts";
import { alertSms } from "./alert-sms.ts";
import { type HourlyHistory, historyTable } from "./history-table.ts";
import { adviceOf, type Issuer, opening } from "./issuer.ts";
import { type Message, toSubject } from "./message.ts";
import type { Words } from "./words.ts";

/**
 * The message that announces a transition. `history` has the location's values of the metric; the e-mail then contains a
 * table of the last 24 hours.
 */
export function alertMessage(
  transition: Transition,
  location: Location,
  words: Words,
  history: HourlyHistory = [],
  issuer: Issuer = {},
): Message {
  const sms = alertSms(transition, location, words, issuer);
  const headline = `${opening(issuer)}${alertHeadline(transition, location, words)}`;
  const advice = adviceOf(transition, issuer);
  const context = { time: new Date(transition.time), timeZone: location.timeZone, words };
  const paragraphs = [
    [`${headline}.`, ...(advice === undefined ? [] : [advice])],
    alertFacts(transition, location, words),
    historyTable(transition.measure, history, context),
    [...disclaimer(transition, words), words.leave],
  ];
  return {
    sms,
    subject: toSubject(headline),
    email: `${paragraphs
      .filter((lines) => lines.length > 0)
      .map((lines) => lines.join("\n"))
      .join("\n\n")}\n`,
    program: { kind: transition.kind, language: words.language, text: sms, alert: transition },
  };
}

function disclaimer({ scale }: Transition, { email }: Words): string[] {
  return scale === undefined ? [] : [email.disclaimer(scale)];
}
