/** A key of config that comes up against a limit. */
export interface ConfigCase {
  /** Of the problem, below `stormwire:`. */
  readonly path: string;
  /** As config counts: the last values that are taken. */
  readonly ends: { readonly minimum?: number; readonly maximum?: number };
  readonly config: (value: number) => Record<string, unknown>;
  /** What the error shows of a value that is refused; the value, unless it is named. */
  readonly found?: (value: number) => string;
  /** How far past the limit the next value lies; 1, unless it is named. */
  readonly step?: number;
}

/** By key of the table. `figures` stand here once more, so that a slip in the table is seen. */
export type Cases<Case> = Readonly<
  Record<
    string,
    {
      readonly figures: {
        readonly minimum?: number;
        readonly maximum?: number;
        readonly values?: readonly number[];
      };
      readonly cases: readonly Case[];
    }
  >
>;

export const characters = (count: number) => "x".repeat(count);

export const phone = (index: number) => `+55${String(index).padStart(11, "0")}`;

export const digest = { cron: "0 7 * * ? *", timeZone: "UTC", digest: true };

export const hook = { url: "https://hooks.example.org/", secret: `whsec_${"A".repeat(32)}` };
