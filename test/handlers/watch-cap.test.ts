import { expect } from "chai";
import { createNotifyHandler } from "../../handlers/notify.ts";
import { createWatchHandler, WatchError, type WatchOptions } from "../../handlers/watch.ts";
import {
  ALERT_OPTIONS,
  archivedKeysOf,
  at,
  type Clients,
  capKeysOf,
  container,
  createWorld,
  feedIdsOf,
  gust,
  gustContainer,
  messagesOf,
  STATE_KEY,
  stateOf,
  type World,
} from "./support/alert-world.ts";
import { createTurns, type Trouble, throughGate, troubledGate } from "./support/awaits.ts";
import { s3Error } from "./support/fake-s3.ts";
import { kinesisEvent } from "./support/kinesis-event.ts";
import { createFakeLog } from "./support/log.ts";
import { createFakeMeter } from "./support/meter.ts";
import { portoAlegre, rioGrande } from "./support/places.ts";
import { childText, parseTree } from "./support/xml-tree.ts";
import { capProblems } from "./weather/cap/cap-rules.ts";

/** Hours of 2024-04-30, as those of observations. */
const hour = (hours: number) => new Date(Date.UTC(2024, 3, 30) + hours * 3_600_000);

function watchOf(clients: Clients, options: Partial<WatchOptions> = {}) {
  const handler = createWatchHandler(
    {
      bucketName: "lake",
      topicArn: "arn:aws:sns:us-east-1:123456789012:operations",
      locations: [portoAlegre, rioGrande],
      silence: { silentAfterSeconds: 1000 * 3600, pollSeconds: 3600 },
      language: "en",
      languages: ["en"],
      capSender: "stormwire@example.org",
      silences: {},
      frame: { before: "[weather/test]", after: "Runbook: there" },
      ...options,
    },
    { ...clients, log: createFakeLog(), meter: createFakeMeter() },
  );
  return (hours: number) => handler({ time: hour(hours).toISOString() });
}

interface CapDocument {
  readonly key: string;
  readonly msgType: string;
  /** As a reference to it says it. */
  readonly reference: string;
  readonly references: readonly string[];
  readonly sent: Date;
  readonly expires: Date;
}

/** The CAP documents, valid and all in the feed, in the order of their times. */
function documentsOf(world: World): CapDocument[] {
  const keys = capKeysOf(world);
  if (keys.length > 0) expect(feedIdsOf(world), "in the feed").to.have.lengthOf(keys.length + 1);
  const documents = keys.map((key): CapDocument => {
    const xml = world.s3.text(key);
    expect(capProblems(xml), key).to.deep.equal([]);
    const alert = parseTree(xml);
    const info = alert.children.find(({ name }) => name === "info") ?? expect.fail(`${key} has no info`);
    const text = (name: string) => childText(alert, name) ?? childText(info, name) ?? "";
    return {
      key,
      msgType: text("msgType"),
      reference: [text("sender"), text("identifier"), text("sent")].join(","),
      references: text("references").split(" ").filter(Boolean),
      sent: new Date(text("sent")),
      expires: new Date(text("expires")),
    };
  });
  return documents.toSorted(
    (a, b) => a.sent.getTime() - b.sent.getTime() || a.references.length - b.references.length,
  );
}

/** Asserts that each document refers to all before it, by what those say of themselves. */
function expectChain(documents: readonly CapDocument[], label = ""): void {
  for (const [index, { key, references }] of documents.entries()) {
    const earlier = documents.slice(0, index).map(({ reference }) => reference);
    expect(references, `${label} ${key}`).to.deep.equal(earlier);
  }
}

/** Red wind at 1:00 that is told; the station says nothing after that. */
async function fallSilent(world: World): Promise<void> {
  await gustContainer(world)(kinesisEvent([at(1, { windGust: 35 })]));
}

/** The station is back with the end of the wind. */
async function endWind(world: World, hours: number): Promise<void> {
  const calm = [0, 1, 2].map((more) => at(hours + more, { windGust: 1 }));
  const { batchItemFailures } = await gustContainer(world)(kinesisEvent(calm));
  expect(batchItemFailures).to.deep.equal([]);
}

