import type { JobReport } from "../../etl/report.ts";
import type { StormwireConfig } from "../../infra/config-schema.ts";
import type { ReadableStore } from "../place/place.ts";
import type { SmsAccount } from "../subscriptions/account.ts";
import type { Comparison, State } from "../subscriptions/compare.ts";

/** Thrown for what cannot be known of a stack, such as an alarm of a local run; the message says why. */
export class NotKnownError extends Error {
  override readonly name = "NotKnownError";
}

/** How a crawler or a job ended, in Glue's words. */
export interface GlueRun {
  /** `SUCCEEDED`, `FAILED`, `RUNNING`, … */
  readonly state: string;
  readonly startedAt?: Date | undefined;
  readonly error?: string | undefined;
}

export interface Alarm {
  /** In the program. */
  readonly name: string;
  /** `OK`, `ALARM`, `INSUFFICIENT_DATA`; undefined: it is not there any more. */
  readonly state: string | undefined;
  readonly description: string;
}

/**
 * What the doctor asks of a stack, on AWS or in a local run. Every question throws {@link NotKnownError}, or UsageError
 * for what AWS refuses.
 */
export interface Patient {
  readonly stack: string;
  /** What another command needs to look at the same: `` or ` -- --stack dev`. */
  readonly commandOptions: string;
  readonly config: StormwireConfig;
  /** What ages count from; undefined: from the newest observation, for a run that is over. */
  readonly now: Date | undefined;
  readonly objects: ReadableStore;
  subscriptions(): Promise<Comparison>;
  /** The subscription of the mailbox that hears of alarms. */
  opsMail(email: string): Promise<State>;
  smsAccount(): Promise<SmsAccount>;
  /** Undefined: it has not run yet. */
  lastCrawl(crawler: "raw" | "gold"): Promise<GlueRun | undefined>;
  lastJobRun(): Promise<GlueRun | undefined>;
  /** Seconds; undefined: nothing was read in the last hours. */
  iteratorAge(consumer: Consumer): Promise<number | undefined>;
  /** A dry run of the ETL. */
  planEtl(): Promise<JobReport>;
  alarms(): Promise<readonly Alarm[]>;
  /** Name of the parameter with the API's key, and whether it is there. */
  apiKey(): Promise<{ readonly parameter: string; readonly isThere: boolean }>;
}

/** Functions that read the stream. */
export const CONSUMERS = ["alert", "archive"] as const;
export type Consumer = (typeof CONSUMERS)[number];
