import { gunzipSync } from "node:zlib";
import { expect } from "chai";
import { createTransitionArchive } from "../../handlers/clients/transition-archive.ts";
import { parseState } from "../../handlers/weather/alerts/state.ts";
import { type Transition, transitionSchema } from "../../handlers/weather/alerts/transition.ts";
import type { Rule } from "../../handlers/weather/rules/rules.ts";
import { archivedKeysOf, at, container, createWorld, stateOf, type World } from "./support/alert-world.ts";
import { createFakeS3, s3Error } from "./support/fake-s3.ts";
import { kinesisEvent } from "./support/kinesis-event.ts";
import { portoAlegre } from "./support/places.ts";
import { rainEscalation, transitions } from "./support/transitions.ts";

const FOLDER = "transitions/year=2024/month=04/day=30";

/** Lines of an object, as JSON. */
function linesOf({ s3 }: Pick<World, "s3">, key: string): unknown[] {
  const text = gunzipSync(s3.objects.get(key) ?? "").toString("utf8");
  return text
    .trimEnd()
    .split("\n")
    .map((line) => JSON.parse(line) as unknown);
}

async function archived(transition: Transition, location = portoAlegre) {
  const s3 = createFakeS3();
  await createTransitionArchive(s3, "lake").write(transition, location);
  const [key = ""] = s3.puts;
  return { s3, key, body: Buffer.from(s3.objects.get(key) ?? []) };
}

describe("the archive of transitions", () => {
  it("has one object of one line for each, in the folder of its hour", async () => {
    const world = createWorld();
    await container(world)(kinesisEvent([25, 35, 5, 5, 5].map((windGust, hour) => at(hour, { windGust }))));

    expect(archivedKeysOf(world)).to.deep.equal([
      `${FOLDER}/hour=00/porto-alegre.wind.20240430T000000Z.start.ndjson.gz`,
      `${FOLDER}/hour=01/porto-alegre.wind.20240430T010000Z.escalation.ndjson.gz`,
      `${FOLDER}/hour=04/porto-alegre.wind.20240430T040000Z.clear.ndjson.gz`,
    ]);
    const [start] = archivedKeysOf(world);
    expect(linesOf(world, start ?? "")).to.deep.equal([
      {
        transition: {
          id: "porto-alegre/wind/2024-04-30T00:00:00Z/start",
          time: "2024-04-30T00:00:00Z",
          location: "porto-alegre",
          hazard: "wind",
          level: "orange",
          kind: "start",
          value: 25,
          threshold: 20,
          measure: { metric: "windGust" },
          below: false,
          since: "2024-04-30T00:00:00Z",
        },
        location: { id: "porto-alegre", name: "Porto Alegre", lat: -30.0536, lon: -51.1747 },
        archive: { schemaVersion: 1 },
      },
    ]);
  });

  it("goes by the hour in UTC, whatever the place's clock", async () => {
    const time = "2024-05-01T02:59:59Z";
    const { key } = await archived({ ...rainEscalation, time });
    expect(key).to.match(/^transitions\/year=2024\/month=05\/day=01\/hour=02\//);
  });

  for (const [name, transition] of Object.entries(transitions)) {
    it(`keeps every field: ${name}`, async () => {
      const { s3, key } = await archived(transition);
      const [line] = linesOf({ s3 }, key) as [{ transition: unknown }];
      expect(line.transition).to.deep.equal(transition);
    });
  }

  it("is the same bytes each time, for gzip's header holds no time", async () => {
    const first = await archived(rainEscalation);
    const second = await archived(rainEscalation);
    expect(second.body.equals(first.body)).to.equal(true);
    expect(first.body.readUInt32LE(4), "MTIME, RFC 1952").to.equal(0);
  });

  it("is the same bytes from a transition that was stored in between, however config orders a measure", async () => {
    const measure = { as: "sum", over: "2h", metric: "rainIntensity" } as const;
    const rules: Rule[] = [{ hazard: "rain", measure, levels: { orange: 20 } }];
    const batch = kinesisEvent([at(0, { rainIntensity: 0 }), at(1, { rainIntensity: 25 })]);
    const undisturbed = createWorld();
    await container(undisturbed, { rules })(batch);
    const [key = ""] = archivedKeysOf(undisturbed);

    const world = createWorld();
    world.s3.beforePut = (put) => {
      if (put === key) throw s3Error("SlowDown", 503);
    };
    await container(world, { rules })(batch);
    expect(archivedKeysOf(world)).to.deep.equal([]);
    expect(parseState(JSON.stringify(stateOf(world))).pending).to.have.lengthOf(1);
    world.s3.beforePut = () => undefined;
    await container(world, { rules })(batch);

    expect(world.s3.objects.get(key)).to.deep.equal(undisturbed.s3.objects.get(key));
  });

  it("has keys that folders and Hadoop take, one each, for names of any letters", async () => {
    const names = ["a/b", "a:b", "a.b", "a_b", "..", "São João", "a b"];
    const keys = await Promise.all(
      names.map(async (location) => (await archived({ ...rainEscalation, location })).key),
    );
    expect(new Set(keys)).to.have.lengthOf(names.length);
    for (const key of keys)
      expect(key).to.match(/^transitions(\/[a-z]+=\d+){4}\/[A-Za-z0-9_-][A-Za-z0-9._-]*$/);
  });

  it("has what went to the digest", async () => {
    const world = createWorld();
    const rules: Rule[] = [
      {
        hazard: "wind",
        measure: { metric: "windGust" },
        levels: { yellow: 10 },
        clear: { after: "1h", ratio: 1 },
      },
    ];
    const handler = container(world, { rules, yellow: "digest" });
    await handler(kinesisEvent([12, 5, 5].map((windGust, hour) => at(hour, { windGust }))));

    expect(world.sns.published).to.deep.equal([]);
    const kinds = archivedKeysOf(world).map((key) => {
      const [line] = linesOf(world, key) as [{ transition: unknown }];
      return transitionSchema.parse(line.transition).kind;
    });
    expect(kinds).to.deep.equal(["start", "clear"]);
  });
});
