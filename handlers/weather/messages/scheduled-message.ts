import type { Field } from "../fields.ts";
import type { Location } from "../location.ts";
import { aggregate } from "../measure.ts";
import { levelOfRank, type Measure } from "../rules.ts";
import type { AlertState } from "../state.ts";
import { hazardName } from "./alert-message.ts";
import { formatField, formatFullTime, formatQuantity, formatTime } from "./format.ts";
import { gsm7Length, SMS_SEPTETS, toGsm7 } from "./gsm7.ts";
import type { Words } from "./language.ts";
import { type Message, toSms, toSubject } from "./message.ts";

/** A place and what is known of it; no state: nothing has been observed yet. */
export interface PlaceState {
  readonly location: Location;
  readonly state?: AlertState;
}

/** A text of config, sent at its time. */
export function textMessage(text: string, words: Words): Message {
  const sms = toSms(text);
  return {
    sms,
    subject: toSubject(text),
    email: `${text}\n\n${words.leave}\n`,
    program: { kind: "message", language: words.language, text: sms },
  };
}

/** The state of all places at a time: alerts first, then the latest figures. `time` is told in the first place's zone. */
export function digestMessage(places: readonly PlaceState[], time: Date, words: Words): Message {
  const timeZone = places[0]?.location.timeZone ?? "UTC";
  const title = words.digest.title(formatTime(time, timeZone, words));
  const byRank = places.toSorted((a, b) => highestRank(b) - highestRank(a));
  const sms = digestSms(title, byRank, words);
  return {
    sms,
    program: { kind: "digest", language: words.language, text: sms },
    subject: toSubject(`${title}: ${byRank.map((place) => placeInShort(place, words)).join("; ")}`),
    email: [
      words.digest.title(formatFullTime(time, timeZone, words)),
      ...byRank.map((place) => `\n${placeInFull(place, words)}`),
      `\n${words.leave}\n`,
    ].join("\n"),
  };
}

function highestRank({ state }: Pick<PlaceState, "state">): number {
  return Math.max(0, ...Object.values(state?.hazards ?? {}).map(({ rank }) => rank));
}

/** As many places as fit, and how many do not. */
function digestSms(title: string, places: readonly PlaceState[], words: Words): string {
  let text = `${title}:`;
  for (const [index, place] of places.entries()) {
    const left = places.length - index;
    const longer = `${text}${index === 0 ? "" : ";"} ${placeInShort(place, words)}`;
    const reserve = left > 1 ? `; ${words.digest.more(left - 1)}` : "";
    if (index > 0 && gsm7Length(toGsm7(`${longer}${reserve}`)) > SMS_SEPTETS) {
      return toSms(`${text}; ${words.digest.more(left)}`);
    }
    text = longer;
  }
  return toSms(text);
}

function placeInShort({ location, state }: PlaceState, words: Words): string {
  return `${location.name} ${state === undefined ? words.digest.unknown : alerts(state, words)}`;
}

function alerts(state: AlertState, words: Words): string {
  const active = Object.entries(state.hazards).toSorted(([, a], [, b]) => b.rank - a.rank);
  if (highestRank({ state }) === 0) return words.digest.quiet;
  return active
    .flatMap(([hazard, { rank }]) =>
      rank === 0 ? [] : `${words.levels[levelOfRank(rank)].toUpperCase()} ${hazardName({ hazard }, words)}`,
    )
    .join(", ");
}

function placeInFull({ location, state }: PlaceState, words: Words): string {
  if (state === undefined || state.latest === null) return `${location.name}: ${words.digest.unknown}`;
  const { time, values } = state.latest;
  const at = words.digest.at(formatFullTime(new Date(time), location.timeZone, words));
  const figures = FIGURES.flatMap(([field, label]) => {
    const value = values[field];
    return typeof value === "number" ? [`${words.digest[label]} ${formatField(field, value, words)}`] : [];
  });
  const lines = [...figures, ...rainOfDay(state, words)].map((figure) => `  ${figure}`);
  const since = Object.entries(state.hazards).flatMap(([hazard, { rank, since: start }]) =>
    rank === 0
      ? []
      : `  ${words.levels[levelOfRank(rank)].toUpperCase()} ${hazardName({ hazard }, words)}: ` +
        words.since(formatFullTime(new Date(start), location.timeZone, words)),
  );
  return [`${location.name}: ${alerts(state, words)}`, ...since, ...lines, `  ${at}`].join("\n");
}

const FIGURES = [
  ["temperature", "temperature"],
  ["humidity", "humidity"],
  ["windSpeed", "wind"],
  ["windGust", "gust"],
  ["rainIntensity", "rain"],
] as const satisfies readonly (readonly [Field, keyof Words["digest"]])[];

const DAY_SECONDS = 86_400;
const RAIN_OF_DAY: Measure = { metric: "rainIntensity", over: "24h", as: "sum" };

/** Known when a rule keeps a day of rain. */
function rainOfDay(state: AlertState, words: Words): string[] {
  if (state.lastSeconds === null) return [];
  const window = { seconds: DAY_SECONDS, as: "sum" } as const;
  const { value, complete } = aggregate(state.windows.rainIntensity, window, state.lastSeconds);
  return value === null || !complete
    ? []
    : [`${words.digest.rainDay} ${formatQuantity(RAIN_OF_DAY, value, words)}`];
}
