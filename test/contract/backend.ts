import type { Clients } from "./clients.ts";

/** Settings of an event-source mapping, as Lambda's API names them. */
export interface MappingSettings {
  readonly BatchSize?: number;
  readonly MaximumBatchingWindowInSeconds?: number;
  readonly ParallelizationFactor?: number;
  readonly MaximumRetryAttempts?: number;
  readonly MaximumRecordAgeInSeconds?: number;
  readonly BisectBatchOnFunctionError?: boolean;
  readonly FunctionResponseTypes?: "ReportBatchItemFailures"[];
  readonly FilterCriteria?: { readonly Filters: { readonly Pattern: string }[] };
  readonly Enabled?: boolean;
  /** Where given-up batches go: the world's bucket or queue of this name. */
  readonly onFailure?: { readonly bucket: string } | { readonly queue: string };
}

export interface ScheduleSettings {
  readonly ScheduleExpression: string;
  readonly ScheduleExpressionTimezone?: string;
  readonly State?: "ENABLED" | "DISABLED";
}

export interface RuleSettings {
  readonly ScheduleExpression: string;
  readonly State?: "ENABLED" | "DISABLED";
}

/**
 * Statement of an identity policy. `bucket:NAME`, `bucket:NAME/KEY`, `stream:NAME` and `topic:NAME` in Resource stand for
 * the ARN.
 */
export interface Statement {
  readonly Effect: "Allow" | "Deny";
  readonly Action: string | readonly string[];
  readonly Resource: string | readonly string[];
  readonly Condition?: Readonly<Record<string, Readonly<Record<string, string | readonly string[]>>>>;
}

/** Statement of a resource's policy. */
export interface ResourceStatement extends Statement {
  readonly Principal: "*" | { readonly caller: string } | { readonly service: string };
}

/**
 * The resources that a line needs, by names of its own. Topics, mappings, rules and schedules deliver to one function,
 * which keeps what it is given and fails as the records tell it to (recorder.ts).
 */
export interface Declared {
  /** The keys of (small) objects that are in them from the start. */
  readonly buckets?: Readonly<Record<string, readonly string[]>>;
  readonly queues?: readonly string[];
  /** Number of shards. */
  readonly streams?: Readonly<Record<string, number>>;
  /** Filter policy of the function's subscription; `null` for none. */
  readonly topics?: Readonly<Record<string, object | null>>;
  /** By the name of the stream. */
  readonly mappings?: Readonly<Record<string, MappingSettings>>;
  readonly rules?: Readonly<Record<string, RuleSettings>>;
  readonly schedules?: Readonly<Record<string, ScheduleSettings>>;
  /** Callers with nothing but these policies. */
  readonly callers?: Readonly<Record<string, readonly Statement[]>>;
  /** By the name of the bucket. */
  readonly bucketPolicies?: Readonly<Record<string, readonly ResourceStatement[]>>;
  /** By the name of the topic, in place of the policy that it has by default. */
  readonly topicPolicies?: Readonly<Record<string, readonly ResourceStatement[]>>;
  /** Policy, beside the account's administration, of the key of its own with which a stream of this name is encrypted. */
  readonly streamKeys?: Readonly<Record<string, readonly ResourceStatement[]>>;
  /** Topics to which a rule sends what `putEvent` of the world puts. */
  readonly eventTopics?: readonly string[];
  /** By the name of a topic: like what names topics are that may call the function as it may. Its own name by default. */
  readonly topicPermissions?: Readonly<Record<string, string>>;
}

/** What is in an object that is there from the start. */
export const OBJECT = "object";

/** An event that the function was given, in the shape of its source. */
// biome-ignore lint/suspicious/noExplicitAny: events of four services
export type Event = any;

export interface PassOptions {
  /** What is done in the meantime, so many seconds after the start. */
  readonly at?: readonly (readonly [seconds: number, task: () => Promise<unknown>])[];
  /** Where time is real, the wait ends once this holds, and is longer where the backend is slow to tell. */
  readonly until?: () => Promise<boolean>;
}

/** Resources that are there, until they are disposed of. */
export interface World extends AsyncDisposable {
  readonly clients: Clients;
  /** Clients of a caller. */
  as(caller: string): Clients;
  /** Name that a bucket or stream has in this backend. */
  name(own: string): string;
  topicArn(own: string): string;
  queueUrl(own: string): string;
  /** The backend's time, which stands between calls of `pass` where it is virtual. */
  now(): Date;
  /** Lets time pass, and whatever is then under way come to its end where time is virtual. */
  pass(seconds: number, options?: PassOptions): Promise<void>;
  /** Lets so many seconds pass, and as many as the backend needs to tell of what should not have come. */
  linger(seconds: number): Promise<void>;
  /** What the function was given so far, in order. */
  events(): Promise<readonly Event[]>;
  /** Puts an event for which the rule of `eventTopics` waits. */
  putEvent(): Promise<void>;
  /** Makes a shard reject records, or writes so much to it that it does. */
  overload(stream: string): Promise<void>;
}

/** An AWS, or what stands for it. */
export interface Backend {
  /** How long `open` may take in the backend's own time: what is to happen afterwards is declared so much later. */
  readonly openingSeconds: number;
  open(declared: Declared): Promise<World>;
  /** What the backend says when it does not take the resources; undefined when it takes them. */
  rejectionOf(declared: Declared): Promise<string | undefined>;
  /** Throws an AggregateError of what worlds could not take away when they were disposed of. */
  close(): Promise<void>;
}
