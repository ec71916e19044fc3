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
import { portoAlegre, rioGrande } from "./support/places.ts";
import { childText, parseTree } from "./support/xml-tree.ts";
import { capProblems } from "./weather/cap/cap-rules.ts";

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

  it("dates documents and feed by when their record arrives, whatever place it is late for", async () => {
    const [poa, rg] = [portoAlegre, rioGrande];
    const late = (hour: number, arrivedAtHour: number, windGust: number, place = poa) => ({
      ...at(hour, { windGust }, place),
      arrivedAtSeconds: Date.UTC(2024, 3, 30, arrivedAtHour) / 1000,
    });
    const updates: string[] = [];
    const sent: Record<string, string | undefined> = {};
    for (const record of [late(11, 11, 25), late(9, 12, 35, rg), late(12, 13, 35), late(10, 14, 35, rg)]) {
      await gustContainer(world)(kinesisEvent([record]));
      updates.push(childText(parseTree(world.s3.text("cap/index.xml")), "updated") ?? "");
    }
    for (const key of capKeysOf(world)) {
      const alert = parseTree(world.s3.text(key));
      expect(capProblems(world.s3.text(key)), key).to.deep.equal([]);
      sent[key.replace(/^cap\//, "")] = childText(alert, "sent");
      const entry = `<updated>${new Date(childText(alert, "sent") ?? "").toISOString().replace(".000", "")}</updated>`;
      expect(world.s3.text("cap/index.xml"), key).to.include(entry);
    }

    expect(updates).to.deep.equal(
      ["11", "12", "13"].map((hour) => `2024-04-30T${hour}:00:00Z`).concat(updates[2] ?? ""),
    );
    expect(sent).to.deep.equal({
      "porto-alegre/wind/20240430T110000Z-start.xml": "2024-04-30T08:00:00-03:00",
      "rio-grande/wind/20240430T090000Z-start.xml": "2024-04-30T09:00:00-03:00",
      "porto-alegre/wind/20240430T120000Z-escalation.xml": "2024-04-30T10:00:00-03:00",
    });
    const escalation = parseTree(world.s3.text("cap/porto-alegre/wind/20240430T120000Z-escalation.xml"));
    expect(childText(escalation, "references")).to.match(/11:00:00Z\/start,2024-04-30T08:00:00-03:00$/);
  });

  it("dates no message before the one that it refers to", async () => {
    const alert = gustContainer(world);
    await alert(
      kinesisEvent([{ ...at(1, { windGust: 25 }), arrivedAtSeconds: Date.UTC(2024, 3, 30, 9) / 1000 }]),
    );
    await alert(
      kinesisEvent([{ ...at(2, { windGust: 35 }), arrivedAtSeconds: Date.UTC(2024, 3, 30, 8) / 1000 }]),
    );
    const update = parseTree(world.s3.text("cap/porto-alegre/wind/20240430T020000Z-escalation.xml"));
    expect(childText(update, "sent")).to.equal("2024-04-30T06:00:00-03:00");
  });

  it("resets the CAP feed and logs an error when it cannot be read", async () => {
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
