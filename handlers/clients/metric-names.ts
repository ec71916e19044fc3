export const METRICS_NAMESPACE = "Stormwire";

/**
 * How often a metric has a value: `always`, in each invocation; `seldom`, only when there is something to count.
 * CloudWatch bills a custom metric for the hours in which it has one: $0.30 a month for `always`, next to nothing for
 * `seldom`. https://aws.amazon.com/cloudwatch/pricing/
 */
export type Frequency = "always" | "seldom";

/**
 * Every custom metric of the functions, by the function that counts it. Each has one dimension, `service`, the
 * function's name on AWS, so that stacks of one account stay apart.
 */
export const METRICS = {
  produce: {
    ObservationsSent: "always",
    /** Places without a record. */
    ObservationsFailed: "seldom",
    /** Requests to the weather API, repeated ones too. */
    ApiCalls: "always",
    ApiCallsLeftToday: "always",
  },
  alert: {
    ObservationsUsed: "always",
    /** Records that are not observations of a configured location. */
    ObservationsUnusable: "seldom",
    /** Places whose records were given back to the stream: Lambda counts no error of its own for them. */
    LocationsFailed: "seldom",
    /** Announced transitions by level, all-clears included. */
    AlertsYellow: "seldom",
    AlertsOrange: "seldom",
    AlertsRed: "seldom",
  },
  archive: {
    ArchivedRows: "always",
    QuarantinedRecords: "seldom",
    /** Values that the weather cannot have, such as fill values: unknown to alerts and queries. */
    ErroneousValues: "seldom",
    /** Values that are possible and unlikely, by the checks that one reading allows. */
    DoubtfulValues: "seldom",
  },
  watch: {
    SilentStations: "always",
    /** Measures that rules need and that have no good value, of stations that are not silent. */
    UnwatchedMeasures: "always",
  },
  notify: { MessagesPublished: "seldom" },
} as const satisfies Record<string, Record<string, Frequency>>;

/** A function that counts. */
export type MeteredFunction = keyof typeof METRICS;

export type MetricOf<Function extends MeteredFunction> = Extract<keyof (typeof METRICS)[Function], string>;
