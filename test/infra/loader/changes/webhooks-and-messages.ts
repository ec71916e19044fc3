import type { Change } from "../difference.ts";
import { type ConfigChange, meeting, siren } from "./stack.ts";

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

export const WEBHOOKS_AND_MESSAGES: readonly ConfigChange[] = [
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
    what: "the hour of a message changes",
    set: { "messages.digest.cron": "0 8 * * ? *" },
    touches: { "scheduler.Schedule digest": "update" },
  },
  {
    what: "the text of a message changes",
    set: { "messages.meeting.text": "Meeting at eight" },
    touches: { "lambda.Function notify": "update" },
  },
];
