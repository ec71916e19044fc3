import parsePhoneNumber from "libphonenumber-js/max";
import type { Refusal } from "./values.ts";

/** Kinds of number that no text reaches, in words: https://github.com/google/libphonenumber */
const WITHOUT_TEXTS: Readonly<Record<string, string>> = {
  FIXED_LINE: "a landline, which receives no SMS",
  TOLL_FREE: "a toll-free number, which receives no SMS",
  PREMIUM_RATE: "a premium-rate number, which receives no SMS",
  SHARED_COST: "a shared-cost number, which receives no SMS",
  UAN: "a company's number, which receives no SMS",
  VOICEMAIL: "a voicemail, which receives no SMS",
};

/** Why no text reaches a number in E.164, as far as its country's numbering plan says. */
export function phoneRefusal(number: string): Refusal | undefined {
  const type = parsePhoneNumber(number)?.getType();
  const kind = type === undefined ? undefined : WITHOUT_TEXTS[type];
  return kind === undefined ? undefined : { reason: `is ${kind}` };
}

/** Why a number that is accepted probably belongs to no person. */
export function phoneDoubt(number: string): string | undefined {
  // https://www.nanpa.com/numbering/555-line-numbers
  if (/^\+1\d{3}55501\d\d$/.test(number)) return "is reserved for examples, and belongs to no person";
  const phone = parsePhoneNumber(number);
  if (phone?.isValid()) return undefined;
  return "is not in the numbering plan of its country; is a digit missing or too many?";
}
