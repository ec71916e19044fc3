import type { Location } from "../handlers/weather/observation/location.ts";
import { ReplayError } from "./error.ts";

/** A configured place, as far as a replay needs to know it. */
export type Place = Pick<Location, "id" | "name" | "latitude" | "longitude">;

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

/** @throws {ReplayError} for an id that is not configured; names those that are. */
export function findPlace(
  fault: { file: string; line?: number },
  id: string,
  places: readonly Place[],
): Place {
  const place = places.find((candidate) => candidate.id === id);
  if (place !== undefined) return place;
  throw new ReplayError({
    ...fault,
    problem: `unknown location ${JSON.stringify(id)}; configured: ${idsOf(places)}`,
  });
}

/** The place a file is about when it does not say so itself: the one of the spec, or the only one configured. */
export function defaultPlace(spec: ReplaySpec, places: readonly Place[]): Place | undefined {
  if (spec.locationId !== undefined) return findPlace(spec, spec.locationId, places);
  return places.length === 1 ? places[0] : undefined;
}

/** The error of a file that needs LOCATION= and came without. */
export function locationNeeded(
  fault: { file: string; line?: number },
  places: readonly Place[],
): ReplayError {
  const problem = `does not say of which location it is; give LOCATION=FILE with one of: ${idsOf(places)}`;
  return new ReplayError({ ...fault, problem });
}

function idsOf(places: readonly Place[]): string {
  return places.length === 0 ? "none" : places.map((place) => place.id).join(", ");
}
