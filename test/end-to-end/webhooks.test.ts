import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { Webhook } from "standardwebhooks";
import { countArchive } from "../../cli/start/archive-counts.ts";
import type { ProgramMessage } from "../../handlers/weather/messages/message.ts";
import { createVirtualClock } from "../../local/clock/virtual-clock.ts";
import { type Cloud, startCloud } from "../../local/cloud.ts";
import { NO_VALUES } from "../../replay/measures.ts";
import { startWeatherApi } from "../../replay/weather-api.ts";
import { receiveWebhooks, type WebhookReceiver } from "../handlers/support/webhook-receiver.ts";
import { type Answer, answer } from "../handlers/weather/sources/server.ts";
import { loadStormwire } from "../infra/program.ts";

const SECRET = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
const START = Date.UTC(2024, 3, 30, 6);
/** Millimetres an hour, hour by hour: yellow, red, and over. */
const RAIN = [0, 25, 65, 0, 0, 0, 0];
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

describe("webhooks, from the weather API to the receiver", function () {
  this.timeout(60_000);
  let directory: string;
  let receiver: WebhookReceiver;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "stormwire-webhooks-"));
  });
  afterEach(async () => {
    await receiver.stop();
    await rm(directory, { recursive: true, force: true });
  });

  it("get start, escalation and all-clear in order, each signed", async () => {
    receiver = await receiveWebhooks();

    const problems = await replay((cloud) => cloud.problems());

    expect(problems).to.deep.equal([]);
    const verified = receiver.received.map(
      ({ body, headers }) => new Webhook(SECRET).verify(body, headers) as ProgramMessage,
    );
    expect(verified.map(({ kind, alert }) => `${kind} ${alert?.level} ${alert?.time}`)).to.deep.equal([
      "start yellow 2024-04-30T07:00:00Z",
      "escalation red 2024-04-30T08:00:00Z",
      "clear red 2024-04-30T11:00:00Z",
    ]);
    expect(new Set(receiver.received.map(({ headers }) => headers["webhook-id"]))).to.have.length(3);
  });

  it("lose nothing when they are down: each message is kept with its reason and can be sent again", async () => {
    const down: Answer[] = Array.from({ length: 9 }, () => answer(410, "gone"));
    receiver = await receiveWebhooks(...down, answer(204, ""));

    await replay(async (cloud, run) => {
      const letters = deadLetters(cloud);
      expect(cloud.problems().map(({ kind, lost }) => [kind, lost])).to.deep.equal([
        ["invocation", false],
        ["invocation", false],
        ["invocation", false],
      ]);
      expect(cloud.problems()[0]?.message).to.match(
        /^webhook-ops, from arn:\S+:alerts: WebhookRefusedError: webhook ops: 127\.0\.0\.1:\d+ answered 410; message \S+; kept in s3:\/\/lake\/aws\/lambda\/async\/webhook-ops\//,
      );
      expect(letters.map(({ responsePayload }) => responsePayload.errorType)).to.deep.equal([
        "WebhookRefusedError",
        "WebhookRefusedError",
        "WebhookRefusedError",
      ]);
      const { discarded } = await countArchive(cloud, { bucket: "lake", database: "" });
      expect(discarded, "no batch of the stream: a lost record would still be told").to.equal(0);
      expect(JSON.stringify(letters)).not.to.include("planted").and.not.to.include(SECRET.slice(6));

      for (const { requestPayload } of letters) {
        await cloud.lambda.invokeAsync("webhook-ops", requestPayload, "redrive");
      }
      await run();

      const ids = receiver.received.map(({ headers }) => headers["webhook-id"]);
      expect(ids, "three attempts each, then the redrive").to.have.length(12);
      expect(ids.slice(9)).to.have.members([...new Set(ids.slice(0, 9))]);
      expect(cloud.problems()).to.have.length(3);
    });
  });

  /** Runs the program over the rain, with one webhook that points at the receiver. */
  async function replay<Result>(
    then: (cloud: Cloud, run: () => Promise<void>) => Result | Promise<Result>,
  ): Promise<Result> {
    const clock = createVirtualClock({ start: new Date(START) });
    const readings = RAIN.map((rainIntensity, hour) => ({
      time: new Date(START + hour * 3_600_000),
      values: { ...NO_VALUES, rainIntensity },
    }));
    const api = await startWeatherApi({
      series: [{ file: "test", location, readings }],
      locations: [location],
      now: () => clock.now(),
      apiKey: "replay",
    });
    const program = await loadStormwire("local", {
      "stormwire:source": { provider: "tomorrow.io", baseUrl: api.url },
      "stormwire:apiKey": "replay",
      "stormwire:rules": { preset: "inmet", hazards: [rain] },
      "stormwire:messages": {},
      "stormwire:webhooks": { ops: { url: `${receiver.url}/planted`, secret: SECRET } },
    });
    const cloud = await startCloud({ graph: program.graph, directory, clock });
    const run = (until?: Date) => clock.run({ speed: "max", ...(until && { until }) });
    try {
      await run(readings.at(-1)?.time);
      return await then(cloud, () => run(clock.now()));
    } finally {
      await cloud.stop();
      await api.stop();
      await program.remove();
    }
  }
});

interface DeadLetter {
  readonly requestPayload: unknown;
  readonly responsePayload: { readonly errorType: string };
}

/** What lies where docs/webhooks.md says, oldest first. */
function deadLetters(cloud: Cloud): DeadLetter[] {
  const store = cloud.s3.buckets.get("lake")?.objects;
  return [...(store?.from("") ?? [])]
    .filter(({ key }) => key.startsWith("aws/lambda/async/webhook-ops/"))
    .map((object) => JSON.parse(Buffer.from(store?.read(object) ?? []).toString()));
}
