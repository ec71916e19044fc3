import { expect } from "chai";
import { type AlertOptions, createAlertHandler } from "../../handlers/alert.ts";
import type { Rule } from "../../handlers/weather/rules.ts";
import { type AlertState, INITIAL_STATE } from "../../handlers/weather/state.ts";
import {
  ALERT_OPTIONS,
  archivedKeysOf,
  at,
  capKeysOf,
  feedIdsOf,
  gust,
  messagesOf,
  rain,
} from "./support/alert-world.ts";
import { createFakeS3, type FakeS3, s3Error } from "./support/fake-s3.ts";
import { attributeOf, createFakeSns, type FakeSns, smsOf } from "./support/fake-sns.ts";
import { kinesisEvent, sequence } from "./support/kinesis-event.ts";
import { createFakeLog } from "./support/log.ts";
import { createFakeMeter } from "./support/meter.ts";
import { portoAlegre, rioGrande } from "./support/places.ts";

const STATE_KEY = "state/alerts/porto-alegre.json";

const storm = [5, 25, 35, 5, 5, 5].map((windGust, hour) => at(hour, { windGust }));

describe("the alert handler", () => {
  let s3: FakeS3;
  let sns: FakeSns;
  let log: ReturnType<typeof createFakeLog>;
  let meter: ReturnType<typeof createFakeMeter>;

  beforeEach(() => {
    s3 = createFakeS3();
    sns = createFakeSns();
    log = createFakeLog();
    meter = createFakeMeter();
  });

  /** A handler in a container of its own; the state in S3 is shared. */
  const container = (options: Partial<AlertOptions> = {}) =>
    createAlertHandler({ ...ALERT_OPTIONS, rules: [gust], ...options }, { s3, sns, log, meter });

  const stored = (): AlertState => JSON.parse(s3.text(STATE_KEY)) as AlertState;
  const kinds = () => sns.published.map((published) => attributeOf(published, "kind"));

  it("publishes each transition of a batch once, in order", async () => {
    const response = await container()(kinesisEvent(storm));
    expect(response).to.deep.equal({ batchItemFailures: [] });
    expect(kinds()).to.deep.equal(["start", "escalation", "clear"]);
    expect(smsOf(sns.at(1))).to.match(/^SOBE A VERMELHO vento, Porto Alegre: rajada 126 km\/h/);
    expect(stored()).to.deep.include({ pending: [], hazards: {} });
  });

  it("gives subscriptions what they filter by", async () => {
    await container()(kinesisEvent([at(0, { windGust: 25 })]));
    const published = sns.at(0);
    expect(published.MessageAttributes).to.deep.equal({
      audience: { DataType: "String.Array", StringValue: '["all"]' },
      level: { DataType: "Number", StringValue: "2" },
      location: { DataType: "String", StringValue: "porto-alegre" },
      language: { DataType: "String", StringValue: "pt-BR" },
      hazard: { DataType: "String", StringValue: "wind" },
      kind: { DataType: "String", StringValue: "start" },
      "AWS.SNS.SMS.SMSType": { DataType: "String", StringValue: "Transactional" },
      "AWS.SNS.SMS.MaxPrice": { DataType: "Number", StringValue: "0.5" },
    });
    expect(Object.keys(JSON.parse(published.Message ?? "{}") as object)).to.deep.equal([
      "default",
      "sms",
      "email",
    ]);
  });

  it("leaves state and messages as they are when a batch comes again, warm or cold", async () => {
    const warm = container();
    await warm(kinesisEvent(storm));
    const [state, puts, published] = [s3.text(STATE_KEY), s3.puts.length, sns.published.length];
    await warm(kinesisEvent(storm));
    await container()(kinesisEvent(storm));
    expect([s3.text(STATE_KEY), s3.puts.length, sns.published.length]).to.deep.equal([
      state,
      puts,
      published,
    ]);
  });

  it("says the same whatever the batches", async () => {
    await container()(kinesisEvent(storm));
    const [state, published] = [s3.text(STATE_KEY), sns.published];
    s3 = createFakeS3();
    sns = createFakeSns();
    for (const record of storm) await container()(kinesisEvent([record]));
    expect(s3.text(STATE_KEY)).to.equal(state);
    expect(sns.published).to.deep.equal(published);
  });

  it("stores a transition before it publishes it, and publishes it later when SNS fails", async () => {
    sns.beforePublish = () => {
      throw new Error("SNS is down");
    };
    const failed = await container()(kinesisEvent([at(0, { windGust: 25 })]));
    expect(failed.batchItemFailures).to.deep.equal([{ itemIdentifier: sequence(1) }]);
    expect(stored().pending).to.have.lengthOf(1);

    sns.beforePublish = () => undefined;
    const again = await container()(kinesisEvent([at(0, { windGust: 25 })]));
    expect(again.batchItemFailures).to.deep.equal([]);
    expect(kinds()).to.deep.equal(["start"]);
    expect(stored().pending).to.deep.equal([]);
  });

  it("does not repeat what SNS took before it failed", async () => {
    sns.beforePublish = () => {
      if (sns.published.length === 1) throw new Error("SNS is down");
    };
    await container()(kinesisEvent(storm));
    sns.beforePublish = () => undefined;
    await container()(kinesisEvent(storm));
    expect(kinds()).to.deep.equal(["start", "escalation", "clear"]);
  });

  it("sends twice when it dies between SNS and the state, and does not lose", async () => {
    s3.beforePut = (key) => {
      if (key === STATE_KEY && sns.published.length === 1) throw s3Error("InternalError", 500);
    };
    const failed = await container()(kinesisEvent([at(0, { windGust: 25 })]));
    expect(failed.batchItemFailures).to.have.lengthOf(1);
    s3.beforePut = () => undefined;
    await container()(kinesisEvent([at(0, { windGust: 25 })]));
    expect(kinds()).to.deep.equal(["start", "start"]);
  });

  it("reads the state anew when another has written it", async () => {
    const stale = container();
    await stale(kinesisEvent([at(0, { windGust: 5 })]));
    await container()(kinesisEvent([at(1, { windGust: 25 })]));
    const response = await stale(kinesisEvent([at(1, { windGust: 25 }), at(2, { windGust: 35 })]));
    expect(response.batchItemFailures).to.deep.equal([]);
    expect(kinds()).to.deep.equal(["start", "escalation"]);
  });

  it("gives up, visibly, when the state is written again and again", async () => {
    s3.beforePut = () => {
      throw s3Error("PreconditionFailed", 412);
    };
    const response = await container()(kinesisEvent([at(0, { windGust: 25 })]));
    expect(response.batchItemFailures).to.deep.equal([{ itemIdentifier: sequence(1) }]);
    expect(sns.published).to.deep.equal([]);
    expect(log.lines.map(({ level }) => level)).to.deep.equal(["error"]);
  });

  it("goes on with the other locations when one fails", async () => {
    s3.beforePut = (key) => {
      if (key === STATE_KEY) throw s3Error("SlowDown", 503);
    };
    const batch = [at(0, { windGust: 25 }, rioGrande), at(0, { windGust: 25 }), at(1, { windGust: 35 })];
    const response = await container()(kinesisEvent(batch));
    expect(response.batchItemFailures).to.deep.equal([{ itemIdentifier: sequence(2) }]);
    expect(sns.published.map((published) => attributeOf(published, "location"))).to.deep.equal([
      "rio-grande",
    ]);
  });

  it("skips what is no observation of its places, or from the future", async () => {
    const early = { ...at(9, { windGust: 40 }), arrivedAtSeconds: Date.UTC(2024, 3, 30, 0) / 1000 };
    const elsewhere = at(0, { windGust: 40 }, { ...rioGrande, id: "nowhere" });
    const wrongType = {
      ...at(0, {}),
      body: { data: { time: "2024-04-30T00:00:00Z", values: { windGust: "40" } } },
    };
    const batch = [{ ...at(0, {}), body: "garbage" }, wrongType, elsewhere, early, at(0, { windGust: 25 })];
    const response = await container()(kinesisEvent(batch));
    expect(response).to.deep.equal({ batchItemFailures: [] });
    expect(kinds()).to.deep.equal(["start"]);
    expect(log.lines.filter(({ level }) => level === "warn")).to.have.lengthOf(4);
  });

  it("begins anew, visibly, when the stored state cannot be read", async () => {
    s3.objects.set(STATE_KEY, Buffer.from('{"version":0}'));
    await container()(kinesisEvent([at(0, { windGust: 25 })]));
    expect(kinds()).to.deep.equal(["start"]);
    expect(log.lines[0]).to.deep.include({ level: "error" });
    expect(stored()).to.include({ version: INITIAL_STATE.version });
  });

  it("publishes in each language that somebody hears in", async () => {
    await container({ languages: ["pt-BR", "en"] })(kinesisEvent([at(0, { windGust: 25 })]));
    expect(sns.published.map((published) => attributeOf(published, "language"))).to.deep.equal([
      "pt-BR",
      "en",
    ]);
    expect(smsOf(sns.at(1))).to.match(/^ORANGE/);
  });

  it("writes nothing but the state while nothing changes, and that once a batch", async () => {
    await container()(kinesisEvent([0, 1, 2].map((hour) => at(hour, { windGust: 5 }))));
    expect(s3.puts).to.deep.equal([STATE_KEY]);
  });

  it("reads the state once in a container's life while nobody else writes it", async () => {
    const warm = container();
    await warm(kinesisEvent(storm.slice(0, 2)));
    s3.objects.delete(STATE_KEY); // read again, it would be gone, and the alert would start again
    const response = await warm(kinesisEvent(storm.slice(1, 2)));
    expect(response.batchItemFailures).to.deep.equal([]);
    expect(kinds()).to.deep.equal(["start"]);
  });

  it("writes a CAP document a transition before anybody hears of it, and lists them newest first", async () => {
    sns.beforePublish = () => {
      expect(capKeysOf({ s3, sns })).to.have.lengthOf(sns.published.length + 1);
      expect(feedIdsOf({ s3, sns })).to.have.lengthOf(sns.published.length + 2);
    };
    await container()(kinesisEvent(storm));
    const feedText = s3.text("cap/index.xml");
    const listed = [...feedText.matchAll(/href="([^"]*)"/g)].map(([, href]) => `cap/${href}`);
    expect(feedIdsOf({ s3, sns })[0]).to.equal("s3://lake/cap/index.xml");
    expect(listed.toSorted()).to.deep.equal(capKeysOf({ s3, sns }));
    expect(listed.map((key) => /-([a-z]+)\.xml$/.exec(key)?.[1])).to.deep.equal([
      "clear",
      "escalation",
      "start",
    ]);
  });

  for (const folder of ["cap/", "transitions/"])
    it(`tells people even when ${folder} cannot be written, and writes it when the batch comes again`, async () => {
      s3.beforePut = (key) => {
        if (key.startsWith(folder)) throw s3Error("AccessDenied", 403);
      };
      const failed = await container()(kinesisEvent(storm));
      expect(kinds()).to.deep.equal(["start", "escalation", "clear"]);
      expect(failed.batchItemFailures).to.deep.equal([{ itemIdentifier: sequence(1) }]);
      expect(stored().pending.map(({ languages }) => languages)).to.deep.equal([[], [], []]);

      s3.beforePut = () => undefined;
      const again = await container()(kinesisEvent(storm));
      expect(again.batchItemFailures).to.deep.equal([]);
      expect(kinds()).to.have.lengthOf(3);
      expect(capKeysOf({ s3, sns })).to.have.lengthOf(3);
      expect(archivedKeysOf({ s3, sns })).to.have.lengthOf(3);
      expect(stored().pending).to.deep.equal([]);
    });

  it("leaves to the digest what is for it: no message, but everything else", async () => {
    const levels = { yellow: 10, orange: 20, red: 30 };
    const rules: Rule[] = [{ hazard: "wind", measure: { metric: "windGust" }, levels, allClear: "digest" }];
    const windy = [12, 25, 35, 5, 5, 5, 5].map((windGust, hour) => at(hour, { windGust }));
    const response = await container({ rules, yellow: "digest" })(kinesisEvent(windy));
    expect(response).to.deep.equal({ batchItemFailures: [] });
    expect(kinds()).to.deep.equal(["start", "escalation"]);
    expect(stored()).to.deep.include({ pending: [], hazards: {} });
    expect(stored().events.map(({ kind, level }) => `${kind} ${level}`)).to.deep.equal([
      "start yellow",
      "clear red",
    ]);
    const types = capKeysOf({ s3, sns }).map((key) => /<msgType>(.*)<\/msgType>/.exec(s3.text(key))?.[1]);
    expect(types).to.deep.equal(["Alert", "Update", "Update", "Cancel"]);
    expect(feedIdsOf({ s3, sns })).to.have.lengthOf(5);
    expect(archivedKeysOf({ s3, sns })).to.have.lengthOf(4);
    const cancel = s3.text(capKeysOf({ s3, sns }).at(-1) ?? "");
    expect(/<references>(.*)<\/references>/.exec(cancel)?.[1]?.split(" ")).to.have.lengthOf(3);
  });

  it("reports a batch whose CAP document for the digest's transition cannot be written", async () => {
    s3.beforePut = (key) => {
      if (key.startsWith("cap/") && key.endsWith("clear.xml")) throw s3Error("AccessDenied", 403);
    };
    const rules = [{ ...gust, allClear: "digest" } as const];
    const failed = await container({ rules })(kinesisEvent(storm));
    expect(failed.batchItemFailures).to.deep.equal([{ itemIdentifier: sequence(1) }]);
    s3.beforePut = () => undefined;
    expect(await container({ rules })(kinesisEvent(storm))).to.deep.equal({ batchItemFailures: [] });
    expect(kinds()).to.deep.equal(["start", "escalation"]);
    expect(capKeysOf({ s3, sns })).to.have.lengthOf(3);
  });

  it("begins the CAP feed anew, visibly, when it cannot be read", async () => {
    s3.objects.set("cap/index.xml", Buffer.from("garbage"));
    const response = await container()(kinesisEvent([at(0, { windGust: 25 })]));
    expect(response.batchItemFailures).to.deep.equal([]);
    expect(feedIdsOf({ s3, sns })).to.have.lengthOf(2);
    expect(log.lines[0]).to.deep.include({ level: "error" });
  });

  it("lists every place in the CAP feed though they all write it at once, from two containers", async () => {
    const places = Array.from({ length: 30 }, (_, index) => ({ ...portoAlegre, id: `place-${index}` }));
    const halves = [places.slice(0, 15), places.slice(15)];
    await Promise.all(
      halves.map((half) =>
        container({ locations: places })(kinesisEvent(half.map((place) => at(0, { windGust: 25 }, place)))),
      ),
    );
    expect(new Set(messagesOf({ s3, sns }))).to.have.lengthOf(30);
    expect(new Set(feedIdsOf({ s3, sns }))).to.have.lengthOf(31);
  });

  it("keeps the alert of a place that falls silent, whether it reports nothing or not at all", async () => {
    await container()(kinesisEvent([at(0, { windGust: 35 })]));
    const silent = [1, 2, 3, 4, 5, 6].map((hour) => at(hour, { windGust: null }));
    await container()(kinesisEvent(silent));
    await container()(kinesisEvent([at(7, {})]));
    expect(kinds()).to.deep.equal(["start"]);
    expect(stored().hazards.wind).to.deep.include({ rank: 3, since: "2024-04-30T00:00:00Z" });

    // Two days without a record: the first calm observation does not end the alert, the clear time after it does.
    await container()(kinesisEvent([at(55, { windGust: 5 })]));
    expect(kinds()).to.deep.equal(["start"]);
    await container()(kinesisEvent([at(56, { windGust: 5 }), at(57, { windGust: 5 })]));
    expect(kinds()).to.deep.equal(["start", "clear"]);
  });

  it("holds a place's own rules against it, in place of everybody's", async () => {
    const handler = container({ rulesByLocation: { "rio-grande": [rain] } });
    const stormy = { windGust: 35, rainIntensity: 50 };
    await handler(kinesisEvent([at(0, stormy), at(0, stormy, rioGrande)]));
    const heard = sns.published.map((one) => `${attributeOf(one, "location")} ${attributeOf(one, "hazard")}`);
    expect(heard.sort()).to.deep.equal(["porto-alegre wind", "rio-grande rain"]);
  });
});
