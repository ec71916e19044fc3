import { expect } from "chai";
import {
  at,
  capKeysOf,
  createWorld,
  feedIdsOf,
  gustContainer,
  messagesOf,
  storm,
  type World,
} from "./support/alert-world.ts";
import { kinesisEvent } from "./support/kinesis-event.ts";
import { portoAlegre } from "./support/places.ts";

describe("the alert handler's CAP documents", () => {
  let world: World;

  beforeEach(() => {
    world = createWorld();
  });

  it("writes a CAP document a transition before anybody hears of it, and lists them newest first", async () => {
    world.sns.beforePublish = () => {
      expect(capKeysOf(world)).to.have.lengthOf(world.sns.published.length + 1);
      expect(feedIdsOf(world)).to.have.lengthOf(world.sns.published.length + 2);
    };
    await gustContainer(world)(kinesisEvent(storm));
    const feedText = world.s3.text("cap/index.xml");
    const listed = [...feedText.matchAll(/href="([^"]*)"/g)].map(([, href]) => `cap/${href}`);
    expect(feedIdsOf(world)[0]).to.equal("s3://lake/cap/index.xml");
    expect(listed.toSorted()).to.deep.equal(capKeysOf(world));
    expect(listed.map((key) => /-([a-z]+)\.xml$/.exec(key)?.[1])).to.deep.equal([
      "clear",
      "escalation",
      "start",
    ]);
  });

  it("begins the CAP feed anew, visibly, when it cannot be read", async () => {
    world.s3.objects.set("cap/index.xml", Buffer.from("garbage"));
    const response = await gustContainer(world)(kinesisEvent([at(0, { windGust: 25 })]));
    expect(response.batchItemFailures).to.deep.equal([]);
    expect(feedIdsOf(world)).to.have.lengthOf(2);
    expect(world.log.lines[0]).to.deep.include({ level: "error" });
  });

  it("lists every place in the CAP feed though they all write it at once, from two containers", async () => {
    const places = Array.from({ length: 30 }, (_, index) => ({ ...portoAlegre, id: `place-${index}` }));
    const halves = [places.slice(0, 15), places.slice(15)];
    await Promise.all(
      halves.map((half) =>
        gustContainer(world, { locations: places })(
          kinesisEvent(half.map((place) => at(0, { windGust: 25 }, place))),
        ),
      ),
    );
    expect(new Set(messagesOf(world))).to.have.lengthOf(30);
    expect(new Set(feedIdsOf(world))).to.have.lengthOf(31);
  });
});
