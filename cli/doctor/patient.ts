import { silenceRule } from "../../config/polling.ts";
import type { StormwireConfig } from "../../config/schema.ts";
import type { JobReport } from "../../etl/report.ts";
import type { ReadableStore } from "../stack/stack.ts";
import type { SmsAccount } from "../subscriptions/account.ts";
import type { Comparison, State } from "../subscriptions/compare.ts";

/** Thrown for what cannot be known of a stack just now; the message says why. */
export class NotKnownError extends Error {
  override readonly name = "NotKnownError";
}

/** Thrown for what there is none of where the stack is, such as an alarm in a local run; the message says why. */
export class NotThereError extends Error {
  override readonly name = "NotThereError";
}

/** How a crawler or a job ended, in Glue's words. */
export interface GlueRun {
  /** `SUCCEEDED`, `FAILED`, `RUNNING`, … */
  readonly state: string;
  readonly startedAt?: Date | undefined;
  readonly error?: string | undefined;
}

/** What the producer knew last of the weather API's day. */
export interface CallsLeft {
  readonly calls: number;
  readonly at: Date;
}

/** Values that are not good, in the hours that the doctor looks back, or in a whole local run. */
export interface FlaggedValues {
  readonly erroneous: number;
  readonly doubtful: number;
}

/** In the hours that the doctor looks back, or in a whole local run. */
export interface Traffic {
  /** Observations that the producer put on the stream, but for those so young that nobody need have read them. */
  readonly sent: number;
  /** Of the consumer. */
  readonly invocations: number;
}

/** How an event-source mapping is. https://docs.aws.amazon.com/lambda/latest/api/API_GetEventSourceMapping.html */
export interface Mapping {
  /** `Enabled`, `Disabled`, or on the way to one of them. */
  readonly state: string;
  /** `OK`, `No records processed`, `PROBLEM: …`. */
  readonly lastResult: string | undefined;
}

export interface Alarm {
  /** In the program. */
  readonly name: string;
  /** `OK`, `ALARM`, `INSUFFICIENT_DATA`; undefined: it is not there any more. */
  readonly state: string | undefined;
  readonly description: string;
}

/**
 * What the doctor asks of a stack, on AWS or in a local run. Every question throws {@link NotKnownError},
 * {@link NotThereError}, or UserError for what AWS refuses.
 */
export interface Patient {
  readonly stack: string;
  /** What another command needs to look at the same: `` or ` --stack dev`. */
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
  traffic(consumer: Consumer): Promise<Traffic>;
  /** Undefined: it is not there any more. */
  mapping(consumer: Consumer): Promise<Mapping | undefined>;
  /** Undefined: nothing was polled in the last hours. */
  callsLeft(): Promise<CallsLeft | undefined>;
  flaggedValues(): Promise<FlaggedValues>;
  /** A dry run of the ETL. */
  planEtl(): Promise<JobReport>;
  alarms(): Promise<readonly Alarm[]>;
  /** Name of the parameter with the API's key, and whether it is there. */
  apiKey(): Promise<{ readonly parameter: string; readonly isThere: boolean }>;
}

const SHORTEST_LOOK_BACK_SECONDS = 3 * 3600;

/** How far the doctor looks back on AWS: over three hours, and over polls that lie further apart. */
export function lookBackSeconds({ poll, stations }: Pick<StormwireConfig, "poll" | "stations">): number {
  const { silentAfterSeconds } = silenceRule(poll, stations.silentAfterPolls);
  return Math.max(SHORTEST_LOOK_BACK_SECONDS, silentAfterSeconds);
}

/** Functions that read the stream. */
export const CONSUMERS = ["alert", "archive"] as const;
export type Consumer = (typeof CONSUMERS)[number];
