import { copyFileSync } from "node:fs";
import { mkdtemp, rm } from "node:fs/promises";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect } from "chai";
import { silenceRule } from "../../config/polling.ts";
import { createAlertHandler } from "../../handlers/alert.ts";
import { createArchiveHandler } from "../../handlers/archive.ts";
import { createNotifyHandler } from "../../handlers/notify.ts";
import { createProduceHandler } from "../../handlers/produce.ts";
import { createWatchHandler } from "../../handlers/watch.ts";
import { createWebhookHandler } from "../../handlers/webhook.ts";
import { createVirtualClock } from "../../local/clock/virtual-clock.ts";
import { type Cloud, startCloud } from "../../local/cloud.ts";
import type { Graph } from "../../local/graph.ts";
import { loadProgram } from "../../local/program/load.ts";
import { readStackConfig } from "../../local/program/project.ts";
import { startWeatherApi, type WeatherApi } from "../../replay/weather-api.ts";
import { presets } from "../handlers/support/presets.ts";
import { receiveWebhooks, type WebhookReceiver } from "../handlers/support/webhook-receiver.ts";
import { projectDirectory } from "./program.ts";

const NOW = new Date("2024-04-30T11:00:00Z");
const STREAM = "observations";
const BUCKET = "lake";
const location = {
  id: "porto-alegre",
  name: "Porto Alegre",
  latitude: -30.0536,
  longitude: -51.1747,
  timeZone: "America/Sao_Paulo",
};

// biome-ignore lint/suspicious/noExplicitAny: handlers of five different shapes, called with their own events
type Handler = (event: any) => Promise<unknown>;
type Handlers = Readonly<Record<"produce" | "alert" | "archive" | "notify" | "webhook" | "watch", Handler>>;

