import { styleText } from "node:util";
import { alignColumns, tableLines } from "../columns.ts";
import { utc } from "../start/text.ts";
import { explainAccount } from "./account.ts";
import type { Channel, Stray } from "./compare.ts";
import type { Report } from "./report.ts";

/** For people: a table, what its states mean, and what the account's SMS settings mean. */
export function formatReport(report: Report): string {
  const { stack, topicArn, channels, strays } = report;
  const title = styleText("bold", `Subscriptions of stack "${stack}"`);
  const sections = [
    [`${title}, ${topicArn}`],
    channels.length + strays.length > 0
      ? table(report)
      : ["no subscriptions, neither in config nor on the topic"],
    meanings(report),
    account(report),
  ];
  return `${sections
    .filter((lines) => lines.length > 0)
    .map((lines) => lines.join("\n"))
    .join("\n\n")}\n`;
}

/** The same for programs; fields are added, never renamed. No `locations` means all locations. */
export function toJson({ stack, topicArn, channels, strays, account: sms }: Report): string {
  const findings = sms && explainAccount(sms, phonesOf(channels));
  const content = { stack, topicArn, subscriptions: channels, notInConfig: strays, account: findings };
  return `${JSON.stringify(content, null, 2)}\n`;
}

function table({ channels, strays }: Report): string[] {
  const head = ["name", "channel", "endpoint", "level", "places", "language", "groups", "state"];
  return tableLines({ head, rows: [...channels.map(channelCells), ...strays.map(strayCells)] });
}

function channelCells({ name, protocol, endpoint, level, locations, language, groups, ...rest }: Channel) {
  const { state, since } = rest;
  return [
    name,
    protocol,
    endpoint,
    level,
    locations?.join(" ") ?? "all",
    language,
    groups.join(" ") || "–",
    since === undefined ? state : `${state} since ${utc(new Date(since))}`,
  ];
}

function strayCells({ protocol, endpoint, state }: Stray): string[] {
  const unknown = Array.from({ length: 4 }, () => "–");
  return ["–", protocol, endpoint, ...unknown, `not in config (${state})`];
}

function meanings({ stack, channels, strays, account: sms }: Report): string[] {
  const has = (state: Channel["state"]) => channels.some((channel) => channel.state === state);
  const again = sms === undefined ? "run npm start again" : `pulumi up --refresh --stack ${stack}`;
  const rows = [
    [
      "pending",
      `its owner must follow the link in the mail that AWS sent; 48 hours after, SNS forgets it: ${again} then sends another`,
      has("pending"),
    ],
    [
      "missing",
      `in config, not on the topic: not deployed yet, left, or never confirmed; ${again} subscribes it again`,
      has("missing"),
    ],
    [
      "not in config",
      "subscribed by hand: aws sns unsubscribe --subscription-arn ARN removes it (--json has the ARN)",
      strays.length > 0,
    ],
  ] as const;
  return alignColumns(
    rows.filter(([, , isShown]) => isShown).map(([state, meaning]) => [`  ${state}`, meaning]),
  ).lines;
}

function account({ channels, account: sms }: Report): string[] {
  if (sms === undefined) {
    return [
      "A local run has no account: texts and e-mails are in its outbox.ndjson, and e-mail counts as confirmed.",
    ];
  }
  const phones = phonesOf(channels);
  const rows = explainAccount(sms, phones).map(({ subject, text, isWarning }) => [
    isWarning ? "!" : " ",
    subject,
    text,
  ]);
  const title = styleText("bold", `SMS of the account in ${sms.region}`);
  return [`${title}, ${phones} subscribed`, ...alignColumns(rows).lines];
}

function phonesOf(channels: readonly Channel[]): number {
  return channels.filter(({ protocol }) => protocol === "sms").length;
}
