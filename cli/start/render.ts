import { existsSync } from "node:fs";
import { join } from "node:path";
import { styleText } from "node:util";
import { counted } from "../../lib/counted.ts";
import { alignColumns, indented } from "../columns.ts";
import { formatTable } from "../query/format.ts";
import { commandOptionsOf } from "../stack/options.ts";
import type { Outcome } from "./run.ts";
import { alertLine, shown } from "./text.ts";
import { WEBHOOK_INBOX } from "./webhook-inbox.ts";

/** Characters before each line of a section. */
const INDENT = 2;

/** The summary for people, at the end of a run. */
export function renderSummary(outcome: Outcome): string {
  const { summary, alerts, queries, problems } = outcome;
  const sections = [
    section("Alerts", [
      ...(alerts.length > 0 ? alerts.map(alertLine) : ["none"]),
      ...unwatchedLines(summary),
    ]),
    section("Messages", [delivered(summary.messages)]),
    section("Data", counts(outcome)),
    ...queries.map(({ query, result }) =>
      section(`${query.title} (${query.name})`, formatTable(query, result, INDENT).trimEnd().split("\n")),
    ),
    section("Where things are", places(outcome)),
    ...(problems.length > 0
      ? [
          section(
            "Problems",
            problems.map(
              ({ kind, message, lost: isLost }) => `${isLost ? "lost" : "kept"}, ${kind}: ${message}`,
            ),
          ),
        ]
      : []),
  ];
  return `${sections.join("\n")}\n${verdict(outcome)}\n`;
}

/** Hazards that need these measures may be there unseen. */
function unwatchedLines({ unwatched }: Outcome["summary"]): string[] {
  return Object.entries(unwatched).map(
    ([location, measures]) => `no data at the end: ${measures.join(", ")} at ${location}`,
  );
}

function delivered({ sms, email, webhooks }: Outcome["summary"]["messages"]): string {
  return `${sms} SMS, ${counted(email, "e-mail")}${webhooks > 0 ? `, ${webhooks} to webhooks` : ""}`;
}

function section(title: string, lines: readonly string[]): string {
  return [styleText("bold", title), ...indented(lines).map((line) => line.trimEnd()), ""].join("\n");
}

function counts({ summary }: Outcome): string[] {
  const { observations, missing, records, raw, gold, quarantined } = summary;
  return alignColumns(
    [
      ["readings", `${observations} with values, ${missing} missing`],
      ["stream", counted(records, "record")],
      ["raw", `${counted(raw.rows, "row")} in ${counted(raw.objects, "object")}`],
      [
        "gold",
        `${counted(gold.rows, "row")} in ${counted(gold.days, "day")}, ${counted(gold.flagged, "value")} flagged`,
      ],
      ["quarantine", counted(quarantined, "record")],
    ],
    [],
    INDENT,
  ).lines;
}

function places({ directory, bucket, stack }: Outcome): string[] {
  const below = (...parts: string[]) => shown(join(directory, ...parts));
  return alignColumns(
    [
      [below("outbox.ndjson"), "what phones and mailboxes got"],
      ...(existsSync(join(directory, WEBHOOK_INBOX))
        ? [[below(WEBHOOK_INBOX), "what webhooks on other machines would have got"]]
        : []),
      [below("s3", bucket), "the bucket, as plain files"],
      [below("logs"), "what the functions logged"],
      [below("summary.json"), "this summary, for programs"],
      [
        `npx stormwire query${commandOptionsOf({ stack, localRun: shown(directory) })}`,
        "the saved queries on the same gold",
      ],
    ],
    [],
    INDENT,
  ).lines;
}

function verdict({ problems, lost, summary }: Outcome): string {
  const took = `${summary.wallSeconds.toFixed(1)} s`;
  if (summary.observations === 0) {
    return styleText(
      "red",
      `No observation arrived: ${counted(problems.length, "problem")}, ${counted(lost, "record")} lost. ${took}`,
    );
  }
  if (problems.length === 0 && lost === 0) {
    return styleText("green", `Nothing was lost. ${took}`);
  }
  return styleText("red", `${counted(problems.length, "problem")}, ${counted(lost, "record")} lost. ${took}`);
}
