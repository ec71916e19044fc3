/** How much of something there may be; both ends are allowed. */
export interface Limit {
  /** Of what, beginning with whose it is: "Lambda: records of a batch". */
  readonly what: string;
  readonly unit: string;
  readonly minimum?: number;
  readonly maximum?: number;
  /** Keys of config, or what of the program, that can come up against it. */
  readonly metBy: string;
}

/** A limit that AWS sets, and where it says so. */
export interface AwsLimit extends Limit {
  /** In place of the ends: all that is allowed. */
  readonly values?: readonly number[];
  readonly link: string;
}

/** A limit that the program sets where AWS has none, or a wider one. */
export interface OwnLimit extends Limit {
  readonly reason: string;
}

/** `records, 1 to 10000`; `days, 40 or more`; `bytes, 4096 at most`. */
export function rangeOf({ unit, minimum, maximum }: Omit<Limit, "what" | "metBy">): string {
  if (maximum === undefined) return `${unit}, ${minimum ?? 0} or more`;
  return minimum === undefined ? `${unit}, ${maximum} at most` : `${unit}, ${minimum} to ${maximum}`;
}
