import { rename, writeFile } from "node:fs/promises";
import { join } from "node:path";
import type { Transition } from "../../handlers/weather/alerts/transition.ts";
import type { OutboxMessage } from "../../local/sns/outbox.ts";
import type { ArchiveCounts } from "./archive-counts.ts";
import type { Observer } from "./observer.ts";

/** `DIR/summary.json`: what a run did. A contract for scripts: fields are added, never renamed. */
export interface Summary {
  /** Distinct observations (location and time) with at least one value. */
  readonly observations: number;
  /** Distinct observations without any value. */
  readonly missing: number;
  /** Records put on the stream. */
  readonly records: number;
  readonly alerts: readonly AlertSummary[];
  /** Messages delivered, by channel. */
  readonly messages: { readonly sms: number; readonly email: number; readonly webhooks: number };
  readonly raw: { readonly objects: number; readonly rows: number };
  /** `flagged`: values of it that are erroneous or doubtful. */
  readonly gold: { readonly days: number; readonly rows: number; readonly flagged: number };
  /** By location, the measures that rules need and that had no good value in the last reading. */
  readonly unwatched: Readonly<Record<string, readonly string[]>>;
  /** Records that could not be read, kept with their reason. */
  readonly quarantined: number;
  /** What went wrong in the end: refused calls, discarded batches, failed invocations, crawls and jobs. */
  readonly failed: number;
  readonly wallSeconds: number;
}

export interface AlertSummary {
  /** ISO 8601 time of the observation that decided. */
  readonly time: string;
  /** Location id. */
  readonly location: string;
  readonly hazard: string;
  readonly level: Transition["level"];
  readonly kind: Transition["kind"];
  /** In the rule's unit. */
  readonly value: number;
  readonly threshold: number;
  /** Whether it rests on a doubtful value. */
  readonly unconfirmed?: true | undefined;
}

/** Summarizes a run. */
export function summarize(facts: {
  readonly observer: Observer;
  readonly counts: ArchiveCounts;
  /** Delivered in this run. */
  readonly messages: readonly OutboxMessage[];
  /** Deliveries to webhooks. */
  readonly webhooks: number;
  readonly failed: number;
  readonly wallSeconds: number;
}): Summary {
  const { observer, counts, messages, webhooks, failed, wallSeconds } = facts;
  const through = (channel: OutboxMessage["protocol"]) =>
    messages.filter(({ protocol }) => protocol === channel).length;
  return {
    ...observer.observations(),
    records: observer.records(),
    alerts: observer.alerts.map(toSummary),
    messages: { sms: through("sms"), email: through("email"), webhooks },
    raw: counts.raw,
    gold: counts.gold,
    unwatched: counts.unwatched,
    quarantined: counts.quarantined,
    failed,
    wallSeconds,
  };
}

function toSummary({
  time,
  location,
  hazard,
  level,
  kind,
  value,
  threshold,
  unconfirmed,
}: Transition): AlertSummary {
  return { time, location, hazard, level, kind, value, threshold, ...(unconfirmed && { unconfirmed }) };
}

/** Every record on the stream must end in raw or in quarantine, or in a batch that Lambda discarded. */
export function lostRecords(records: number, { raw, quarantined, discarded }: ArchiveCounts): number {
  return discarded > 0 ? 0 : Math.max(0, records - raw.rows - quarantined);
}

/** Writes `DIR/summary.json`, whole or not at all. */
export async function writeSummary(directory: string, summary: Summary): Promise<void> {
  const file = join(directory, "summary.json");
  await writeFile(`${file}.new`, `${JSON.stringify(summary, null, 2)}\n`);
  await rename(`${file}.new`, file);
}
