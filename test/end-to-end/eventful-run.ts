import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createVirtualClock } from "../../local/clock/virtual-clock.ts";
import { type Cloud, startCloud } from "../../local/cloud.ts";
import { AwsError } from "../../local/endpoint/error.ts";
import type { Denial } from "../../local/endpoint/gateway.ts";
import type { Operation } from "../../local/endpoint/operation.ts";
import type { Graph } from "../../local/graph.ts";
import type { GrantUse } from "../../local/iam/authorizer.ts";
import type { Problem } from "../../local/problems.ts";
import { NO_VALUES } from "../../replay/measures.ts";
import { startWeatherApi } from "../../replay/weather-api.ts";
import { receiveWebhooks } from "../handlers/support/webhook-receiver.ts";
import { answer } from "../handlers/weather/sources/server.ts";
import { loadStormwire } from "../infra/program.ts";
import { PLANTED } from "./planted.ts";

const START = Date.UTC(2024, 3, 29, 20);
const HOURS = 31;
/**
 * Millimetres an hour: yellow before and red after midnight, so that both days have alerts, and yellow again for so long,
 * the silence included, that its CAP message is renewed.
 */
const RAIN = [0, 0, 25, 25, 65, 65, 0, 0, 0, 0, 0, 0, ...Array<number>(8).fill(25)];
/** Hours after the start in which the station says nothing. */
const SILENT = { from: 20, until: 26 };

const location = {
  id: "porto-alegre",
  name: "Porto Alegre",
  latitude: -30.0536,
  longitude: -51.1747,
  timeZone: "America/Sao_Paulo",
};
const rain = {
  hazard: "rain",
  measure: { metric: "rainIntensity" },
  levels: { yellow: 20, red: 60 },
  clear: { after: "2h", ratio: 0.9 },
};
const at = { at: "2024-04-30T09:00:00", timeZone: "America/Sao_Paulo", audience: "all" };

/** What a run left, after its end. */
export interface EventfulRun {
  readonly graph: Graph;
  /** The run's output folder. */
  readonly directory: string;
  /** Folder of the functions' packages. */
  readonly packages: string;
  readonly grantUses: readonly GrantUse[];
  readonly denials: readonly Denial[];
  readonly problems: readonly Problem[];
  remove(): Promise<void>;
}

/**
 * Thirty hours in which everything happens that a role has a permission for: alerts, messages of each kind, webhooks that
 * take and refuse, garbage, late data, a second ETL, a schema that grows, a silent station, batches given up. The stack's
 * config has every kind of secret, each {@link PLANTED}.
 */
