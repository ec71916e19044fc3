import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { createVirtualClock } from "../../local/clock/virtual-clock.ts";
import { type Cloud, startCloud } from "../../local/cloud.ts";
import { loadStormwire } from "../infra/program.ts";
import { refuse } from "./eventful-run.ts";

const START = new Date("2024-04-30T11:00:30Z");
const FAILING = "porto-alegre";
/** In other parts of the shard than the failing one. */
const OTHERS = ["quito", "manaus"];
const SECONDS = 1000;

const locations = Object.fromEntries(
  [FAILING, ...OTHERS].map((id, index) => [
    id,
    { name: id, latitude: -index, longitude: -50, timeZone: "UTC" },
  ]),
);

describe("one location that fails, on a shard with others", function () {
  this.timeout(120_000);

  it("does not delay the alerts of the others, and its own records are kept", async () => {
    const directory = await mkdtemp(join(tmpdir(), "stormwire-apart-"));
    const { graph, remove } = await loadStormwire("local", {
      "stormwire:locations": locations,
      "stormwire:poll": "cron(0 0 1 1 ? *)", // the test puts the records
      "stormwire:subscriptions": { officer: { email: "officer@example.org" } },
      "stormwire:messages": {},
      "stormwire:rules": { preset: "inmet" },
    });
    const clock = createVirtualClock({ start: START });
    const cloud = await startCloud({ graph, directory, clock });
    try {
      const later = (seconds: number) => new Date(START.getTime() + seconds * SECONDS);
      const isOfFailing = (input: Readonly<Record<string, unknown>>) =>
        String(input.Key).startsWith(`state/alerts/${FAILING}`);
      refuse(cloud, "s3", "PutObject", isOfFailing);

      await put(cloud, FAILING, START);
      clock.at(later(2), async () => {
        for (const id of OTHERS) await put(cloud, id, later(2));
      });
      await clock.run({ speed: "max", until: later(600) });

      const isAlert = ({ attributes }: (typeof cloud.outbox.messages)[number]) => "location" in attributes;
      const notices = cloud.outbox.messages.filter((message) => !isAlert(message));
      expect(
        notices.map(({ endpoint }) => endpoint),
        "ops are notified of the failed batch",
      ).to.have.length(1);
      const delays = cloud.outbox.messages
        .filter(isAlert)
        .map(({ time, attributes }) => [
          attributes.location,
          (Date.parse(time) - later(2).getTime()) / SECONDS,
        ]);
      expect(delays.map(([location]) => location).sort()).to.deep.equal(OTHERS.toSorted());
      for (const [location, delay] of delays) expect(delay, String(location)).to.be.below(2);
      expect(cloud.problems().map(({ lost }) => lost)).to.deep.equal([false]);
    } finally {
      await cloud.stop();
      await remove();
      await rm(directory, { recursive: true, force: true });
    }
  });
});

async function put(cloud: Cloud, id: string, time: Date): Promise<void> {
  const record = {
    data: { time: time.toISOString(), values: { windGust: 40 } },
    location: { id, name: id, lat: 0, lon: -50 },
    source: "tomorrow.io",
  };
  await cloud.gateway.call(cloud.operator, "kinesis", "PutRecord", {
    StreamName: "observations",
    PartitionKey: id,
    Data: Buffer.from(JSON.stringify(record)),
  });
}
