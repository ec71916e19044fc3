import type { Change } from "./difference.ts";

/** `pulumi config set --path` and `rm --path` below `stormwire:`, or files of `queries/`; and what the update touches. */
export interface ConfigChange {
  readonly what: string;
  /** Path -> value. */
  readonly set?: Readonly<Record<string, unknown>>;
  readonly remove?: readonly string[];
  /** File of `queries/` -> its text, or null when it is taken away. */
  readonly queries?: Readonly<Record<string, string | null>>;
  /** `KIND NAME` -> change; `KIND *` stands for every resource of the kind that is not named. */
  readonly touches: Readonly<Record<string, Change>>;
}

const canoas = { name: "Canoas", latitude: -29.9178, longitude: -51.1836, timeZone: "America/Sao_Paulo" };
export const duty = { sms: "+5551999990001", email: "duty@example.org", level: "orange" };
export const mayor = { email: "mayor@example.org", level: "red", locations: ["porto-alegre"] };
const siren = { url: "https://hooks.example.org/siren", secret: `whsec_${"A".repeat(32)}` };
const digest = { cron: "0 7 * * ? *", timeZone: "America/Sao_Paulo", digest: true };
const meeting = { at: "2030-05-02T18:00:00", timeZone: "America/Sao_Paulo", text: "Meeting at seven" };

/** A stack that has one or two of everything: what it sets beside `Pulumi.dev.yaml`. */
export const BEFORE: Readonly<Record<string, unknown>> = {
  apiKey: "key",
  source: { provider: "tomorrow.io", callsPerDay: 1000 },
  "locations.canoas": canoas,
  subscriptions: { duty, mayor },
  groups: { council: ["mayor"] },
  webhooks: { siren },
  messages: { digest, meeting },
};

const EVERY_HANDLER_OF_PLACES = {
  "lambda.Function alert": "update",
  "lambda.Function notify": "update",
  "lambda.Function produce": "update",
  "lambda.Function watch": "update",
} as const;

/** The call budget goes by the number of places: the alarm about the API's quota compares with it. */
const ONE_PLACE_MORE_OR_LESS = {
  ...EVERY_HANDLER_OF_PLACES,
  "cloudwatch.MetricAlarm quota": "update",
  "cloudwatch.Dashboard operations": "update",
} as const;

const RULE_HANDLERS = { "lambda.Function alert": "update", "lambda.Function notify": "update" } as const;

function webhookParts<Kind extends Change>(name: string, change: Kind): Record<string, Kind> {
  const kinds = [
    "HandlerFunction",
    "cloudwatch.LogGroup",
    "iam.Role",
    "iam.RolePolicy",
    "lambda.Function",
    "lambda.FunctionEventInvokeConfig",
    "lambda.Permission",
    "sns.TopicSubscription",
    "ssm.Parameter",
  ];
  const parts = Object.fromEntries(kinds.map((kind) => [`${kind} webhook-${name}`, change]));
  const alarms = ["dead", "lost"].map((what) => [`cloudwatch.MetricAlarm webhook-${name}-${what}`, change]);
  return { ...parts, ...Object.fromEntries(alarms) };
}

function queryParts<Named extends Change, Prepared extends Change>(
  name: string,
  named: Named,
  prepared: Prepared,
) {
  return { [`athena.NamedQuery ${name}`]: named, [`athena.PreparedStatement ${name}`]: prepared };
}

const QUERY = `-- title: Newest
-- question: What was read last?
-- columns: newest_at UTC
-- cost: one column of every day
SELECT MAX(observed_at) AS newest_at FROM observations
`;

