import tzLookup from "@photostructure/tz-lookup";
import { wallClockMillis } from "../lib/time-zone.ts";
import { keyPath, setCommand } from "./commands.ts";
import type { StormwireConfig } from "./schema.ts";

/** Zones of neighbours differ by an hour or two, and summer time by another. */
const USUAL_DIFFERENCE_HOURS = 2;
const HOUR_MILLIS = 3_600_000;

type Location = StormwireConfig["locations"][string];

/** Warns of locations that lie in the sea, or far from where their time zone is used: usually swapped coordinates or a lost sign. */
export function coordinateWarnings(
  { locations }: Pick<StormwireConfig, "locations">,
  now = new Date(),
): string[] {
  return Object.entries(locations).flatMap(([name, location]) => {
    const { latitude, longitude, timeZone } = location;
    const there = tzLookup(latitude, longitude);
    const isAtSea = there.startsWith("Etc/");
    if (!isAtSea && isNear(there, timeZone, now)) return [];
    const where = isAtSea ? "in the sea" : `in the time zone ${there}, but its timeZone is ${timeZone}`;
    const said = `${keyPath(["locations", name])} (latitude ${latitude}, longitude ${longitude}) lies ${where}`;
    const better = corrected(location, now);
    return [better === undefined ? said : `${said}. ${better.guess}\n  ${settings(name, better.location)}`];
  });
}

/** The same location with the usual slips undone, when it then lies on land in its time zone. */
function corrected(location: Location, now: Date): { guess: string; location: Location } | undefined {
  const { latitude, longitude, timeZone } = location;
  const swapped = { ...location, latitude: longitude, longitude: latitude };
  const candidates = [
    { guess: "Latitude and longitude may be swapped:", location: swapped },
    { guess: "The sign of the latitude may be missing:", location: { ...location, latitude: -latitude } },
    { guess: "The sign of the longitude may be missing:", location: { ...location, longitude: -longitude } },
  ];
  return candidates.find(({ location: { latitude: north, longitude: east } }) => {
    if (Math.abs(north) > 90) return false;
    const there = tzLookup(north, east);
    return !there.startsWith("Etc/") && isNear(there, timeZone, now);
  });
}

function settings(name: string, { latitude, longitude }: Location): string {
  return [
    setCommand(["locations", name, "latitude"], latitude),
    setCommand(["locations", name, "longitude"], longitude),
  ].join(" && ");
}

function isNear(zone: string, other: string, now: Date): boolean {
  const hours = Math.abs(wallClockMillis(now, zone) - wallClockMillis(now, other)) / HOUR_MILLIS;
  return hours <= USUAL_DIFFERENCE_HOURS;
}
