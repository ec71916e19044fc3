import { expect } from "chai";
import type { Rule } from "../../handlers/weather/rules/rules.ts";
import {
  archivedKeysOf,
  at,
  capKeysOf,
  createWorld,
  feedIdsOf,
  gustContainer,
  kindsOf,
  rain,
  STATE_KEY,
  stateOf,
  storm,
  type World,
} from "./support/alert-world.ts";
import { attributeOf, smsOf } from "./support/fake-sns.ts";
import { kinesisEvent } from "./support/kinesis-event.ts";
import { rioGrande } from "./support/places.ts";

describe("the alert handler", () => {
  let world: World;

  beforeEach(() => {
    world = createWorld();
  });

  it("publishes each transition of a batch once, in order", async () => {
    const response = await gustContainer(world)(kinesisEvent(storm));
    expect(response).to.deep.equal({ batchItemFailures: [] });
    expect(kindsOf(world)).to.deep.equal(["start", "escalation", "clear"]);
    expect(smsOf(world.sns.at(1))).to.match(/^VENTO sobe para VERMELHO em Porto Alegre: rajada 126 km\/h/);
    expect(stateOf(world)).to.deep.include({ pending: [], hazards: {} });
  });

  it("gives subscriptions what they filter by", async () => {
    await gustContainer(world)(kinesisEvent([at(0, { windGust: 25 })]));
    const published = world.sns.at(0);
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
    const warm = gustContainer(world);
    await warm(kinesisEvent(storm));
    const [state, puts, published] = [
      world.s3.text(STATE_KEY),
      world.s3.puts.length,
      world.sns.published.length,
    ];
    await warm(kinesisEvent(storm));
    await gustContainer(world)(kinesisEvent(storm));
    expect([world.s3.text(STATE_KEY), world.s3.puts.length, world.sns.published.length]).to.deep.equal([
      state,
      puts,
      published,
    ]);
  });

  it("says the same whatever the batches", async () => {
    await gustContainer(world)(kinesisEvent(storm));
    const [state, published] = [world.s3.text(STATE_KEY), world.sns.published];
    world = createWorld();
    for (const record of storm) await gustContainer(world)(kinesisEvent([record]));
    expect(world.s3.text(STATE_KEY)).to.equal(state);
    expect(world.sns.published).to.deep.equal(published);
  });

  it("publishes in each language that somebody hears in", async () => {
    await gustContainer(world, { languages: ["pt-BR", "en"] })(kinesisEvent([at(0, { windGust: 25 })]));
    expect(world.sns.published.map((published) => attributeOf(published, "language"))).to.deep.equal([
      "pt-BR",
      "en",
    ]);
    expect(smsOf(world.sns.at(1))).to.match(/^ORANGE/);
  });

  it("skips what is no observation of its places, or from the future", async () => {
    const early = { ...at(9, { windGust: 40 }), arrivedAtSeconds: Date.UTC(2024, 3, 30, 0) / 1000 };
    const elsewhere = at(0, { windGust: 40 }, { ...rioGrande, id: "nowhere" });
    const wrongType = {
      ...at(0, {}),
      body: { data: { time: "2024-04-30T00:00:00Z", values: { windGust: "40" } } },
    };
    const batch = [{ ...at(0, {}), body: "garbage" }, wrongType, elsewhere, early, at(0, { windGust: 25 })];
    const response = await gustContainer(world)(kinesisEvent(batch));
    expect(response).to.deep.equal({ batchItemFailures: [] });
    expect(kindsOf(world)).to.deep.equal(["start"]);
    expect(world.log.lines.filter(({ level }) => level === "warn")).to.have.lengthOf(4);
  });

  it("leaves to the digest what is for it: no message, but everything else", async () => {
    const levels = { yellow: 10, orange: 20, red: 30 };
    const rules: Rule[] = [{ hazard: "wind", measure: { metric: "windGust" }, levels, allClear: "digest" }];
    const windy = [12, 25, 35, 5, 5, 5, 5].map((windGust, hour) => at(hour, { windGust }));
    const response = await gustContainer(world, { rules, yellow: "digest" })(kinesisEvent(windy));
    expect(response).to.deep.equal({ batchItemFailures: [] });
    expect(kindsOf(world)).to.deep.equal(["start", "escalation"]);
    expect(stateOf(world)).to.deep.include({ pending: [], hazards: {} });
    expect(stateOf(world).events.map(({ kind, level }) => `${kind} ${level}`)).to.deep.equal([
      "start yellow",
      "clear red",
    ]);
    const types = capKeysOf(world).map((key) => /<msgType>(.*)<\/msgType>/.exec(world.s3.text(key))?.[1]);
    expect(types).to.deep.equal(["Alert", "Update", "Update", "Cancel"]);
    expect(feedIdsOf(world)).to.have.lengthOf(5);
    expect(archivedKeysOf(world)).to.have.lengthOf(4);
    const cancel = world.s3.text(capKeysOf(world).at(-1) ?? "");
    expect(/<references>(.*)<\/references>/.exec(cancel)?.[1]?.split(" ")).to.have.lengthOf(3);
  });

  it("keeps the alert of a place that falls silent, whether it reports nothing or not at all", async () => {
    await gustContainer(world)(kinesisEvent([at(0, { windGust: 35 })]));
    const silent = [1, 2, 3, 4, 5, 6].map((hour) => at(hour, { windGust: null }));
    await gustContainer(world)(kinesisEvent(silent));
    await gustContainer(world)(kinesisEvent([at(7, {})]));
    expect(kindsOf(world)).to.deep.equal(["start"]);
    expect(stateOf(world).hazards.wind).to.deep.include({ rank: 3, since: "2024-04-30T00:00:00Z" });

    // Two days without a record: the first calm observation does not end the alert, the clear time after it does.
    await gustContainer(world)(kinesisEvent([at(55, { windGust: 5 })]));
    expect(kindsOf(world)).to.deep.equal(["start"]);
    await gustContainer(world)(kinesisEvent([at(56, { windGust: 5 }), at(57, { windGust: 5 })]));
    expect(kindsOf(world)).to.deep.equal(["start", "clear"]);
  });

  it("holds a place's own rules against it, in place of everybody's", async () => {
    const handler = gustContainer(world, { rulesByLocation: { "rio-grande": [rain] } });
    const stormy = { windGust: 35, rainIntensity: 50 };
    await handler(kinesisEvent([at(0, stormy), at(0, stormy, rioGrande)]));
    const heard = world.sns.published.map(
      (one) => `${attributeOf(one, "location")} ${attributeOf(one, "hazard")}`,
    );
    expect(heard.sort()).to.deep.equal(["porto-alegre wind", "rio-grande rain"]);
  });
});
