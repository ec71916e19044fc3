import { expect } from "chai";
import {
  archivedKeysOf,
  at,
  capKeysOf,
  createWorld,
  gust,
  gustContainer,
  kindsOf,
  STATE_KEY,
  stateOf,
  storm,
  type World,
} from "./support/alert-world.ts";
import { s3Error } from "./support/fake-s3.ts";
import { attributeOf } from "./support/fake-sns.ts";
import { kinesisEvent, sequence } from "./support/kinesis-event.ts";
import { rioGrande } from "./support/places.ts";

describe("the alert handler when a service fails", () => {
  let world: World;

  beforeEach(() => {
    world = createWorld();
  });

  it("stores a transition before it publishes it, and publishes it later when SNS fails", async () => {
    world.sns.beforePublish = () => {
      throw new Error("SNS is down");
    };
    const failed = await gustContainer(world)(kinesisEvent([at(0, { windGust: 25 })]));
    expect(failed.batchItemFailures).to.deep.equal([{ itemIdentifier: sequence(1) }]);
    expect(stateOf(world).pending).to.have.lengthOf(1);

    world.sns.beforePublish = () => undefined;
    const again = await gustContainer(world)(kinesisEvent([at(0, { windGust: 25 })]));
    expect(again.batchItemFailures).to.deep.equal([]);
    expect(kindsOf(world)).to.deep.equal(["start"]);
    expect(stateOf(world).pending).to.deep.equal([]);
  });

  it("does not repeat what SNS took before it failed", async () => {
    world.sns.beforePublish = () => {
      if (world.sns.published.length === 1) throw new Error("SNS is down");
    };
    await gustContainer(world)(kinesisEvent(storm));
    world.sns.beforePublish = () => undefined;
    await gustContainer(world)(kinesisEvent(storm));
    expect(kindsOf(world)).to.deep.equal(["start", "escalation", "clear"]);
  });

  it("sends twice when it dies between SNS and the state, and does not lose", async () => {
    world.s3.beforePut = (key) => {
      if (key === STATE_KEY && world.sns.published.length === 1) throw s3Error("InternalError", 500);
    };
    const failed = await gustContainer(world)(kinesisEvent([at(0, { windGust: 25 })]));
    expect(failed.batchItemFailures).to.have.lengthOf(1);
    world.s3.beforePut = () => undefined;
    await gustContainer(world)(kinesisEvent([at(0, { windGust: 25 })]));
    expect(kindsOf(world)).to.deep.equal(["start", "start"]);
  });

  it("goes on with the other locations when one fails", async () => {
    world.s3.beforePut = (key) => {
      if (key === STATE_KEY) throw s3Error("SlowDown", 503);
    };
    const batch = [at(0, { windGust: 25 }, rioGrande), at(0, { windGust: 25 }), at(1, { windGust: 35 })];
    const response = await gustContainer(world)(kinesisEvent(batch));
    expect(response.batchItemFailures).to.deep.equal([{ itemIdentifier: sequence(2) }]);
    expect(world.sns.published.map((published) => attributeOf(published, "location"))).to.deep.equal([
      "rio-grande",
    ]);
  });

  for (const folder of ["cap/", "transitions/"])
    it(`tells people even when ${folder} cannot be written, and writes it when the batch comes again`, async () => {
      world.s3.beforePut = (key) => {
        if (key.startsWith(folder)) throw s3Error("AccessDenied", 403);
      };
      const failed = await gustContainer(world)(kinesisEvent(storm));
      expect(kindsOf(world)).to.deep.equal(["start", "escalation", "clear"]);
      expect(failed.batchItemFailures).to.deep.equal([{ itemIdentifier: sequence(1) }]);
      expect(stateOf(world).pending.map(({ languages }) => languages)).to.deep.equal([[], [], []]);

      world.s3.beforePut = () => undefined;
      const again = await gustContainer(world)(kinesisEvent(storm));
      expect(again.batchItemFailures).to.deep.equal([]);
      expect(kindsOf(world)).to.have.lengthOf(3);
      expect(capKeysOf(world)).to.have.lengthOf(3);
      expect(archivedKeysOf(world)).to.have.lengthOf(3);
      expect(stateOf(world).pending).to.deep.equal([]);
    });

  it("reports a batch whose CAP document for the digest's transition cannot be written", async () => {
    world.s3.beforePut = (key) => {
      if (key.startsWith("cap/") && key.endsWith("clear.xml")) throw s3Error("AccessDenied", 403);
    };
    const rules = [{ ...gust, allClear: "digest" } as const];
    const failed = await gustContainer(world, { rules })(kinesisEvent(storm));
    expect(failed.batchItemFailures).to.deep.equal([{ itemIdentifier: sequence(1) }]);
    world.s3.beforePut = () => undefined;
    expect(await gustContainer(world, { rules })(kinesisEvent(storm))).to.deep.equal({
      batchItemFailures: [],
    });
    expect(kindsOf(world)).to.deep.equal(["start", "escalation"]);
    expect(capKeysOf(world)).to.have.lengthOf(3);
  });
});
