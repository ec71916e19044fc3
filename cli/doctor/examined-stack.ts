import { silenceRule } from "../../config/polling.ts";
import type { StormwireConfig } from "../../config/schema.ts";
import type { JobReport } from "../../etl/report.ts";
import type { ReadableStore } from "../stack/stack.ts";
import type { SmsAccount } from "../subscriptions/account.ts";
import type { Comparison, State } from "../subscriptions/compare.ts";

/** Thrown when a fact about a stack cannot be read now; the message says why. */
export class NotKnownError extends Error {
  override readonly name = "NotKnownError";
}

/** Thrown for what does not exist in this kind of stack, such as an alarm in a local run; the message says why. */
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

/** The last count of calls that the producer logged. */
export interface CallsLeft {
  readonly calls: number;
  readonly at: Date;
}

/** Counts of flagged values, in the hours that the doctor looks back, or in a whole local run. */
export interface FlaggedValues {
  readonly erroneous: number;
  readonly doubtful: number;
}

/** In the hours that the doctor looks back, or in a whole local run. */
export interface Traffic {
  /** Observations that the producer put on the stream, without those that are too recent to have been read. */
  readonly sent: number;
  /** Of the consumer. */
  readonly invocations: number;
}

/** State of an event-source mapping. https://docs.aws.amazon.com/lambda/latest/api/API_GetEventSourceMapping.html */
export interface Mapping {
  /** `Enabled`, `Disabled`, or a transition to one of them. */
  readonly state: string;
  /** `OK`, `No records processed`, `PROBLEM: …`. */
  readonly lastResult: string | undefined;
}

export interface Alarm {
  /** Its name in the program. */
  readonly name: string;
  /** `OK`, `ALARM`, `INSUFFICIENT_DATA`; undefined: it does not exist. */
  readonly state: string | undefined;
  readonly description: string;
}

/**
 * The facts that the doctor reads about a stack, on AWS or in a local run. Each method throws {@link NotKnownError},
 * {@link NotThereError}, or UserError for a call that AWS rejects.
 */
export interface ExaminedStack {
  readonly stack: string;
  /** Options of another command for the same stack: `` or ` --stack dev`. */
  readonly commandOptions: string;
  readonly config: StormwireConfig;
  /** Ages are counted from here; undefined: from the newest observation, for a finished run. */
  readonly now: Date | undefined;
  readonly objects: ReadableStore;
  subscriptions(): Promise<Comparison>;
  /** State of the subscription of the mailbox that receives alarms. */
  opsMail(email: string): Promise<State>;
  smsAccount(): Promise<SmsAccount>;
  /** Undefined: it has not run yet. */
  lastCrawl(crawler: "raw" | "gold"): Promise<GlueRun | undefined>;
  lastJobRun(): Promise<GlueRun | undefined>;
  /** Seconds; undefined: nothing was read in the last hours. */
  iteratorAge(consumer: Consumer): Promise<number | undefined>;
  traffic(consumer: Consumer): Promise<Traffic>;
  /** Undefined: it does not exist. */
  mapping(consumer: Consumer): Promise<Mapping | undefined>;
  /** Undefined: nothing was polled in the last hours. */
  callsLeft(): Promise<CallsLeft | undefined>;
  flaggedValues(): Promise<FlaggedValues>;
  /** A dry run of the ETL. */
  planEtl(): Promise<JobReport>;
  alarms(): Promise<readonly Alarm[]>;
  /** Name of the parameter with the key of the API, and whether it exists. */
  apiKey(): Promise<{ readonly parameter: string; readonly isThere: boolean }>;
}

const SHORTEST_LOOK_BACK_SECONDS = 3 * 3600;

/** How far the doctor looks back on AWS: three hours, or longer if polls are further apart. */
export function lookBackSeconds({ poll, stations }: Pick<StormwireConfig, "poll" | "stations">): number {
  const { silentAfterSeconds } = silenceRule(poll, stations.silentAfterPolls);
  return Math.max(SHORTEST_LOOK_BACK_SECONDS, silentAfterSeconds);
}

/** Functions that read the stream. */
export const CONSUMERS = ["alert", "archive"] as const;
export type Consumer = (typeof CONSUMERS)[number];
