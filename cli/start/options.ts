export interface StartOptions {
  readonly stack: string;
  /** `[LOCATION=]FILE`, in the order given; empty: the recorded flood. */
  readonly replay: readonly string[];
  readonly live: boolean;
  /** Virtual seconds a real second, or as fast as it goes. */
  readonly speed: "max" | number;
  readonly until?: Date;
  readonly out: string;
  readonly keep: boolean;
  readonly json: boolean;
}
