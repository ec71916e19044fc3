import { distance } from "fastest-levenshtein";
import { parseJson } from "../lib/json.ts";

/** Enough of a phone number to recognize it, too little to call it: `+12025550101` -> `+12…01`. */
export function maskPhone(phone: string): string {
  return phone.length < 10 ? `…${phone.slice(-2)}` : `${phone.slice(0, 3)}…${phone.slice(-2)}`;
}

/** `duty@example.org` -> `d…@example.org`. */
export function maskMailbox(mailbox: string): string {
  const at = mailbox.lastIndexOf("@");
  return at < 1 ? `${mailbox.slice(0, 1)}…` : `${mailbox.slice(0, 1)}…${mailbox.slice(at)}`;
}

/** The host of a URL. The rest may be the only secret that its receiver checks: `https://hooks.slack.com/…`. */
export function maskUrl(url: string): string {
  const { protocol, host } = URL.canParse(url) ? new URL(url) : { protocol: "", host: "" };
  return host === "" ? `${url.slice(0, 3)}…` : `${protocol}//${host}/…`;
}

const maskSecret = () => "(a secret)";

/** Keys whose values must not be logged. The length helps to find the mistake in a rejected value. */
const MASKS: Readonly<Record<string, (text: string) => string>> = {
  sms: (text) => `${maskPhone(text)} (${text.length} characters, ${text.replace(/\D/g, "").length} digits)`,
  email: (text) => `${maskMailbox(text)} (${text.length} characters)`,
  opsEmail: (text) => `${maskMailbox(text)} (${text.length} characters)`,
  url: (text) => `${maskUrl(text)} (${text.length} characters)`,
  secret: maskSecret,
  apiKey: maskSecret,
};

/** The key of a path below `stormwire:` when its value is to be encrypted, and not to be printed. */
export function confidentialKey(path: readonly PropertyKey[]): string | undefined {
  const key = String(path.findLast((part) => typeof part === "string"));
  const isSettings = path.length === 1 && key === "sms"; // the price limits of the stack
  return Object.hasOwn(MASKS, key) && !isSettings ? key : undefined;
}

/** Patterns of confidential text, and what to print instead. */
const CONFIDENTIAL: readonly (readonly [RegExp, (text: string) => string])[] = [
  [/https?:\/\/[^\s"'<>]+/g, maskUrl],
  [/whsec_[A-Za-z0-9+/=]+/g, maskSecret],
  [/[^\s"'<>:,;@]+@[^\s"'<>:,;@]+/g, maskMailbox],
  [/\+\d[\d\s().-]{5,}\d|(?<![\w-])\d{10,}/g, maskPhone],
];

/** A text with its phone numbers, mailboxes, URLs and signing keys masked. */
export function maskText(text: string): string {
  return CONFIDENTIAL.reduce((masked, [pattern, mask]) => masked.replace(pattern, mask), text);
}

/** A value that is shown as it is, e.g. because it is already masked. */
export class Shown {
  readonly value: unknown;

  constructor(value: unknown) {
    this.value = value;
  }
}

/**
 * A value of config that is safe to print. It is masked by its key, and wherever it looks like a phone number, a mailbox,
 * a URL or a signing key. JSON text is masked like the value that it contains.
 */
export function maskValue(value: unknown, key?: string): unknown {
  if (value instanceof Shown) return value.value;
  const mask = key === undefined ? undefined : maskOf(key);
  if (mask !== undefined && (typeof value === "string" || typeof value === "number")) {
    return mask(String(value));
  }
  if (Array.isArray(value)) return value.map((item) => maskValue(item, key));
  if (typeof value === "object" && value !== null) {
    return Object.fromEntries(
      Object.entries(value).map(([name, inner]) => [maskText(name), maskValue(inner, name)]),
    );
  }
  if (typeof value === "string") {
    const structure = structureOf(value);
    return structure === undefined ? maskText(value) : maskValue(structure);
  }
  // A phone number without quotes is a number to YAML.
  return typeof value === "number" && maskText(String(value)) !== String(value)
    ? maskText(String(value))
    : value;
}

/** An unknown key is masked like the key that it resembles, or as a secret when its name suggests one. */
function maskOf(key: string) {
  if (Object.hasOwn(MASKS, key)) return MASKS[key];
  const allowedTypos = key.length < 5 ? 1 : 2;
  const nearly = Object.keys(MASKS).find((known) => distance(key, known) <= allowedTypos);
  const isSecret = /key|secret|token|pass/i.test(key);
  return isSecret ? maskSecret : MASKS[nearly ?? ""];
}

/** The object or list in a JSON text. Pulumi passes structured config as such a text. */
export function structureOf(text: string): object | undefined {
  return /^\s*[[{]/.test(text) ? (parseJson(text) as object | undefined) : undefined;
}
