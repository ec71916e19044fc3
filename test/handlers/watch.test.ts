import { expect } from "chai";
import { createWatchHandler, WatchError } from "../../handlers/watch.ts";
import { INITIAL_STATE } from "../../handlers/weather/alerts/state.ts";
import type { StationsState } from "../../handlers/weather/alerts/stations.ts";
import { type Clients, createWorld, type World } from "./support/alert-world.ts";
import { type Trouble, throughGate, troubledGate } from "./support/awaits.ts";
import { s3Error } from "./support/fake-s3.ts";
import { createFakeLog } from "./support/log.ts";
import { createFakeMeter } from "./support/meter.ts";
import { portoAlegre, rioGrande } from "./support/places.ts";

const TOPIC = "arn:aws:sns:us-east-1:123456789012:operations";

const at = (hour: number) => new Date(Date.UTC(2024, 4, 27, hour)).toISOString();

/** A watch in a container of its own, over hourly polls of which three may bring nothing. */
const watch = (clients: Clients, log = createFakeLog(), meter = createFakeMeter()) =>
  createWatchHandler(
    {
      bucketName: "lake",
      topicArn: TOPIC,
      locations: [portoAlegre, rioGrande],
      silence: { silentAfterSeconds: 3 * 3600, pollSeconds: 3600 },
      language: "en",
      languages: ["en"],
      capSender: "stormwire@example.org",
      silences: {},
      frame: { before: "[weather/test]", after: "Runbook: there" },
    },
    { ...clients, log, meter },
  );

/** What the alert function leaves of a place's last observation. */
function observe({ s3 }: World, hour: number, ...ids: string[]): void {
  for (const id of ids) {
    const state = { ...INITIAL_STATE, latest: { time: at(hour), values: { temperature: 20 } } };
    s3.objects.set(`state/alerts/${id}.json`, Buffer.from(JSON.stringify(state)));
  }
}

const both = [portoAlegre.id, rioGrande.id];
const subjectsOf = ({ sns }: World) => sns.published.map(({ Subject }) => Subject);
const stationsOf = ({ s3 }: World) => JSON.parse(s3.text("state/stations.json")) as StationsState;