export async function eventfulRun(): Promise<EventfulRun> {
  const directory = await mkdtemp(join(tmpdir(), "stormwire-eventful-"));
  const clock = createVirtualClock({ start: hoursAfterStart(-0.2) });
  const refusing = await receiveWebhooks(answer(410, "gone"));
  const taking = await receiveWebhooks(
    ...Array.from({ length: 3 }, () => answer(410, "gone")),
    answer(200, { ok: true }),
  );
  const readings = Array.from({ length: HOURS }, (_, hour) => ({
    time: hoursAfterStart(hour),
    values:
      hour >= SILENT.from && hour < SILENT.until
        ? NO_VALUES
        : { ...NO_VALUES, rainIntensity: RAIN[hour] ?? 0, temperature: 20 },
  }));
  const api = await startWeatherApi({
    series: [{ file: "test", location, readings }],
    locations: [location],
    now: () => clock.now(),
    apiKey: PLANTED.apiKey,
  });
  const { graph, packages, remove } = await loadStormwire("local", {
    "stormwire:source": { provider: "tomorrow.io", baseUrl: api.url },
    "stormwire:apiKey": PLANTED.apiKey,
    "stormwire:poll": "cron(0 * * * ? *)",
    "stormwire:rules": { preset: "inmet", hazards: [rain] },
    "stormwire:subscriptions": { person: { sms: PLANTED.phone, email: PLANTED.email } },
    "stormwire:opsEmail": PLANTED.opsEmail,
    "stormwire:messages": {
      text: { ...at, text: "Reuniao hoje as 19h" },
      digest: { ...at, digest: true },
      early: { ...at, at: "2024-04-29T16:55:00", digest: true }, // nothing is known of any place yet
      drill: { ...at, drill: { hazard: "rain", level: "red" } },
      unsent: { ...at, at: "2024-04-30T02:00:00", text: "Reuniao hoje as 8h" },
      // Nobody was alerted so far, and there is no feed of CAP documents.
      rehearsal: { ...at, at: "2024-04-29T17:30:00", drill: { hazard: "rain", level: "red" } },
    },
    "stormwire:webhooks": {
      program: { url: `${refusing.url}/${PLANTED.path}`, secret: PLANTED.webhookSecret },
      group: {
        url: `${taking.url}/bot${PLANTED.botToken}/sendMessage`,
        format: "telegram",
        chatId: PLANTED.chatId,
      },
    },
  });
  const cloud = await startCloud({ graph, directory, clock });
  const run = (hour: number) => clock.run({ speed: "max", until: hoursAfterStart(hour) });
  try {
    await run(6.5); // past the first ETL at 00:30
    await put(cloud, "not json");
    await put(cloud, observation(1, { rainIntensity: 1.5, windGust: 12 }));
    await leaveStray(cloud, "gold/observations/day=2024-04-29/part-0.parquet");
    await leaveStray(cloud, "gold/alerts/day=2024-04-30/part-0.parquet");
    await run(8.5);
    const recover = [
      refuse(cloud, "s3", "PutObject", ({ Key }) => /^(raw|state\/alerts)\//.test(String(Key))),
      refuse(cloud, "sns", "Publish", () => true), // of the message `unsent`
    ];
    await run(10.5);
    for (const end of recover) end();
    await run(HOURS - 1); // past the second
    return {
      graph,
      directory,
      packages,
      grantUses: cloud.grantUses(),
      denials: cloud.gateway.denials,
      problems: cloud.problems(),
      async remove() {
        await rm(directory, { recursive: true, force: true });
        await remove();
      },
    };
  } finally {
    await cloud.stop();
    await Promise.all([api.stop(), refusing.stop(), taking.stop()]);
  }
}

function hoursAfterStart(hours: number): Date {
  return new Date(START + hours * 3_600_000);
}

async function put(cloud: Cloud, body: string): Promise<void> {
  await cloud.gateway.call(cloud.operator, "kinesis", "PutRecord", {
    StreamName: "observations",
    PartitionKey: location.id,
    Data: Buffer.from(body),
  });
}

function observation(hour: number, values: Readonly<Record<string, number>>): string {
  return JSON.stringify({
    data: { time: hoursAfterStart(hour).toISOString(), values },
    location: { id: location.id, name: location.name, lat: location.latitude, lon: location.longitude },
    source: "tomorrow.io",
  });
}

/** A file that another engine or layout left below a gold day; the job's next rebuild of the day removes it. */
async function leaveStray(cloud: Cloud, Key: string): Promise<void> {
  await cloud.gateway.call(cloud.operator, "s3", "PutObject", { Bucket: "lake", Key, Body: "stray" });
}

/** Lets a service refuse calls of an operation, with an error that clients do not retry. Returns what ends it. */
export function refuse(
  cloud: Cloud,
  service: string,
  name: string,
  isRefused: (input: Readonly<Record<string, unknown>>) => boolean,
): () => void {
  const operations = cloud.gateway.service(service)?.operations as Record<string, Operation>;
  const original = operations[name];
  if (original === undefined) throw new Error(`${service} has no ${name}`);
  operations[name] = {
    ...original,
    run(input, context) {
      if (isRefused(input as Readonly<Record<string, unknown>>))
        throw new AwsError("InvalidRequest", "refused by the test");
      return original.run(input, context);
    },
  };
  return () => {
    operations[name] = original;
  };
}
