import { gunzipSync } from "node:zlib";
import { expect } from "chai";
import { ArchiveError, createArchiveHandler } from "../../handlers/archive.ts";
import { createFakeS3, type FakeS3, s3Error } from "./support/fake-s3.ts";
import { kinesisEvent, observed, sequence, weatherRecord } from "./support/kinesis-event.ts";
import { createFakeLog } from "./support/log.ts";
import { createFakeMeter } from "./support/meter.ts";
import { portoAlegre } from "./support/places.ts";

const SHARD = "shardId-000000000000";

describe("the archive handler", () => {
  let s3: FakeS3;
  const handler = () =>
    createArchiveHandler({ bucketName: "lake" }, { s3, log: createFakeLog(), meter: createFakeMeter() });

  beforeEach(() => {
    s3 = createFakeS3();
  });

  const linesOf = (key: string): unknown[] =>
    gunzipSync(s3.objects.get(key) ?? new Uint8Array())
      .toString("utf-8")
      .trimEnd()
      .split("\n")
      .map((line) => JSON.parse(line) as unknown);

  it("keeps the records of each event hour in one object, as they came", async () => {
    const times = ["2024-04-30T10:59:59Z", "2024-04-30T11:00:00Z", "2024-04-30T11:59:00.250Z"];
    const batch = times.map((time) => observed(portoAlegre, time, { temperature: 19.4, cloudBase: null }));
    const response = await handler()(kinesisEvent(batch));
    expect(response).to.deep.equal({ batchItemFailures: [] });
    const hour10 = `raw/year=2024/month=04/day=30/hour=10/${SHARD}-${sequence(1)}-${sequence(1)}.ndjson.gz`;
    const hour11 = `raw/year=2024/month=04/day=30/hour=11/${SHARD}-${sequence(2)}-${sequence(3)}.ndjson.gz`;
    expect([...s3.objects.keys()].toSorted()).to.deep.equal([hour10, hour11]);
    expect(linesOf(hour10)).to.deep.equal([
      {
        ...weatherRecord(portoAlegre, "2024-04-30T10:59:59Z", { temperature: 19.4, cloudBase: null }),
        archive: {
          arrivedAt: "2024-04-30T11:00:04.000Z",
          shardId: SHARD,
          sequenceNumber: sequence(1),
          observedAt: "2024-04-30T10:59:59Z",
          schemaVersion: 2,
        },
      },
    ]);
    expect(linesOf(hour11)).to.have.lengthOf(2);
  });

  it("leaves the same bytes when a batch comes again", async () => {
    const event = kinesisEvent([
      observed(portoAlegre, "2024-04-30T11:00:00Z", { temperature: 19.4 }),
      { body: "garbage", arrivedAtSeconds: 1_714_474_805 },
    ]);
    await handler()(event);
    const once = new Map(s3.objects);
    await handler()(event);
    expect(s3.objects).to.deep.equal(once);
    expect(s3.puts.filter((key) => key.startsWith("raw/"))).to.have.lengthOf(2);
  });

  it("leaves a repair in quarantine alone when the batch comes again", async () => {
    const event = kinesisEvent([{ body: "garbage", arrivedAtSeconds: 1_714_474_805 }]);
    await handler()(event);
    const [key = ""] = s3.objects.keys();
    const repaired = Buffer.from("repaired");
    s3.objects.set(key, repaired);
    await handler()(event);
    expect(s3.objects.get(key)).to.equal(repaired);
  });

  it("tells what is still unfit of records from quarantine, and writes nothing of them", async () => {
    const event = kinesisEvent([
      { body: "garbage", arrivedAtSeconds: 1_714_474_805 },
      observed(portoAlegre, "2024-04-30T11:00:00Z", {}),
    ]);
    const response = await handler()({ ...event, fromQuarantine: true });
    expect(response.batchItemFailures).to.deep.equal([]);
    expect(response.unfit).to.have.lengthOf(1);
    expect(response.unfit?.[0]).to.deep.include({
      shardId: SHARD,
      sequenceNumber: sequence(1),
      reason: "not-json",
    });
    expect([...s3.objects.keys()].join()).to.match(/^raw\/[^,]*$/);
  });

  it("keeps what is no record in quarantine, with its reason", async () => {
    const arrivedAtSeconds = Date.parse("2024-04-30T23:59:59.250Z") / 1000;
    await handler()(kinesisEvent([{ body: "garbage", arrivedAtSeconds }]));
    const key = `quarantine/reason=not-json/year=2024/month=04/day=30/${SHARD}-${sequence(1)}.json`;
    expect([...s3.objects.keys()]).to.deep.equal([key]);
    const { detail, ...rest } = JSON.parse(s3.text(key)) as Record<string, unknown>;
    expect(detail)
      .to.be.a("string")
      .that.matches(/garbage/);
    expect(rest).to.deep.equal({
      reason: "not-json",
      arrivedAt: "2024-04-30T23:59:59.250Z",
      streamArn: "arn:aws:kinesis:us-east-1:123456789012:stream/observations",
      shardId: SHARD,
      sequenceNumber: sequence(1),
      partitionKey: "porto-alegre",
      data: Buffer.from("garbage").toString("base64"),
    });
  });

  it("keeps an implausible time in quarantine, and a place that config does not know in the archive", async () => {
    const elsewhere = observed({ ...portoAlegre, id: "nowhere" }, "2024-04-30T11:00:00Z", {});
    await handler()(kinesisEvent([observed(portoAlegre, "1999-12-31T23:00:00Z", {}), elsewhere]));
    const folders = [...s3.objects.keys()].map((key) => key.split("/").slice(0, 2).join("/")).toSorted();
    expect(folders).to.deep.equal(["quarantine/reason=implausible-time", "raw/year=2024"]);
  });

  it("fails as a whole when S3 fails, after having tried every object", async () => {
    const cause = s3Error("SlowDown", 503);
    s3.beforePut = (key) => {
      if (key.includes("hour=10")) throw cause;
    };
    const batch = ["2024-04-30T10:00:00Z", "2024-04-30T11:00:00Z"].map((time) =>
      observed(portoAlegre, time, {}),
    );
    const error = await handler()(kinesisEvent(batch)).catch((caught: unknown) => caught);
    expect(error).to.be.instanceOf(ArchiveError).and.include({ cause });
    expect(s3.puts).to.have.lengthOf(1);
  });
});
