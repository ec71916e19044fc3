import type { Location } from "../observation/location.ts";
import type { SourceError } from "./errors.ts";

/** The weather of a location as a source answered it, for the record. Not yet validated. */
export interface Payload {
  readonly data: unknown;
}

export type SourceResult =
  | { readonly ok: true; readonly location: Location; readonly payload: Payload }
  | { readonly ok: false; readonly location: Location; readonly error: SourceError };

/** A weather service that knows the weather now. */
export interface WeatherSource {
  /** Goes into the record's `source`. */
  readonly name: string;
  /**
   * Current weather of each location, in the order given. A location that fails has an error as its result and does not
   * stop the others. All are passed at once, because some services answer many in one call.
   */
  realtime(locations: readonly Location[]): Promise<readonly SourceResult[]>;
  close(): Promise<void>;
}
