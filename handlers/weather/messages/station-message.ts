import type { Location } from "../location.ts";
import type { Words } from "./language.ts";

export function stationMessage(
  kind: "silent" | "back",
  station: { location: Location; lastSeen?: Date; polls: number },
  time: Date,
  _words: Words,
): { subject: string; body: string } {
  const last = station.lastSeen?.toISOString() ?? "never";
  return {
    subject: `Station ${kind}: ${station.location.id}`,
    body: `${station.location.name} is ${kind} at ${time.toISOString()}; last observation ${last}; ${station.polls} polls.\n`,
  };
}
