/** A monitored location. `id` is the partition key on the stream; `timeZone` is an IANA name. */
export interface Location {
  readonly id: string;
  readonly name: string;
  /** Degrees north. */
  readonly latitude: number;
  /** Degrees east. */
  readonly longitude: number;
  readonly timeZone: string;
}