/** The same handler three times: as a module, as the callback that Pulumi serializes, and as the bundle that ships. */
describe("handlers, serialized and bundled", function () {
  this.timeout(60_000);
  let folder: string;
  let api: WeatherApi;
  let receiver: WebhookReceiver;
  let serialized: Graph;
  let bundled: Graph;

  before(async () => {
    // Inside the project, so that a serialized callback finds `#handlers/…`.
    folder = await mkdtemp(join(projectDirectory, ".local-serialization-"));
    api = await startWeatherApi({
      series: [
        { file: "test", location, readings: [{ time: NOW, values: { ...NOTHING, rainIntensity: 4.2 } }] },
      ],
      locations: [location],
      now: () => NOW,
      apiKey: "replay",
    });
    receiver = await receiveWebhooks();
    const overrides = {
      "stormwire:webhooks": { ops: { url: receiver.url, secret: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" } },
      "stormwire:source": { provider: "tomorrow.io", baseUrl: api.url },
      "stormwire:apiKey": "replay",
    };
    const { config } = await readStackConfig(projectDirectory, "stormwire", "local", overrides);
    const stack = { stack: "local", overrides: config };
    const unbundled = join(projectDirectory, "test/fixtures/unbundled");
    serialized = await loadProgram({ ...stack, directory: unbundled, packages: join(folder, "serialized") });
    bundled = await loadProgram({
      ...stack,
      directory: projectDirectory,
      packages: join(folder, "bundled"),
    });
  });
  after(async () => {
    await api.stop();
    await receiver.stop();
    await rm(folder, { recursive: true, force: true });
  });

  it("do the same", async () => {
    const topicArn = String(bundled.outputs.topicArn);
    const opsTopicArn = topicArn.replace(/[^:]+$/, "operations");
    const asModules = await effects(() => modules(api.url, topicArn, opsTopicArn));
    const asCallbacks = await effects(() => packaged(serialized));
    const asBundles = await effects(() => packaged(bundled));

    expect(asModules.answers).to.deep.equal({
      produce: { polled: 1, put: 1, failed: [] },
      archive: { batchItemFailures: [] },
      alert: { batchItemFailures: [] },
      notify: { message: "shelter-briefing", subjects: ["Reuniao dos abrigos hoje as 19h na prefeitura"] },
      webhook: { delivered: 1 },
      watch: { silent: ["porto-alegre"], notified: 1 },
    });
    expect(asModules.delivered).to.deep.equal(['m-1 {"kind":"message","text":"Test"}']);
    expect(asModules.objects.filter((object) => !object.startsWith("cap/"))).to.have.length(
      6,
      "two raw hours, one in quarantine, one transition, two states",
    );
    expect(asModules.objects.some((object) => object.startsWith("cap/index.xml"))).to.equal(true);
    expect(asModules.messages).to.have.length.above(0);
    expect(asCallbacks).to.deep.equal(asModules);
    expect(asBundles).to.deep.equal(asModules);
  });

  /** What the handlers answer and leave behind when each is called once, over fresh services. */
  async function effects(load: () => Handlers) {
    const directory = await mkdtemp(join(folder, "run-"));
    const cloud = await startCloud({ graph: bundled, directory, clock: createVirtualClock({ start: NOW }) });
    const records: string[] = [];
    cloud.gateway.observe(({ operation, input }) => {
      if (operation === "PutRecords") {
        records.push(JSON.stringify(input));
      }
    });
    const restore = setEnvironment(cloud);
    const before = receiver.received.length;
    try {
      const handlers = load();
      const answers = {
        produce: await handlers.produce({ id: "poll-1", time: NOW.toISOString() }),
        archive: await handlers.archive(kinesisEvent(["garbage", observation(10, 60), observation(11, 60)])),
        alert: await handlers.alert(
          kinesisEvent([observation(10, 60), observation(11, 60), observation(12, 60)]),
        ),
        notify: await handlers.notify({ message: "shelter-briefing", scheduledTime: "2024-05-02T21:00:00Z" }),
        webhook: await handlers.webhook({
          Records: [{ Sns: { MessageId: "m-1", Message: '{"kind":"message","text":"Test"}' } }],
        }),
        watch: await handlers.watch({ time: "2024-05-02T21:00:00Z" }),
      };
      const bucket = cloud.s3.buckets.get(BUCKET)?.objects;
      const objects = [...(bucket?.from("") ?? [])].filter(({ key }) => !key.startsWith("etl/"));
      return {
        answers,
        records,
        objects: objects.map(({ key, etag }) => `${key} ${etag}`),
        messages: cloud.outbox.messages.map(({ endpoint, message }) => `${endpoint} ${message}`),
        delivered: receiver.received
          .slice(before)
          .map(({ headers, body }) => `${headers["webhook-id"]} ${body}`),
        denials: cloud.gateway.denials,
      };
    } finally {
      restore();
      await cloud.stop();
    }
  }
});

const NOTHING = {
  rainIntensity: null,
  pressureSurfaceLevel: null,
  temperature: null,
  dewPoint: null,
  humidity: null,
  windDirection: null,
  windGust: null,
  windSpeed: null,
};

function modules(baseUrl: string, topicArn: string, opsTopicArn: string): Handlers {
  const common = {
    bucketName: BUCKET,
    topicArn,
    locations: [location],
    languages: ["pt-BR"] as const,
    maxPriceUsd: 0.5,
  };
  const alerts = { rules: presets.inmet, capSender: "stormwire" };
  const text = "Reunião dos abrigos hoje às 19h na prefeitura";
  return {
    produce: createProduceHandler({
      streamName: STREAM,
      locations: [location],
      source: { provider: "tomorrow.io", baseUrl, apiKeyParameter: "/stormwire/local/api-key" },
    }),
    archive: createArchiveHandler({ bucketName: BUCKET }),
    alert: createAlertHandler({
      ...common,
      ...alerts,
      silences: {},
      yellow: "message",
      doubtful: "send",
    }),
    notify: createNotifyHandler({
      ...common,
      ...alerts,
      messages: { "shelter-briefing": { kind: "text", text, audience: "all" } },
    }),
    webhook: createWebhookHandler({
      name: "ops",
      format: "json",
      parameterName: "/stormwire/local/webhook-ops",
    }),
    watch: createWatchHandler({
      ...common,
      topicArn: opsTopicArn,
      silence: silenceRule("rate(1 hour)", 3),
      language: "pt-BR",
      capSender: alerts.capSender,
      silences: {},
      frame: { before: "[stormwire/local]", after: "Runbook: docs/runbook.md#silent-stations" },
    }),
  };
}

/** The handlers of a graph's packages, loaded afresh. */
function packaged({ resources }: Graph): Handlers {
  const require = createRequire(import.meta.url);
  const load = (name: string): Handler => {
    const found = resources.find(
      (candidate) => candidate.type === "aws:lambda/function:Function" && candidate.name === name,
    );
    const { directory } = found?.inputs.code as { directory: string };
    // Below the project's package.json a .js file would be taken for an ES module; Lambda takes it for CommonJS.
    copyFileSync(join(directory, "__index.js"), join(directory, "__index.cjs"));
    return require(join(directory, "__index.cjs")).handler;
  };
  return {
    produce: load("produce"),
    alert: load("alert"),
    archive: load("archive"),
    notify: load("notify"),
    webhook: load("webhook-ops"),
    watch: load("watch"),
  };
}

/** What Lambda sets, for code that runs in this process. */
function setEnvironment({ url, operator }: Cloud): () => void {
  const before = { ...process.env };
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: url,
    AWS_REGION: "us-east-1",
    AWS_ACCESS_KEY_ID: operator.accessKeyId,
    AWS_SECRET_ACCESS_KEY: operator.secretAccessKey,
    POWERTOOLS_LOG_LEVEL: "SILENT",
    POWERTOOLS_METRICS_DISABLED: "true",
  });
  return () => {
    process.env = before;
  };
}

function observation(hour: number, rainIntensity: number): string {
  return JSON.stringify({
    data: { time: `2024-04-30T${hour}:00:00Z`, values: { rainIntensity } },
    location: { id: location.id, name: location.name, lat: location.latitude, lon: location.longitude },
    source: "tomorrow.io",
  });
}

function kinesisEvent(bodies: readonly string[]) {
  return {
    Records: bodies.map((body, index) => ({
      eventID: `shardId-000000000000:${index + 1}`,
      eventSource: "aws:kinesis",
      kinesis: {
        partitionKey: location.id,
        sequenceNumber: String(index + 1),
        data: Buffer.from(body).toString("base64"),
        approximateArrivalTimestamp: Date.UTC(2024, 3, 30, 13) / 1000,
      },
    })),
  };
}
