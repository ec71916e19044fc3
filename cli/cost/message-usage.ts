import type { Usage } from "./bill.ts";
import { alertsOf, heardBy, type MonthOf, scheduledFor, schedulesOf, sumOfRuns } from "./events.ts";
import { counted } from "./numbers.ts";
import type { Price } from "./prices.ts";

/** At most: SNS uses a data key again for five minutes. https://docs.aws.amazon.com/sns/latest/dg/sns-key-management.html */
const KMS_CALLS_A_PUBLISH = 2;

/** Messages and those who get them. */
export function messageUsage(month: MonthOf): Usage[] {
  const { deployment, workload } = month;
  const { opsMessages } = workload.assumptions;
  const schedules = schedulesOf(deployment);
  const scheduled = sumOfRuns(schedules);
  const messagesOf = alertsOf(month) + scheduled;
  const publishes = messagesOf * workload.languages + opsMessages;
  const texts = deliveries(month, "sms", workload.phones);
  const mails = deliveries(month, "email", workload.mailboxes);
  const sms: Price = {
    service: "SNS",
    unit: "text",
    usd: workload.smsUsd,
    per: 1,
    source: "https://aws.amazon.com/sns/sms-pricing/",
  };
  return [
    { price: sms, quantity: texts.count, basis: `${counted(texts.recipients, "phone")}: all their messages` },
    {
      price: "sns.publish",
      quantity: publishes,
      basis: `${counted(messagesOf, "message")} x ${counted(workload.languages, "language")} + ${opsMessages} to ops`,
    },
    {
      price: "kms.request",
      quantity: deployment.keys.length > 0 ? publishes * KMS_CALLS_A_PUBLISH : 0,
      basis: `topics: ${counted(publishes, "message")} x ${KMS_CALLS_A_PUBLISH}`,
    },
    {
      price: "sns.email",
      quantity: mails.count + opsMessages,
      basis: `${counted(mails.recipients, "mailbox", "mailboxes")}: all their messages, and ${opsMessages} to ops`,
    },
    {
      price: "scheduler.invocation",
      quantity: scheduled,
      basis: `${counted(schedules.length, "schedule")}: their runs`,
    },
  ];
}

/** Texts or mails of a month: of the graph's subscribers, or of so many that hear everything. */
function deliveries(month: MonthOf, protocol: "sms" | "email", instead: number | undefined) {
  if (instead !== undefined) {
    const each = alertsOf(month) + scheduledFor(month, ["all"]);
    return { recipients: instead, count: instead * each };
  }
  const hearing = month.deployment.subscribers.filter((subscriber) => subscriber.protocol === protocol);
  const count = hearing.reduce(
    (sum, subscriber) => sum + heardBy(month, subscriber) + scheduledFor(month, subscriber.audiences),
    0,
  );
  return { recipients: hearing.length, count };
}