describe("the watch handler's CAP messages", () => {
  let world: World;

  beforeEach(() => {
    world = createWorld();
  });

  it("keep the alert of a station that is silent for two days unexpired, and are all cancelled in the end", async () => {
    await fallSilent(world);
    const watch = watchOf(world);
    for (let hours = 2; hours <= 50; hours++) {
      await watch(hours);
      const newest = documentsOf(world).at(-1);
      expect(newest?.expires.getTime(), `at ${hours}:00`).to.be.above(hour(hours + 1).getTime());
    }
    await endWind(world, 51);

    const documents = documentsOf(world);
    expect(documents.map(({ msgType }) => msgType)).to.deep.equal([
      "Alert",
      ...Array(4).fill("Update"),
      "Cancel",
    ]);
    expectChain(documents);
  });

  it("are for CAP alone: no message, no archived transition, nothing about it in a later one", async () => {
    await fallSilent(world);
    await watchOf(world)(14);
    await endWind(world, 15);
    expect(capKeysOf(world)).to.include("cap/porto-alegre/wind/20240430T140000Z-renewal.xml");

    const undisturbed = createWorld();
    await fallSilent(undisturbed);
    await endWind(undisturbed, 15);
    expect(world.sns.published).to.deep.equal(undisturbed.sns.published);
    expect(archivedKeysOf(world)).to.deep.equal(archivedKeysOf(undisturbed));
    for (const key of archivedKeysOf(world)) {
      expect(world.s3.objects.get(key), key).to.deep.equal(undisturbed.s3.objects.get(key));
    }
  });

  it("repeat the newest message once it is twelve hours old, and say that they do", async () => {
    await fallSilent(world);
    const watch = watchOf(world);
    await watch(13);
    expect(capKeysOf(world), "a message of 1:00:05 is not").to.have.lengthOf(1);
    await watch(13 + 5 / 3600);
    expect(capKeysOf(world)).to.have.lengthOf(2);
    const xml = world.s3.text(capKeysOf(world).find((key) => key.endsWith("renewal.xml")) ?? "");
    expect(xml).to.include("<severity>Extreme</severity>");
    expect(xml).to.match(/<valueName>observed<\/valueName>\s*<value>2024-04-29T22:00:00-03:00/);
    expect(xml).to.match(/<valueName>renewal<\/valueName>\s*<value>true/);
  });

  it("repeat no alert that is over or silenced", async () => {
    await gustContainer(world)(kinesisEvent([at(1, { windGust: 35 }), at(2, { windGust: 1 })]));
    const { hazards, ...state } = stateOf(world);
    const wind = { ...hazards.wind, rank: 0 };
    const over = createWorld();
    over.s3.objects.set(STATE_KEY, Buffer.from(JSON.stringify({ ...state, hazards: { wind } })));
    await watchOf(over)(20);
    expect(capKeysOf(over)).to.deep.equal([]);

    const silence = {
      from: hour(12).toISOString(),
      until: hour(24).toISOString(),
      locations: ["porto-alegre"],
      hazards: ["wind"],
      reason: "the sensor is replaced",
    };
    await watchOf(world, { silences: { silence } })(20);
    expect(capKeysOf(world)).to.have.lengthOf(1);
    const elsewhere = { ...silence, locations: ["rio-grande"] };
    await watchOf(world, { silences: { elsewhere } })(20);
    expect(capKeysOf(world)).to.have.lengthOf(2);
  });

  it("renew the other places when one cannot be written, and fail in the end", async () => {
    await gustContainer(world)(kinesisEvent([at(1, { windGust: 35 }), at(1, { windGust: 35 }, rioGrande)]));
    world.s3.beforePut = (key) => {
      if (key.startsWith("cap/porto-alegre/")) throw s3Error("SlowDown", 503);
    };
    const error = await watchOf(world)(14).catch((caught: unknown) => caught);
    expect(error)
      .to.be.instanceOf(WatchError)
      .with.property("message")
      .that.matches(/1 CAP messages could not be written.*porto-alegre: SlowDown/);
    expect(capKeysOf(world)).to.include("cap/rio-grande/wind/20240430T140000Z-renewal.xml");
  });

  it("leave a place alone whose alert is being published", async () => {
    await fallSilent(world);
    world.sns.beforePublish = () => {
      throw new Error("the service is down");
    };
    await gustContainer(world)(kinesisEvent([14, 15, 16].map((hours) => at(hours, { windGust: 1 }))));
    const before = world.s3.text(STATE_KEY);
    expect(stateOf(world).pending).to.have.lengthOf(1);
    await watchOf(world)(40);
    expect(world.s3.text(STATE_KEY)).to.equal(before);
  });

  /** An alert is renewed by three watches and ends; a watch that fails comes again. */
  async function renewals(trouble?: Trouble): Promise<{ awaits: number; met: boolean }> {
    await fallSilent(world);
    const gate = troubledGate(trouble);
    let watch = watchOf(throughGate(world, gate.gate));
    for (const hours of [2, 14, 15, 27]) {
      const failed = await watch(hours).then(
        () => false,
        () => true,
      );
      if (gate.isDead()) watch = watchOf(world);
      if (failed) await watch(hours);
    }
    await endWind(world, 28);
    return { awaits: gate.awaits(), met: gate.hasMet() };
  }

  for (const kind of ["death", "error"] as const) {
    for (const takesEffect of [false, true]) {
      it(`are the same documents after one ${kind} ${takesEffect ? "after" : "before"} any effect`, async () => {
        const { awaits } = await renewals();
        const undisturbed = world;
        expect(documentsOf(undisturbed)).to.have.lengthOf(4);
        let atAwait = 1;
        for (; ; atAwait++) {
          world = createWorld();
          const { met } = await renewals({ atAwait, takesEffect, kind });
          if (!met) break;
          const label = `${kind} at await ${atAwait} of ${awaits}`;
          expect(documentsOf(world), label).to.deep.equal(documentsOf(undisturbed));
          expect(messagesOf(world), label).to.deep.equal(messagesOf(undisturbed));
          expect(stateOf(world), label).to.deep.equal(stateOf(undisturbed));
        }
        expect(atAwait - 1, "every await was tried").to.equal(awaits);
      });
    }
  }

  it("and the alert handler's are one chain, and nobody is notified twice, however the two interleave", async () => {
    for (const first of ["alert", "watch"]) {
      const second = first === "alert" ? "watch" : "alert";
      for (let one = 0; one <= 12; one++) {
        for (let other = 0; other <= 12; other++) {
          world = createWorld();
          await fallSilent(world);
          const turns = createTurns();
          const alert = container(throughGate(world, turns.gate("alert")), { rules: [gust] });
          const watch = watchOf(throughGate(world, turns.gate("watch")));
          let failures = 0;
          const schedule = [...Array(one).fill(first), ...Array(other).fill(second), first];
          const end = kinesisEvent([14, 15, 16].map((hours) => at(hours, { windGust: 1 })));
          await turns.run(
            {
              alert: async () => {
                failures += (await alert(end)).batchItemFailures.length;
              },
              watch: () => watch(14),
            },
            schedule,
          );
          const label = `${one} of ${first}, ${other} of ${second}`;
          expect(failures, label).to.equal(0);
          await watchOf(world)(17);
          expect(messagesOf(world), label).to.have.lengthOf(2);
          expect(stateOf(world).pending, label).to.deep.equal([]);
          const documents = documentsOf(world);
          expect(documents.at(-1)?.msgType, label).to.equal("Cancel");
          expectChain(documents, label);
        }
      }
    }
  });
});