export const CHANGES: readonly ConfigChange[] = [
  {
    what: "a person is added",
    set: { "subscriptions.nurse": { sms: "+5551999990003" } },
    touches: { "sns.TopicSubscription nurse-sms": "create" },
  },
  {
    what: "a person is renamed (`was`)",
    remove: ["subscriptions.duty"],
    set: { "subscriptions.officer": { ...duty, was: "duty" } },
    touches: {
      "sns.TopicSubscription officer-email (was duty-email)": "update",
      "sns.TopicSubscription officer-sms (was duty-sms)": "update",
    },
  },
  {
    what: "a person is renamed (`was`), and has another phone number",
    remove: ["subscriptions.duty"],
    set: { "subscriptions.officer": { ...duty, sms: "+5551999990009", was: ["night-duty", "duty"] } },
    touches: {
      "sns.TopicSubscription officer-email (was duty-email)": "update",
      "sns.TopicSubscription officer-sms (was duty-sms)": "replace",
    },
  },
  {
    what: "a person is removed",
    remove: ["subscriptions.duty"],
    touches: { "sns.TopicSubscription duty-email": "delete", "sns.TopicSubscription duty-sms": "delete" },
  },
  {
    what: "a person's phone number changes",
    set: { "subscriptions.duty.sms": "+5551999990009" },
    touches: { "sns.TopicSubscription duty-sms": "replace" },
  },
  {
    what: "a person's phone is removed, the mailbox stays",
    remove: ["subscriptions.duty.sms"],
    touches: { "sns.TopicSubscription duty-sms": "delete" },
  },
  {
    what: "a person's level changes",
    set: { "subscriptions.mayor.level": "orange" },
    touches: { "sns.TopicSubscription mayor-email": "update" },
  },
  {
    what: "a person joins a group",
    set: { "groups.council": ["mayor", "duty"] },
    touches: { "sns.TopicSubscription duty-email": "update", "sns.TopicSubscription duty-sms": "update" },
  },
  {
    what: "a person is the first to hear in English",
    set: { "subscriptions.mayor.language": "en" },
    touches: { "sns.TopicSubscription mayor-email": "update", ...RULE_HANDLERS },
  },
  {
    what: "a place is added",
    set: { "locations.viamao": { ...canoas, name: "Viamao", latitude: -30.0811 } },
    touches: ONE_PLACE_MORE_OR_LESS,
  },
  {
    what: "a place is renamed",
    remove: ["locations.canoas"],
    set: { "locations.canoas-north": canoas },
    touches: EVERY_HANDLER_OF_PLACES,
  },
  { what: "a place is removed", remove: ["locations.canoas"], touches: ONE_PLACE_MORE_OR_LESS },
  {
    what: "a place that a person names is renamed",
    remove: ["locations.porto-alegre"],
    set: { "locations.capital": canoas, "subscriptions.mayor.locations": ["capital"] },
    touches: { ...EVERY_HANDLER_OF_PLACES, "sns.TopicSubscription mayor-email": "update" },
  },
  {
    what: "a rule is added",
    set: {
      "rules.hazards": [
        { hazard: "cold", measure: { metric: "temperature" }, levels: { red: 0 }, below: true },
      ],
    },
    touches: RULE_HANDLERS,
  },
  { what: "a rule is removed", set: { "rules.off": ["dry-air"] }, touches: RULE_HANDLERS },
  { what: "the preset changes", set: { "rules.preset": "nws" }, touches: RULE_HANDLERS },
  {
    what: "one place gets a rule of its own",
    set: { "locations.canoas.rules": { off: ["dry-air"] } },
    touches: RULE_HANDLERS,
  },
  {
    what: "quiet hours are set",
    set: { quietHours: { from: "22:00", to: "06:00" } },
    touches: { "lambda.Function alert": "update" },
  },
  {
    what: "a sensor is silenced",
    set: {
      "silences.repair": { from: "2030-01-01T00:00:00Z", until: "2030-01-02T00:00:00Z", reason: "Repair" },
    },
    touches: { "lambda.Function alert": "update" },
  },
  {
    what: "a webhook is added",
    set: { "webhooks.pager": { ...siren, url: "https://hooks.example.org/pager" } },
    touches: { ...webhookParts("pager", "create"), "cloudwatch.Dashboard operations": "update" },
  },
  {
    what: "a webhook is removed",
    remove: ["webhooks.siren"],
    touches: { ...webhookParts("siren", "delete"), "cloudwatch.Dashboard operations": "update" },
  },
  {
    what: "a webhook is renamed",
    remove: ["webhooks.siren"],
    set: { "webhooks.horn": siren },
    touches: {
      ...webhookParts("siren", "delete"),
      ...webhookParts("horn", "create"),
      "cloudwatch.Dashboard operations": "update",
    },
  },
  {
    what: "a webhook's URL or key changes",
    set: { "webhooks.siren.url": "https://hooks.example.org/other" },
    touches: { "ssm.Parameter webhook-siren": "update" },
  },
  {
    what: "a message is added",
    set: { "messages.test": { rate: "12 hours", timeZone: "UTC", text: "Test" } },
    touches: { "scheduler.Schedule test": "create", "lambda.Function notify": "update" },
  },
  {
    what: "a message is renamed",
    remove: ["messages.meeting"],
    set: { "messages.council": meeting },
    touches: {
      "scheduler.Schedule council": "create",
      "scheduler.Schedule meeting": "delete",
      "lambda.Function notify": "update",
    },
  },
  {
    what: "a message is removed",
    remove: ["messages.meeting"],
    touches: { "scheduler.Schedule meeting": "delete", "lambda.Function notify": "update" },
  },
  {
    what: "a message gets another hour",
    set: { "messages.digest.cron": "0 8 * * ? *" },
    touches: { "scheduler.Schedule digest": "update" },
  },
  {
    what: "a message gets another text",
    set: { "messages.meeting.text": "Meeting at eight" },
    touches: { "lambda.Function notify": "update" },
  },
  {
    what: "a saved query is added",
    queries: { "newest.sql": QUERY },
    touches: queryParts("newest", "create", "create"),
  },
  {
    what: "a saved query is renamed",
    queries: { "gaps.sql": null, "holes.sql": "gaps.sql" },
    touches: { ...queryParts("gaps", "delete", "delete"), ...queryParts("holes", "create", "create") },
  },
  {
    what: "a saved query is removed",
    queries: { "gaps.sql": null },
    touches: queryParts("gaps", "delete", "delete"),
  },
  {
    what: "a saved query's text changes",
    queries: { "gaps.sql": "completeness.sql" },
    touches: queryParts("gaps", "replace", "update"),
  },
  {
    what: "polls come at another rate",
    set: { poll: "rate(10 minutes)" },
    touches: {
      "cloudwatch.EventRule poll": "update",
      "cloudwatch.EventRule watch": "update",
      "lambda.Function watch": "update",
      // The call budget: what the producer counts down from, and what the alarms about it compare with.
      "lambda.Function produce": "update",
      "cloudwatch.MetricAlarm no-observations": "update",
      "cloudwatch.MetricAlarm alert-not-invoked": "update",
      "cloudwatch.MetricAlarm archive-not-invoked": "update",
      "cloudwatch.MetricAlarm watch-not-invoked": "update",
      "cloudwatch.MetricAlarm quota": "update",
      "cloudwatch.Dashboard operations": "update",
    },
  },
  { what: "the API key changes", set: { apiKey: "other" }, touches: { "ssm.Parameter api-key": "update" } },
  {
    what: "the stream becomes on-demand, or keeps records longer",
    set: { stream: { mode: "on-demand", retentionHours: 168 } },
    touches: { "kinesis.Stream observations": "update" },
  },
  {
    what: "the ETL starts at another hour",
    set: { "lake.schedule": "cron(0 6 * * ? *)" },
    touches: { "glue.Trigger etl-raw-crawl": "update" },
  },
  {
    what: "the crawlers come each day with the job, which is not started alone any more",
    set: { lake: { schedule: "cron(30 0 * * ? *)" } },
    touches: { "glue.Trigger etl-raw-crawl": "update", "glue.Trigger etl-job-alone": "delete" },
  },
  {
    what: "alarms get a mailbox",
    set: { opsEmail: "ops@example.org" },
    touches: { "sns.TopicSubscription operations": "create" },
  },
  {
    what: "the runbook is published (`runbookUrl`)",
    set: { runbookUrl: "https://example.org/runbook" },
    touches: {
      "cloudwatch.MetricAlarm *": "update",
      "cloudwatch.EventTarget failed-job": "update",
      "cloudwatch.EventTarget failed-crawler": "update",
      "s3.BucketNotification given-up": "update",
      "lambda.Function watch": "update",
    },
  },
  {
    what: "logs are kept longer",
    set: { logRetentionDays: 90 },
    touches: { "cloudwatch.LogGroup *": "update" },
  },
  {
    what: "the stack is protected (`protect`)",
    set: { protect: true },
    touches: { "kms.Key observations": "update", "s3.Bucket lake": "update" },
  },
];
