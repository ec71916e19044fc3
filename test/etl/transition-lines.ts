import type { Transition } from "../../handlers/weather/alerts/transition.ts";

const PLACE = { id: "porto-alegre", name: "Porto Alegre", lat: -30.0536, lon: -51.1747 };

/** A transition as an alert decides it, with whatever `change` says. */
export function transition(change: Partial<Transition> = {}): Transition {
  return {
    id: "porto-alegre/rain/2024-05-01T10:00:00Z/start",
    time: "2024-05-01T10:00:00Z",
    location: PLACE.id,
    hazard: "rain",
    level: "orange",
    kind: "start",
    value: 52.4,
    threshold: 50,
    measure: { metric: "rainIntensity", over: "24h", as: "sum" },
    below: false,
    scale: "INMET",
    since: "2024-05-01T10:00:00Z",
    ...change,
  };
}

/** An archived transition, without its newline. */
export function transitionLine(content: Transition, location: object = PLACE): string {
  return JSON.stringify({ transition: content, location, archive: { schemaVersion: 1 } });
}

/** The key the archive gives transitions of the hour of `time`. */
export function transitionKey(time: string, name: string): string {
  const [year, month, day, hour] = time.split(/[-T:]/);
  return `transitions/year=${year}/month=${month}/day=${day}/hour=${hour}/${name}.ndjson.gz`;
}
