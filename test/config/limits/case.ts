/** A key of config that has a limit. */
export interface ConfigCase {
  /** Path of the problem below `stormwire:`. */
  readonly path: string;
  /** The smallest and largest accepted values, in the unit of config. */
  readonly ends: { readonly minimum?: number; readonly maximum?: number };
  readonly config: (value: number) => Record<string, unknown>;
  /** What the error shows of a rejected value. Defaults to the value. */
  readonly found?: (value: number) => string;
  /** Distance from the limit to the next value. Defaults to 1. */
  readonly step?: number;
}

/** By key of the table of limits. */
export type Cases<Case> = Readonly<Record<string, readonly Case[]>>;

export const characters = (count: number) => "x".repeat(count);

export const phone = (index: number) => `+55${String(index).padStart(11, "0")}`;

export const digest = { cron: "0 7 * * ? *", timeZone: "UTC", digest: true };

export const hook = { url: "https://hooks.example.org/", secret: `whsec_${"A".repeat(32)}` };
