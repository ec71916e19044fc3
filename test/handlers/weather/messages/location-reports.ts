import {
  type AlertState,
  type HazardState,
  INITIAL_STATE,
} from "../../../../handlers/weather/alerts/state.ts";
import type { Transition } from "../../../../handlers/weather/alerts/transition.ts";
import type { LocationReport } from "../../../../handlers/weather/messages/digest-location.ts";

export type Unwatched = Omit<LocationReport, "watches">;

/** A place of which every hazard is watched. */
export const watched = (place: Unwatched): LocationReport => ({
  ...place,
  watches: [{ hazard: "rain", kind: "watched", since: null }],
});

/** When what is scheduled is sent. */
export const NOW = new Date("2024-05-01T10:00:00Z");

export const gusts: Transition = {
  id: "rio-grande/wind/2024-04-30T17:00:00Z/start",
  time: "2024-04-30T17:00:00Z",
  location: "rio-grande",
  hazard: "wind",
  level: "yellow",
  kind: "start",
  value: 45,
  threshold: 40,
  measure: { metric: "windGust", unit: "km/h" },
  below: false,
  scale: "INMET",
  since: "2024-04-30T17:00:00Z",
};
const gustsOver: Transition = { ...gusts, kind: "clear", time: "2024-04-30T21:00:00Z", value: 20 };

/** Hours of the day before NOW, one value each; null is unknown and has no entry. */
export function hours(values: readonly (number | null)[]): [number, number][] {
  const first = NOW.getTime() / 1000 - values.length * 3600;
  return values.flatMap((value, index): [number, number][] =>
    value === null ? [] : [[first + index * 3600, value]],
  );
}

export const day = (value: number) => Array.from({ length: 24 }, () => value);
const announced: Pick<
  HazardState,
  "reached" | "announcedRank" | "announcedPeak" | "announcedSeconds" | "earlier"
> = {
  reached: {},
  announcedRank: 0,
  announcedPeak: 0,
  announcedSeconds: null,
  earlier: [],
};
export const alert = (rank: 1 | 2 | 3, since: string) => ({ rank, peak: rank, since, ...announced });
export const observed = (values: Record<string, number>): AlertState => ({
  ...INITIAL_STATE,
  lastSeconds: NOW.getTime() / 1000,
  latest: { time: "2024-05-01T09:00:00Z", values },
});

export const quiet: AlertState = {
  ...observed({ temperature: 17.2, humidity: 81, windSpeed: 2.1, windGust: 5, rainIntensity: 0 }),
  history: { rainIntensity: hours(day(0)), windGust: hours([...day(5).slice(1), 8.2]) },
};
export const flooded: AlertState = {
  ...observed({ temperature: 19.4, humidity: 95, windSpeed: 2.1, windGust: 9.3, rainIntensity: 5.4 }),
  hazards: { wind: alert(1, "2024-05-01T06:00:00Z"), rain: alert(3, "2024-04-30T06:00:00Z") },
  history: {
    rainIntensity: hours([...day(5).slice(4), null, null, null, null]),
    windGust: hours(day(9.3)),
    humidity: hours(day(91)),
  },
};
export const calmed: AlertState = { ...quiet, events: [gusts, gustsOver] };
