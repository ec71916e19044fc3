import type { Location } from "../location.ts";
import { formatFullTime } from "./format.ts";
import type { Words } from "./language.ts";
import { toSubject } from "./message.ts";

/** A station that fell silent, or that is back. */
export interface SilentStation {
  readonly location: Location;
  /** Time of its last usable observation before the silence; absent: there was none. */
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

/** What those who run the pipeline are told of a silent station, and of its return, at `time`. */
export function stationMessage(
  kind: "silent" | "back",
  { location, lastSeen, polls }: SilentStation,
  time: Date,
  words: Words,
): OpsMessage {
  const { station, email } = words;
  const localTime = (at: Date): string => formatFullTime(at, location.timeZone, words);
  const lines = [
    station[kind](location.name, polls),
    "",
    `${email.place}: ${location.name} (${location.id}, ${location.latitude}, ${location.longitude})`,
    `${station.lastSeen}: ${lastSeen === undefined ? station.never : localTime(lastSeen)}`,
    `${station.noticed}: ${localTime(time)}`,
    "",
    station.consequence[kind],
  ];
  return { subject: toSubject(station.subject[kind](location.name)), body: `${lines.join("\n")}\n` };
}
