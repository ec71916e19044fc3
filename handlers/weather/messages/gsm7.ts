import { SMS_SEPTETS } from "./limits.ts";

/** GSM 7-bit default alphabet without the control characters CR, FF and ESC. 3GPP TS 23.038, 6.2.1. */
const BASIC = new Set(
  "@£$¥èéùìòÇ\nØøÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà",
);
/** Extension table: an escape and the character, two septets. 3GPP TS 23.038, 6.2.1.1. */
const EXTENSION = new Set("^{}\\[~]|€");

/** What neither the alphabet nor a stripped accent can say. */
const REPLACEMENTS: ReadonlyMap<string, string> = new Map(
  Object.entries({
    "°": "",
    º: "o",
    ª: "a",
    "²": "2",
    "³": "3",
    µ: "u",
    "–": "-",
    "—": "-",
    "−": "-",
    "“": '"',
    "”": '"',
    "„": '"',
    "«": '"',
    "»": '"',
    "‘": "'",
    "’": "'",
    "…": "...",
    "•": "-",
    œ: "oe",
    Œ: "OE",
    ł: "l",
    Ł: "L",
    đ: "d",
    Đ: "D",
    "\t": " ",
    "\r": "",
    "\u00a0": " ",
    "\u202f": " ",
  }),
);

/** Text in GSM-7 alone: ã becomes a, typographic signs their plain kin, what is left `?`. */
export function toGsm7(text: string): string {
  return Array.from(text.normalize("NFC"), (character) => transliterate(character, isGsm7)).join("");
}

/** Printable ASCII alone, on one line: what SNS allows in a subject. */
export function toAscii(text: string): string {
  return Array.from(text.normalize("NFC"), (character) => transliterate(character, isPrintableAscii)).join(
    "",
  );
}

function transliterate(character: string, allowed: (character: string) => boolean): string {
  if (allowed(character)) return character;
  const replacement = REPLACEMENTS.get(character);
  if (replacement !== undefined) return replacement;
  if (/\s/u.test(character)) return " ";
  const plain = Array.from(character.normalize("NFKD").replace(/\p{Mark}/gu, ""));
  return plain.length > 0 && plain.every(allowed) ? plain.join("") : "?";
}

function isGsm7(character: string): boolean {
  return BASIC.has(character) || EXTENSION.has(character);
}

function isPrintableAscii(character: string): boolean {
  return character >= " " && character <= "~";
}

/** Length in septets; Infinity when a character is outside GSM-7. */
export function gsm7Length(text: string): number {
  let septets = 0;
  for (const character of text) {
    if (!isGsm7(character)) return Number.POSITIVE_INFINITY;
    septets += EXTENSION.has(character) ? 2 : 1;
  }
  return septets;
}

/** The longest beginning of a GSM-7 text that fits, `...` at its end when something was cut. */
export function truncateGsm7(text: string, septets = SMS_SEPTETS): string {
  if (gsm7Length(text) <= septets) return text;
  const characters = Array.from(text);
  while (characters.length > 0 && gsm7Length(`${characters.join("")}...`) > septets) characters.pop();
  return `${characters.join("").trimEnd()}...`;
}
