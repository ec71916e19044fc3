/** How much of something config accepts. Both ends are allowed. */
export interface Limit {
  readonly unit: string;
  readonly minimum?: number;
  readonly maximum?: number;
}

/** Limits that AWS sets. */
export const LIMITS = {
  /** https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html */
  batchRecords: { unit: "records", minimum: 1, maximum: 10_000 },
  batchWindow: { unit: "seconds", minimum: 0, maximum: 300 },
  /** https://docs.aws.amazon.com/streams/latest/dev/kinesis-extended-retention.html */
  streamRetention: { unit: "hours", minimum: 24, maximum: 8760 },
  /**
   * Combinations are the numbers of values of a policy's attributes, multiplied.
   * https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html
   */
  filterCombinations: { unit: "combinations", maximum: 150 },
  /** Filter policies on one topic. */
  filterPolicies: { unit: "policies", maximum: 200 },
  /** After the +. https://docs.aws.amazon.com/sns/latest/dg/sms_publish-to-phone.html */
  phone: { unit: "digits", minimum: 7, maximum: 15 },
  /** The standard tier. https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_PutParameter.html */
  parameter: { unit: "bytes", maximum: 4096 },
  /** https://docs.aws.amazon.com/scheduler/latest/APIReference/API_CreateSchedule.html */
  scheduleExpression: { unit: "characters", maximum: 256 },
  /** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-scheduled-rule-pattern.html */
  schedulePeriod: { unit: "minutes", minimum: 1 },
  /** https://docs.aws.amazon.com/glue/latest/dg/monitor-data-warehouse-schedule.html */
  triggerPeriod: { unit: "minutes", minimum: 5 },
  /** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html */
  logRetention: {
    unit: "days",
    values: [
      1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
    ],
  },
  /** What the provider accepts: 10 MiB. https://www.pulumi.com/registry/packages/aws/api-docs/athena/workgroup/ */
  scanLimit: { unit: "megabytes", minimum: 10 },
  /** https://docs.aws.amazon.com/tag-editor/latest/userguide/reference.html */
  tagValue: { unit: "characters", minimum: 1, maximum: 256 },
} as const satisfies Record<string, Limit & { readonly values?: readonly number[] }>;

/** Limits that config sets where AWS has none or a wider one. */
export const OWN_LIMITS = {
  /**
   * Names of locations, subscriptions, groups, webhooks, messages and silences: `webhook-NAME` and the eight characters
   * that Pulumi adds must fit into the 64 of a function's and a role's name.
   */
  name: { unit: "characters", minimum: 1, maximum: 40 },
  /**
   * Each shard has a function instance that writes the CAP feed, and each instance retries as often as there are shards
   * (handlers/clients/cap-store.ts).
   */
  shards: { unit: "shards", minimum: 1, maximum: 20 },
  /** Catches a mistyped number: the first run of a longer rate is more than a year away. */
  schedulePeriod: { unit: "days", maximum: 365 },
  /** A gold day is rebuilt from raw objects: a month of them, and ten days to notice a problem. */
  rawRetention: { unit: "days", minimum: 40 },
  /** An SMS shows the first 160 characters, which must be the greater part of the text. */
  text: { unit: "characters", minimum: 1, maximum: 320 },
  /** The name shares an SMS of 160 characters with the hazard and its value. */
  locationName: { unit: "characters", minimum: 1, maximum: 40 },
  /** The sender begins every SMS of 160 characters. A preview shows the room that is left. */
  sender: { unit: "characters", minimum: 1, maximum: 30 },
  /** Advice ends an SMS of 160 characters. A preview shows the room that is left. */
  advice: { unit: "characters", minimum: 1, maximum: 60 },
  silenceReason: { unit: "characters", minimum: 1, maximum: 120 },
  /** A former name can be removed after every stack was updated once. */
  formerNames: { unit: "names", minimum: 1, maximum: 10 },
  /** With the stack and a section it is the id of S3's notification, for which AWS documents no length. */
  runbookUrl: { unit: "characters", maximum: 100 },
  capSender: { unit: "characters", minimum: 1, maximum: 120 },
  /** At the default poll rate, 100 polls take more than eight hours. */
  silentAfterPolls: { unit: "polls", minimum: 1, maximum: 100 },
  /** Both catch a misplaced decimal point. */
  smsPrice: { unit: "US dollars per SMS", minimum: 0.001, maximum: 10 },
  smsSpend: { unit: "US dollars per month", minimum: 1, maximum: 1_000_000 },
} as const satisfies Record<string, Limit>;

/** `records, 1 to 10000`; `days, 40 or more`; `bytes, 4096 at most`. */
export function rangeOf({ unit, minimum, maximum }: Limit): string {
  if (maximum === undefined) return `${unit}, ${minimum ?? 0} or more`;
  return minimum === undefined ? `${unit}, ${maximum} at most` : `${unit}, ${minimum} to ${maximum}`;
}