describe("a drill's CAP messages", () => {
  const drillOf = (clients: Clients) => {
    const { languages, maxPriceUsd, bucketName, topicArn, capSender, locations } = ALERT_OPTIONS;
    const handler = createNotifyHandler(
      {
        ...{ bucketName, topicArn, capSender, locations, languages, maxPriceUsd },
        rules: [gust],
        rulesByLocation: {},
        messages: { storm: { kind: "drill", hazard: "wind", level: "red", audience: "all" } },
      },
      { ...clients, log: createFakeLog(), meter: createFakeMeter() },
    );
    return (hours: number) => handler({ message: "storm", scheduledTime: hour(hours).toISOString() });
  };
  const ofPlace = (world: World, id: string) =>
    documentsOf(world).filter(({ key }) => key.startsWith(`cap/${id}/`));

  let world: World;

  beforeEach(() => {
    world = createWorld();
  });

  it("are an Alert of each place, valid for two hours, and its Cancel by the first watch after one", async () => {
    await drillOf(world)(9);
    const watch = watchOf(world);
    for (const hours of [9, 9.5, 10.25, 10.5, 11]) await watch(hours);

    for (const { id } of [portoAlegre, rioGrande]) {
      const [alert, cancel, ...more] = ofPlace(world, id);
      expect([alert?.msgType, alert?.sent, alert?.expires]).to.deep.equal(["Alert", hour(9), hour(11)]);
      expect([cancel?.msgType, cancel?.sent, cancel?.expires]).to.deep.equal([
        "Cancel",
        hour(10.25),
        hour(12.25),
      ]);
      expect(cancel?.references).to.deep.equal([alert?.reference]);
      expect(world.s3.text(cancel?.key ?? "")).to.include("<status>Exercise</status>");
      expect(more).to.deep.equal([]);
    }
    expect(world.s3.text("state/drills.json")).to.equal('{"version":1,"drills":[]}');
  });

  it("end with the drills of the places that are still in the config", async () => {
    await drillOf(world)(9);
    await watchOf(world, { locations: [rioGrande] })(10);
    expect([ofPlace(world, "porto-alegre").length, ofPlace(world, "rio-grande").length]).to.deep.equal([
      1, 2,
    ]);
    expect(world.s3.text("state/drills.json")).to.equal('{"version":1,"drills":[]}');
  });

  it("go on, visibly, when the list of drills cannot be read", async () => {
    world.s3.objects.set("state/drills.json", Buffer.from("garbage"));
    await drillOf(world)(9);
    await watchOf(world)(10);
    expect(ofPlace(world, "rio-grande").map(({ msgType }) => msgType)).to.deep.equal(["Alert", "Cancel"]);
  });

  /** Two drills and the watches after them; what fails comes again. */
  async function drills(trouble?: Trouble): Promise<{ awaits: number; met: boolean }> {
    const gate = troubledGate(trouble);
    let clients = throughGate(world, gate.gate);
    const attempt = async (work: (clients: Clients) => Promise<unknown>) => {
      const failed = await work(clients).then(
        () => false,
        () => true,
      );
      if (gate.isDead()) clients = world;
      if (failed) await work(clients);
    };
    await attempt((each) => drillOf(each)(9));
    await attempt((each) => drillOf(each)(9.5));
    for (const hours of [10, 10.25, 11]) await attempt((each) => watchOf(each)(hours));
    return { awaits: gate.awaits(), met: gate.hasMet() };
  }

  for (const kind of ["death", "error"] as const) {
    for (const takesEffect of [false, true]) {
      it(`are the same after one ${kind} ${takesEffect ? "after" : "before"} any effect`, async () => {
        const { awaits } = await drills();
        const undisturbed = documentsOf(world);
        expect(undisturbed.map(({ msgType }) => msgType).toSorted()).to.deep.equal([
          ...Array(4).fill("Alert"),
          ...Array(4).fill("Cancel"),
        ]);
        let atAwait = 1;
        for (; ; atAwait++) {
          world = createWorld();
          const { met } = await drills({ atAwait, takesEffect, kind });
          if (!met) break;
          const label = `${kind} at await ${atAwait} of ${awaits}`;
          expect(new Set(documentsOf(world)), label).to.deep.equal(new Set(undisturbed));
          expect(world.s3.text("state/drills.json"), label).to.equal('{"version":1,"drills":[]}');
        }
        expect(atAwait - 1, "every await was tried").to.equal(awaits);
      });
    }
  }
});
