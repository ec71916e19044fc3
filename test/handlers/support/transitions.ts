import type { Transition } from "../../../handlers/weather/alerts/transition.ts";
import { type CapOptions, capMessage } from "../../../handlers/weather/cap/cap-message.ts";
import type { Location } from "../../../handlers/weather/observation/location.ts";
import type { Measure } from "../../../handlers/weather/rules/rules.ts";

/** The flood of 2024 at Porto Alegre turns red. */
export const rainEscalation: Transition = {
  id: "porto-alegre/rain/2024-04-30T11:00:00Z/escalation",
  time: "2024-04-30T11:00:00Z",
  location: "porto-alegre",
  hazard: "rain",
  level: "red",
  kind: "escalation",
  value: 100.2,
  threshold: 100,
  measure: { metric: "rainIntensity", over: "24h", as: "sum" },
  below: false,
  scale: "INMET",
  since: "2024-04-30T06:00:00Z",
  earlier: [{ id: "porto-alegre/rain/2024-04-30T06:00:00Z/start", time: "2024-04-30T06:00:00Z" }],
};

const { earlier, ...beginning } = rainEscalation;

export const gustStart: Transition = {
  ...beginning,
  id: "porto-alegre/wind/2024-04-30T11:00:00Z/start",
  hazard: "wind",
  level: "orange",
  kind: "start",
  value: 88.92,
  threshold: 60,
  measure: { metric: "windGust", unit: "km/h" },
  since: rainEscalation.time,
};

export const rainRepeat: Transition = {
  ...rainEscalation,
  id: "porto-alegre/rain/2024-04-30T23:00:00Z/repeat",
  time: "2024-04-30T23:00:00Z",
  kind: "repeat",
  value: 118.4,
  earlier: [...(earlier ?? []), { id: rainEscalation.id, time: rainEscalation.time }],
};

export const rainClear: Transition = {
  ...rainRepeat,
  id: "porto-alegre/rain/2024-05-03T07:00:00Z/clear",
  time: "2024-05-03T07:00:00Z",
  kind: "clear",
  value: 20.6,
  threshold: 50,
  earlier: [...(rainRepeat.earlier ?? []), { id: rainRepeat.id, time: rainRepeat.time }],
};

export const dryAirStart: Transition = {
  ...gustStart,
  id: "porto-alegre/dry-air/2024-04-30T11:00:00Z/start",
  hazard: "dry-air",
  level: "yellow",
  value: 26,
  threshold: 30,
  measure: { metric: "humidity" },
  below: true,
};

const { scale, ...unscaled } = dryAirStart;

/** Humidity, temperature and gusts together. */
export const fireStart: Transition = {
  ...unscaled,
  id: "porto-alegre/fire/2024-04-30T11:00:00Z/start",
  hazard: "fire",
  level: "orange",
  value: 15,
  threshold: 20,
  conditions: [
    { measure: { metric: "humidity" }, below: true, value: 15, threshold: 20 },
    { measure: { metric: "temperature" }, below: false, value: 33.04, threshold: 30 },
    {
      measure: { metric: "windGust", unit: "km/h" } satisfies Measure,
      below: false,
      value: 45,
      threshold: 40,
    },
  ],
};

/** One of each kind, and of each shape that the messages tell apart. */
export const transitions: Readonly<Record<string, Transition>> = {
  start: gustStart,
  "start of a danger below a limit": dryAirStart,
  "start of combined conditions": fireStart,
  escalation: rainEscalation,
  repeat: rainRepeat,
  clear: rainClear,
};

/** The CAP message of a transition, published at the time of its observation unless `options` say otherwise. */
export function capOf(
  transition: Transition,
  location: Location,
  options: Omit<CapOptions, "publication"> & Partial<Pick<CapOptions, "publication">>,
) {
  const references = (transition.earlier ?? []).map(({ id, time }) => ({ id, sent: time }));
  return capMessage(transition, location, { publication: { sent: transition.time, references }, ...options });
}
