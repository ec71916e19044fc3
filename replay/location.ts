import type { Location } from "../handlers/weather/observation/location.ts";
import { ReplayError } from "./error.ts";

/** The part of a configured location that a replay needs. */
export type ReplayLocation = Pick<Location, "id" | "name" | "latitude" | "longitude">;

export interface ReplaySpec {
  readonly file: string;
  /** Location id given before the `=`. */
  readonly locationId?: string;
}

const SPEC = /^(?<locationId>[A-Za-z0-9][\w-]*)=(?<file>.*)$/s;

/** Splits `[LOCATION=]FILE`. A file whose own name contains `=` can be given as `./NAME`. */
export function parseSpec(spec: string): ReplaySpec {
  const { locationId, file } = SPEC.exec(spec)?.groups ?? {};
  return locationId === undefined || file === undefined ? { file: spec } : { file, locationId };
}

/** @throws {ReplayError} for an id that is not configured, naming the ones that are. */
export function findLocation(
  fault: { file: string; line?: number },
  id: string,
  locations: readonly ReplayLocation[],
): ReplayLocation {
  const location = locations.find((candidate) => candidate.id === id);
  if (location !== undefined) return location;
  throw new ReplayError({
    ...fault,
    problem: `unknown location ${JSON.stringify(id)}; configured: ${idsOf(locations)}`,
  });
}

/** The location of a file that does not name one: the location of the spec, or the only one configured. */
export function defaultLocation(
  spec: ReplaySpec,
  locations: readonly ReplayLocation[],
): ReplayLocation | undefined {
  if (spec.locationId !== undefined) return findLocation(spec, spec.locationId, locations);
  return locations.length === 1 ? locations[0] : undefined;
}

/** The error for a file that needs LOCATION= and was given without it. */
export function locationNeeded(
  fault: { file: string; line?: number },
  locations: readonly ReplayLocation[],
): ReplayError {
  const problem = `does not name its location; give LOCATION=FILE with one of: ${idsOf(locations)}`;
  return new ReplayError({ ...fault, problem });
}

function idsOf(locations: readonly ReplayLocation[]): string {
  return locations.length === 0 ? "none" : locations.map((location) => location.id).join(", ");
}
