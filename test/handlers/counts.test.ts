import { gunzipSync } from "node:zlib";
import { expect } from "chai";
import { createAlertHandler } from "../../handlers/alert.ts";
import { createArchiveHandler } from "../../handlers/archive.ts";
import { createNotifyHandler } from "../../handlers/notify.ts";
import { createWatchHandler } from "../../handlers/watch.ts";
import { INITIAL_STATE } from "../../handlers/weather/alerts/state.ts";
import { ALERT_OPTIONS, at, createWorld, gust, stormyDay, type World } from "./support/alert-world.ts";
import { s3Error } from "./support/fake-s3.ts";
import { type Incoming, kinesisEvent, observed } from "./support/kinesis-event.ts";
import { createFakeLog } from "./support/log.ts";
import { createFakeMeter } from "./support/meter.ts";
import { portoAlegre, rioGrande } from "./support/places.ts";

describe("what handlers count and trace", () => {
  let world: World;
  let log: ReturnType<typeof createFakeLog>;
  let meter: ReturnType<typeof createFakeMeter>;

  beforeEach(() => {
    world = createWorld();
    log = createFakeLog();
    meter = createFakeMeter();
  });

  const injected = () => ({ ...world, log, meter });
  const garbage: Incoming = { body: "garbage", arrivedAtSeconds: 1_714_474_805 };
  /** The record as the producer puts it for a poll. */
  const polled = (incoming: Incoming, poll: string): Incoming => ({
    ...incoming,
    body: { ...(incoming.body as object), trace: { poll } },
  });
  const detailsOf = (message: string) =>
    log.lines.filter((line) => line.message === message).map(({ details }) => details);
  const programs = () =>
    world.sns.published.map(({ Message }) => JSON.parse(JSON.parse(Message ?? "{}").default));

  describe("alert", () => {
    const alert = (options = {}) => createAlertHandler({ ...ALERT_OPTIONS, ...options }, injected());

    it("counts what it used and could not use, and what people were told by level, once for all languages", async () => {
      await alert({ languages: ["pt-BR", "en"] })(kinesisEvent([...stormyDay(), garbage]));
      expect(meter.published).to.deep.equal([
        {
          ObservationsUsed: stormyDay().length,
          ObservationsUnusable: 1,
          // Starts of wind and rain and the end of rain are orange, the rise and the end of wind red.
          AlertsOrange: 3,
          AlertsRed: 2,
        },
      ]);
    });

    it("counts what is left to the digest for nothing", async () => {
      const yellow = { ...gust, levels: { yellow: 10 } };
      await alert({ rules: [yellow], yellow: "digest" })(kinesisEvent([at(0, { windGust: 15 })]));
      expect(meter.published).to.deep.equal([{ ObservationsUsed: 1, ObservationsUnusable: 0 }]);
    });

    it("counts a place whose records go back to the stream, and logs their polls", async () => {
      world.sns.beforePublish = () => {
        throw new Error("SNS is down");
      };
      await alert()(kinesisEvent([polled(at(0, { windGust: 25 }), "poll-1")]));
      expect(meter.published).to.deep.equal([
        { ObservationsUsed: 1, ObservationsUnusable: 0, LocationsFailed: 1 },
      ]);
      expect(detailsOf("alerts of a location failed")).to.deep.equal([
        { location: "porto-alegre", pollIds: ["poll-1"], reason: "Error: SNS is down" },
      ]);
    });

    it("names the poll that decided an alert: in its log, and to programs", async () => {
      const polls = [at(0, { windGust: 5 }), at(1, { windGust: 25 }), at(2, { windGust: 25 })];
      await alert({ rules: [gust] })(kinesisEvent(polls.map((one, index) => polled(one, `poll-${index}`))));
      expect(detailsOf("alert published")).to.have.lengthOf(1);
      expect(detailsOf("alert published")[0]).to.include({ pollId: "poll-1", alertLevel: "orange" });
      expect(detailsOf("alert published")[0], "as SNS calls it").to.include({ snsMessageId: "1" });
      expect(programs()[0]).to.include({ kind: "start", pollId: "poll-1" });
      expect(detailsOf("observations evaluated")).to.deep.equal([
        { location: "porto-alegre", records: 3, pollIds: ["poll-0", "poll-1", "poll-2"] },
      ]);
    });

    it("still names it when the alert goes out with a later poll", async () => {
      world.sns.beforePublish = () => {
        throw new Error("SNS is down");
      };
      await alert()(kinesisEvent([polled(at(0, { windGust: 25 }), "poll-1")]));
      world.sns.beforePublish = () => undefined;
      await alert()(kinesisEvent([polled(at(1, { windGust: 25 }), "poll-2")]));
      expect(programs().map(({ pollId }) => pollId)).to.deep.equal(["poll-1"]);
    });

    it("takes a record without a trace, or with one that is none", async () => {
      const odd = {
        ...at(1, { windGust: 35 }),
        body: { ...(at(1, { windGust: 35 }).body as object), trace: 7 },
      };
      await alert({ rules: [gust] })(kinesisEvent([at(0, { windGust: 25 }), odd]));
      expect(programs().map((program) => "pollId" in program)).to.deep.equal([false, false]);
    });

    it("keeps few of the polls of a large batch in the log", async () => {
      const many = Array.from({ length: 100 }, (_, minute) =>
        polled(at(minute / 60, { windGust: 5 }), `poll-${minute}`),
      );
      await alert()(kinesisEvent(many));
      const [taken] = detailsOf("observations evaluated") as { pollIds: string[] }[];
      expect(taken?.pollIds).to.have.lengthOf(20);
      expect(taken?.pollIds.at(-1)).to.equal("poll-99");
    });
  });

  describe("archive", () => {
    const archive = () => createArchiveHandler({ bucketName: "lake" }, injected());

    it("counts rows and quarantined records", async () => {
      await archive()(kinesisEvent([...stormyDay(), garbage]));
      expect(meter.published).to.deep.equal([
        { ArchivedRows: stormyDay().length, QuarantinedRecords: 1, DoubtfulValues: 0, ErroneousValues: 0 },
      ]);
    });

    it("counts a record that stays in quarantine once, when it came", async () => {
      await archive()({ ...kinesisEvent([garbage]), fromQuarantine: true });
      expect(meter.published).to.deep.equal([
        { ArchivedRows: 0, QuarantinedRecords: 0, DoubtfulValues: 0, ErroneousValues: 0 },
      ]);
    });

    it("counts nothing of a batch that comes again", async () => {
      world.s3.beforePut = () => {
        throw s3Error("SlowDown", 503);
      };
      await archive()(kinesisEvent(stormyDay())).catch(() => undefined);
      expect(meter.published).to.deep.equal([{}]);
    });
  });

  describe("watch", () => {
    const watch = () =>
      createWatchHandler(
        {
          bucketName: "lake",
          topicArn: "arn:aws:sns:us-east-1:123456789012:operations",
          locations: [portoAlegre, rioGrande],
          frame: { before: "[weather/test]", after: "Runbook: there" },
          silence: { silentAfterSeconds: 3 * 3600, pollSeconds: 3600 },
          language: "en",
          languages: ["en"],
          capSender: "stormwire@example.org",
          silences: {},
        },
        injected(),
      );
    const seen = (id: string, time: string) => {
      const state = { ...INITIAL_STATE, latest: { time, values: {} } };
      world.s3.objects.set(`state/alerts/${id}.json`, Buffer.from(JSON.stringify(state)));
    };

    it("says how many stations are silent, each time", async () => {
      seen("porto-alegre", "2024-05-27T00:00:00Z");
      seen("rio-grande", "2024-05-27T03:00:00Z");
      for (const hour of ["04", "05"]) await watch()({ time: `2024-05-27T${hour}:00:00Z` });
      seen("porto-alegre", "2024-05-27T05:00:00Z");
      await watch()({ time: "2024-05-27T06:00:00Z" });
      expect(meter.published.map(({ SilentStations }) => SilentStations)).to.deep.equal([1, 1, 0]);
    });

    it("says it when a station could not be read and it fails, too", async () => {
      seen("rio-grande", "2024-05-27T00:00:00Z");
      world.s3.beforeGet = (key) => {
        if (key.endsWith("porto-alegre.json")) throw s3Error("SlowDown", 503);
      };
      await watch()({ time: "2024-05-27T06:00:00Z" }).catch(() => undefined);
      expect(meter.published).to.deep.equal([{ SilentStations: 1, UnwatchedMeasures: 0 }]);
    });
  });

  it("notify counts a message in each language, and those before a failure", async () => {
    const notify = createNotifyHandler(
      {
        bucketName: "lake",
        topicArn: "arn:aws:sns:us-east-1:123456789012:alerts",
        locations: [portoAlegre],
        languages: ["pt-BR", "en"],
        maxPriceUsd: 0.5,
        rules: [gust],
        rulesByLocation: {},
        capSender: "stormwire",
        messages: { briefing: { kind: "text", text: "At 3 pm.", audience: "all" } },
      },
      injected(),
    );
    const event = { message: "briefing", scheduledTime: "2024-05-01T10:00:00Z" };
    await notify(event);
    world.sns.beforePublish = () => {
      if (world.sns.published.length === 3) throw new Error("SNS is down");
    };
    await notify(event).catch(() => undefined);
    expect(meter.published).to.deep.equal([{ MessagesPublished: 2 }, { MessagesPublished: 1 }]);
  });

  it("archive keeps the trace as it came", async () => {
    const { s3 } = world;
    const incoming = polled(observed(portoAlegre, "2024-04-30T11:00:00Z", {}), "poll-1");
    await createArchiveHandler({ bucketName: "lake" }, { s3, log, meter })(kinesisEvent([incoming]));
    const [object] = s3.objects.values();
    expect(JSON.parse(gunzipSync(object ?? new Uint8Array()).toString())).to.deep.include({
      trace: { poll: "poll-1" },
    });
  });
});
