import type { Location } from "../observation/location.ts";
import { formatFullTime } from "./format.ts";
import { toSubject } from "./message.ts";
import type { Words } from "./words.ts";

/** A station, or one of its measures, that fell silent or is back. */
interface SilentStation {
  readonly location: Location;
  /** Defaults to all that the station reports. */
  readonly metric?: string;
  /** Time of its last usable observation before the silence; absent if there was none. */
  readonly lastSeen?: Date;
  /** Polls that brought no usable observation. */
  readonly polls: number;
}

/** A message for those who run the pipeline. */
export interface OpsMessage {
  /** ASCII, at most 99 characters, on one line. */
  readonly subject: string;
  readonly body: string;
}

/** The notification of operations about a silent station, or its return, at `time`. */
export function stationMessage(
  kind: "silent" | "back",
  { location, metric, lastSeen, polls }: SilentStation,
  time: Date,
  words: Words,
): OpsMessage {
  const { station, email } = words;
  const localTime = (at: Date): string => formatFullTime(at, location.timeZone, words);
  const name =
    metric === undefined ? location.name : station.measure(measureName(metric, words), location.name);
  const lines = [
    station[kind](name, polls),
    "",
    `${email.location}: ${location.name} (${location.id}, ${location.latitude}, ${location.longitude})`,
    `${station.lastSeen}: ${lastSeen === undefined ? station.never : localTime(lastSeen)}`,
    `${station.noticed}: ${localTime(time)}`,
    "",
    metric === undefined ? station.consequence[kind] : station.measureConsequence[kind],
  ];
  const subject = metric === undefined ? station.subject : station.measureSubject;
  return { subject: toSubject(subject[kind](name)), body: `${lines.join("\n")}\n` };
}

function measureName(metric: string, { measures }: Words): string {
  return (measures as Readonly<Record<string, string>>)[metric] ?? metric;
}
