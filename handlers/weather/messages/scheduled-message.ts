import type { Drill } from "../alerts/drill.ts";
import type { Location } from "../observation/location.ts";
import { formatFullTime, formatTime } from "./format.ts";
import { gsm7Length, toGsm7, truncateGsm7 } from "./gsm7.ts";
import { hazardName } from "./hazard.ts";
import { type Issuer, opening } from "./issuer.ts";
import { SMS_SEPTETS } from "./limits.ts";
import { type Message, toSms, toSubject } from "./message.ts";
import type { Words } from "./words.ts";

/** A configured text, whole in the e-mail and cut to one segment in the SMS. */
export function textMessage(content: string, words: Words, issuer: Issuer = {}): Message {
  const text = `${opening(issuer)}${content}`;
  const subject = toSubject(text);
  // "°" alone leaves nothing in GSM-7, and SNS takes no empty text.
  const sms = toSms(text) === "" ? subject : toSms(text);
  return {
    sms,
    subject,
    email: `${text}\n\n${words.leave}\n`,
    program: { kind: "message", language: words.language, text: sms },
  };
}

/**
 * A simulated alert that tests the delivery to subscribers. Every form begins with the word for an exercise, and the JSON
 * contains no alert that a program could take for a real one. `time` is shown in the time zone of the first location.
 */
export function drillMessage(
  drill: Drill,
  locations: readonly Location[],
  time: Date,
  words: Words,
  issuer: Issuer = {},
): Message {
  const sms = drillSms(drill, locations, time, words, issuer);
  const names = locations.map(({ name }) => name).join(", ");
  const headline = words.email.headline.start(words.levels[drill.level], hazardName(drill, words), names);
  const title = `${opening(issuer)}${words.exercise.mark}: ${headline}`;
  return {
    sms,
    subject: toSubject(title),
    email: drillEmail(title, locations, time, words),
    program: { kind: "drill", language: words.language, text: sms, exercise: true },
  };
}

/** As many locations as fit, and the number of the others. */
function drillSms(
  { hazard, level }: Drill,
  locations: readonly Location[],
  time: Date,
  words: Words,
  issuer: Issuer,
): string {
  const { note } = words.drill;
  const head = `${opening(issuer)}${words.exercise.mark}: ${words.sms.start(words.levels[level].toUpperCase(), hazardName({ hazard }, words))}`;
  const tail = `, ${formatTime(time, zoneOf(locations), words)}. ${note}`;
  const room = SMS_SEPTETS - gsm7Length(toGsm7(`${head}${tail}`));
  return toSms(`${head}${locationsWithin(room, locations, words)}${tail}`);
}

function locationsWithin(septets: number, locations: readonly Location[], words: Words): string {
  for (let count = locations.length; count > 0; count -= 1) {
    const names = locations.slice(0, count).map(({ name }) => toGsm7(name));
    const more = count < locations.length ? ` ${words.digest.more(locations.length - count)}` : "";
    const text = `${words.at}${names.join(", ")}${more}`;
    if (gsm7Length(text) <= septets) return text;
    if (count === 1) return `${truncateGsm7(`${words.at}${names[0]}`, septets - gsm7Length(more))}${more}`;
  }
  return "";
}

function drillEmail(title: string, locations: readonly Location[], time: Date, words: Words): string {
  const { explanation, location: label, time: timeLabel } = words.drill;
  const { mark } = words.exercise;
  const lines = [
    `${title}.`,
    "",
    `${mark}: ${explanation}`,
    "",
    ...locations.map(({ name, latitude, longitude }) => `${label}: ${name} (${latitude}, ${longitude})`),
    `${timeLabel}: ${formatFullTime(time, zoneOf(locations), words)}`,
    "",
    `${mark}.`,
    words.leave,
  ];
  return `${lines.join("\n")}\n`;
}

function zoneOf(locations: readonly Location[]): string {
  return locations[0]?.timeZone ?? "UTC";
}