describe("the watch handler", () => {
  let world: World;

  beforeEach(() => {
    world = createWorld();
  });

  it("tells ops once when a station falls silent and once when it is back", async () => {
    observe(world, 0, ...both);
    for (const hour of [1, 2, 3, 4, 5, 6, 7, 8]) {
      observe(world, hour - 1, rioGrande.id);
      if (hour > 6) observe(world, hour - 1, portoAlegre.id);
      await watch(world)({ time: at(hour) });
    }
    expect(subjectsOf(world)).to.have.lengthOf(2);
    expect(subjectsOf(world)[0])
      .to.match(/silent/i)
      .and.to.match(/Porto Alegre|porto-alegre/);
    expect(subjectsOf(world)[1]).to.match(/back/i);
    expect(stationsOf(world)).to.deep.include({ stations: {}, pending: [] });
  });

  it("sends plain text to the topic of ops", async () => {
    observe(world, 0, ...both);
    await watch(world)({ time: at(4) });
    const { TopicArn, MessageStructure, MessageAttributes, Message } = world.sns.at(0);
    expect([TopicArn, MessageStructure, MessageAttributes]).to.deep.equal([TOPIC, undefined, undefined]);
    expect(Message).to.include("Porto Alegre");
  });

  it("logs the message by the id that SNS gives it", async () => {
    observe(world, 0, ...both);
    const log = createFakeLog();
    await watch(world, log)({ time: at(4) });
    const notices = log.lines.filter(({ message }) => message === "ops notified of a station");
    expect(notices.map(({ details }) => details)).to.have.lengthOf(2);
    expect(notices[0]?.details).to.include({ location: "porto-alegre", snsMessageId: "1" });
  });

  it("says of which stack it is, and where to go on reading", async () => {
    observe(world, 0, ...both);
    await watch(world)({ time: at(4) });
    const { Subject, Message } = world.sns.at(0);
    expect(Subject).to.match(/^\[weather\/test\] \S/);
    expect(Message).to.match(/\n\nRunbook: there\n$/);
  });

  it("says who is silent, and how many were told of", async () => {
    observe(world, 0, portoAlegre.id);
    const before = await watch(world)({ time: at(3) });
    const after = await watch(world)({ time: at(4) });
    const again = await watch(world)({ time: at(5) });
    expect(before).to.deep.equal({ silent: [], notified: 0 });
    expect(after).to.deep.equal({ silent: ["porto-alegre"], notified: 1 });
    expect(again).to.deep.equal({ silent: ["porto-alegre"], notified: 0 });
  });

  it("writes nothing while nothing changes", async () => {
    observe(world, 0, ...both);
    await watch(world)({ time: at(1) });
    expect(world.s3.puts).to.deep.equal([]);
    await watch(world)({ time: at(4) });
    const puts = world.s3.puts.length;
    await watch(world)({ time: at(5) });
    expect(world.s3.puts).to.have.lengthOf(puts);
  });

  it("touches no alert", async () => {
    observe(world, 0, ...both);
    await watch(world)({ time: at(4) });
    expect(new Set(world.s3.puts)).to.deep.equal(new Set(["state/stations.json"]));
  });

  it("looks after the others when one station's state cannot be read, and fails in the end", async () => {
    observe(world, 0, ...both);
    world.s3.beforeGet = (key) => {
      if (key === "state/alerts/porto-alegre.json") throw s3Error("SlowDown", 503);
    };
    const error = await watch(world)({ time: at(4) }).catch((caught: unknown) => caught);
    expect(error)
      .to.be.instanceOf(WatchError)
      .with.property("message")
      .that.matches(/1 stations.*porto-alegre: SlowDown/);
    expect(subjectsOf(world)).to.have.lengthOf(1);
    expect(stationsOf(world).stations).to.have.all.keys("rio-grande");
  });

  it("resets its state and logs an error when it cannot be read", async () => {
    observe(world, 0, ...both);
    world.s3.objects.set("state/stations.json", Buffer.from("garbage"));
    const log = createFakeLog();
    await watch(world, log)({ time: at(4) });
    expect(log.lines[0]).to.deep.include({ level: "error" });
    expect(subjectsOf(world)).to.have.lengthOf(2);
  });

  it("refuses an event whose time is none", async () => {
    const error = await watch(world)({ time: "now" }).catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(WatchError).with.property("message", 'time "now" is not an ISO 8601 time');
  });

  /** Two stations fall silent, then are back; whatever fails comes again as Lambda has it. Returns awaits and deaths. */
  async function twoSilences(trouble?: Trouble): Promise<{ awaits: number; met: boolean }> {
    const gate = troubledGate(trouble);
    let handler = watch(throughGate(world, gate.gate));
    for (const [hour, seen] of [
      [1, 0],
      [4, 0],
      [6, 5],
    ] as const) {
      observe(world, seen, ...both);
      const failed = await handler({ time: at(hour) }).then(
        () => false,
        () => true,
      );
      if (gate.isDead()) handler = watch(world);
      if (failed) await handler({ time: at(hour) });
    }
    return { awaits: gate.awaits(), met: gate.hasMet() };
  }

  for (const kind of ["death", "error"] as const) {
    for (const takesEffect of [false, true]) {
      it(`loses nothing and repeats one message at most after one ${kind} ${takesEffect ? "after" : "before"} any effect`, async () => {
        const { awaits } = await twoSilences();
        const undisturbed = subjectsOf(world);
        expect([undisturbed.length, new Set(undisturbed).size]).to.deep.equal([4, 4]);
        let atAwait = 1;
        for (; ; atAwait++) {
          world = createWorld();
          const { met } = await twoSilences({ atAwait, takesEffect, kind });
          if (!met) break;
          const label = `${kind} at await ${atAwait} of ${awaits}`;
          expect([...new Set(subjectsOf(world))], label).to.have.members(undisturbed);
          expect(subjectsOf(world).length, label).to.be.at.most(5);
          expect(stationsOf(world), label).to.deep.equal({
            version: 1,
            stations: {},
            measures: {},
            pending: [],
          });
        }
        expect(atAwait - 1, "every await was tried").to.equal(awaits);
      });
    }
  }
});
