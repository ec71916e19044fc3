import type { Transition } from "../alerts/transition.ts";
import { toAscii, toGsm7, truncateGsm7 } from "./gsm7.ts";
import { MAX_SUBJECT_LENGTH, SMS_SEPTETS } from "./limits.ts";
import type { Language } from "./tags.ts";

/** One message in the form each channel wants. */
export interface Message {
  /** GSM-7, one segment. */
  readonly sms: string;
  /** ASCII, at most 99 characters, on one line. */
  readonly subject: string;
  readonly email: string;
  /** For subscribers that are programs. */
  readonly program: ProgramMessage;
}

export type MessageKind = Transition["kind"] | "message" | "digest" | "drill";

/** The JSON that webhooks and other programs get. */
export interface ProgramMessage {
  readonly kind: MessageKind;
  readonly language: Language;
  /** What phones get. */
  readonly text: string;
  /** Of an alert: what happened, as data. */
  readonly alert?: Transition;
  /** Nothing is happening: a drill. */
  readonly exercise?: true;
  /** Of an alert: the poll that decided it, as the pipeline's logs name it. */
  readonly pollId?: string;
}

/** Any text as an e-mail subject. SNS wants a letter, digit or punctuation first. */
export function toSubject(text: string): string {
  const ascii = toAscii(text).replace(/\s+/g, " ").trim();
  if (ascii.length <= MAX_SUBJECT_LENGTH) return ascii === "" ? "Stormwire" : ascii;
  return `${ascii.slice(0, MAX_SUBJECT_LENGTH - 3).trimEnd()}...`;
}

/** Any text as one SMS segment. */
export function toSms(text: string): string {
  return truncateGsm7(toGsm7(text).trim(), SMS_SEPTETS);
}
