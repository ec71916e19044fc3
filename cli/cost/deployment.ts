/** What a program's graph says that has a bearing on the bill. */
export interface Deployment {
  readonly region: string;
  readonly streams: readonly Stream[];
  /** Customer keys of KMS that are rotated yearly, and those that are not. */
  readonly keys: readonly { readonly isRotated: boolean }[];
  readonly functions: readonly LambdaFunction[];
  readonly mappings: readonly Mapping[];
  /** EventBridge's rules and schedules that run by the clock, the name of the function that each invokes. */
  readonly timers: readonly Timer[];
  readonly crawlers: readonly GlueRun[];
  readonly jobs: readonly GlueJob[];
  /** Days that objects below a prefix of a bucket are kept, where it is not for ever. */
  readonly retentionDays: Readonly<Record<string, number>>;
  /** How long old versions of the alerts' state are kept; undefined: the bucket keeps none of anything. */
  readonly oldStateDays: number | undefined;
  readonly subscribers: readonly Subscriber[];
  readonly alarms: number;
  readonly dashboards: number;
}

export interface Stream {
  readonly mode: "provisioned" | "on-demand";
  /** Of an on-demand stream those that it begins with. */
  readonly shards: number;
  readonly retentionHours: number;
  /** Under a key of KMS, AWS's or an own. */
  readonly isEncrypted: boolean;
}

export interface LambdaFunction {
  readonly name: string;
  readonly memoryMegabytes: number;
  readonly architecture: "arm64" | "x86_64";
  readonly isTraced: boolean;
  /** Undefined: for ever. */
  readonly logRetentionDays: number | undefined;
}

/** A function that reads the stream. */
export interface Mapping {
  readonly function: string;
  readonly batchSize: number;
  readonly windowSeconds: number;
  /** Parts in which a shard is read at once. */
  readonly partsOfShard: number;
}

export interface Timer {
  readonly name: string;
  readonly kind: "rule" | "schedule";
  readonly function: string;
  /** Expression of EventBridge. */
  readonly expression: string;
  readonly timeZone: string;
}

/** A crawler or a job, and what starts it. */
export interface GlueRun {
  readonly name: string;
  /** Expressions of the schedules that lead to a run, by itself or at the end of a chain of triggers. */
  readonly schedules: readonly string[];
}

interface GlueJob extends GlueRun {
  readonly dpus: number;
  /** Undefined: for ever. */
  readonly logRetentionDays: number | undefined;
}

/** Somebody who hears of alerts. */
export interface Subscriber {
  readonly protocol: string;
  /** The webhook's function, of protocol lambda. */
  readonly function: string | undefined;
  /** Undefined: all places. */
  readonly places: number | undefined;
  /** Whom messages are addressed to that this subscriber hears: `all`, its name, its groups. */
  readonly audiences: readonly string[];
}

/** What the program's parts are called where the graph cannot say what they do. */
export const PRODUCER = "produce";
export const ALERTER = "alert";
export const ARCHIVER = "archive";
/** These read the state of every place at each run. */
export const STATE_READERS: readonly string[] = ["watch", "notify"];
