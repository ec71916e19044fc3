import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync } from "node:zlib";
import { expect } from "chai";
import { groupsOf, readDetails, readHeadings } from "../../../cli/failed/entries.ts";
import { repair } from "../../../cli/failed/repair.ts";
import { retry } from "../../../cli/failed/retry.ts";
import { UserError } from "../../../lib/user-error.ts";
import { sequence } from "../../handlers/support/kinesis-event.ts";
import {
  ARRIVED,
  arriving,
  FOLDER,
  type MemoryStack,
  openMemoryStack,
  reading,
  slowDown,
} from "./support.ts";

const SHARD = "shardId-000000000000";
const warm = `quarantine/reason=not-a-record/${FOLDER}/${SHARD}-${sequence(1)}.json`;

describe("rejected records", () => {
  let stack: MemoryStack;
  let folder: string;

  beforeEach(async () => {
    stack = openMemoryStack();
    folder = await mkdtemp(join(tmpdir(), "stormwire-failed-"));
  });
  afterEach(() => rm(folder, { recursive: true }));

  async function repairWith(body: string, key = warm): Promise<void> {
    const file = join(folder, "repaired.json");
    await writeFile(file, body);
    await repair(key, file, stack.store);
  }
  const retryAll = async (store = stack.store, invoke = stack.invoke) =>
    retry(await readHeadings(store, stack), store, invoke, stack);
  const linesOf = (key: string) => gunzipSync(stack.s3.objects.get(key) ?? Buffer.of()).toString();

  it("are counted by cause, with the first and the last arrival", async () => {
    await stack.deliver(
      arriving("garbage", "2024-04-30T23:59:59.250Z"),
      arriving(reading("warm")),
      arriving("more garbage", "2024-05-01T00:00:01.000Z"),
      arriving("most garbage", "2024-05-01T00:00:02.000Z"),
    );
    expect(groupsOf(await readHeadings(stack.store, stack))).to.deep.equal([
      {
        function: "archive",
        cause: "not-a-record",
        objects: 1,
        records: 1,
        first: ARRIVED,
        last: ARRIVED,
      },
      {
        function: "archive",
        cause: "not-json",
        objects: 3,
        records: 3,
        first: "2024-04-30T23:59:59.250Z",
        last: "2024-05-01T00:00:02.000Z",
      },
    ]);
  });

  it("stay when the archive rejects them again", async () => {
    await stack.deliver(arriving(reading("warm")));
    const before = new Map(stack.s3.objects);
    const { done, remaining } = await retryAll();
    expect(done).to.deep.equal([]);
    expect(remaining).to.deep.equal([
      {
        key: warm,
        function: "archive",
        problem: 'not-a-record: data.values: allowed is an object, found "warm"',
      },
    ]);
    expect(stack.s3.objects).to.deep.equal(before);
  });

  it("are archived as they would have been at their arrival, once they are repaired", async () => {
    await stack.deliver(arriving(reading("warm")));
    await repairWith(reading(19.4));
    expect(await retryAll()).to.deep.equal({ done: [warm], remaining: [] });
    const key = `raw/${FOLDER}/hour=11/${SHARD}-${sequence(1)}-${sequence(1)}.ndjson.gz`;
    expect([...stack.s3.objects.keys()]).to.deep.equal([key]);
    expect(JSON.parse(linesOf(key))).to.deep.equal({
      ...JSON.parse(reading(19.4)),
      archive: {
        arrivedAt: ARRIVED,
        shardId: SHARD,
        sequenceNumber: sequence(1),
        schemaVersion: 2,
        observedAt: "2024-04-30T11:00:00Z",
      },
    });
  });

  it("are archived as they are when the new code accepts them", async () => {
    await stack.deliver(arriving(reading("warm")));
    const body = { ...JSON.parse(stack.s3.text(warm)), data: Buffer.from(reading(20)).toString("base64") };
    stack.s3.objects.set(warm, Buffer.from(JSON.stringify(body)));
    expect(await retryAll()).to.deep.equal({ done: [warm], remaining: [] });
    expect(stack.keys("quarantine/")).to.deep.equal([]);
  });

  it("never share an object, in which what lay between them would be missing", async () => {
    await stack.deliver(arriving(reading("warm")), arriving(reading(1)), arriving(reading("hot")));
    const [first = "", second = ""] = stack.keys("quarantine/");
    await repairWith(reading(0), first);
    await repairWith(reading(2), second);
    await retryAll();
    const lines = stack.keys("raw/").map((key) => linesOf(key).trimEnd().split("\n").length);
    expect(lines).to.deep.equal([1, 1, 1]);
  });

  it("are neither lost nor doubled when the retry is killed between archive and removal", async () => {
    await stack.deliver(arriving(reading("warm")));
    await repairWith(reading(19.4));
    const killed = { ...stack.store, remove: () => Promise.reject(new Error("killed")) };
    const crash = await retryAll(killed).catch((error: unknown) => error);
    expect(crash).to.be.instanceOf(Error).with.property("message", "killed");
    expect(stack.keys("quarantine/"), "still there").to.deep.equal([warm]);
    const raw = new Map([...stack.s3.objects].filter(([key]) => key.startsWith("raw/")));
    expect(raw.size).to.equal(1);

    expect(await retryAll()).to.deep.equal({ done: [warm], remaining: [] });
    expect(stack.s3.objects).to.deep.equal(raw);
  });

  it("stay when the archive function fails, and others go through", async () => {
    await stack.deliver(arriving(reading("warm")), arriving(reading("hot")));
    const [first = "", second = ""] = stack.keys("quarantine/");
    await repairWith(reading(1), first);
    await repairWith(reading(2), second);
    stack.s3.beforePut = (key) => {
      if (key.includes(sequence(1))) throw slowDown();
    };
    const { done, remaining } = await retryAll();
    expect(done).to.deep.equal([second]);
    expect(remaining).to.have.lengthOf(1);
    expect(remaining[0]).to.deep.include({ key: first, function: "archive" });
    expect(remaining[0]?.problem).to.match(
      /^the function ended with ArchiveError: 1 of 1 objects were not put/,
    );
  });

  it("stay when their object is damaged", async () => {
    const key = `quarantine/reason=not-json/${FOLDER}/${SHARD}-1.json`;
    stack.s3.objects.set(key, Buffer.from('{"reason":"not-json"'));
    stack.s3.objects.set("quarantine/notes.txt", Buffer.from("{}"));
    const { remaining } = await retryAll();
    expect(remaining.map((one) => one.key)).to.deep.equal(["quarantine/notes.txt", key]);
    expect(remaining[0]?.problem).to.match(/not a rejected record.*detail/s);
    expect(remaining[1]?.problem).to.match(/not JSON/);
    expect(groupsOf(await readHeadings(stack.store, stack)).map(({ cause }) => cause)).to.deep.equal([
      "not-json",
      "unknown",
    ]);
  });

  it("stay when the deployed function is older than the command", async () => {
    await stack.deliver(arriving(reading("warm")));
    const old = async () => ({ payload: { batchItemFailures: [] } });
    const { remaining } = await retryAll(stack.store, old);
    expect(remaining[0]?.problem).to.match(/run pulumi up/);
    expect(stack.keys("quarantine/")).to.deep.equal([warm]);
  });

  it("keep their bytes beside a repair, and the last repair counts", async () => {
    await stack.deliver(arriving(reading("warm")));
    await repairWith(reading(1));
    await repairWith(reading(2));
    const [detail] = await readDetails(await readHeadings(stack.store, stack), stack.store, stack);
    const { data = "", repaired = "" } = (detail && "record" in detail && detail.record) || {};
    expect([data, repaired].map((base64) => Buffer.from(base64, "base64").toString())).to.deep.equal([
      reading("warm"),
      reading(2),
    ]);
  });

  it("accept no repair that the archive would reject", async () => {
    await stack.deliver(arriving(reading("warm")));
    const before = stack.s3.text(warm);
    const refused: readonly [string, string, RegExp][] = [
      [warm, reading("hot"), /repaired\.json would be rejected, too: not-a-record: .*"hot"/],
      [warm, "{", /would be rejected, too: not-json/],
      [warm, reading(1).replace("2024-04-30", "2024-05-02"), /implausible-time/],
      [`${warm}x`, reading(1), /is not a rejected record/],
    ];
    for (const [key, body, message] of refused) {
      const error = await repairWith(body, key).catch((caught: unknown) => caught);
      expect(error).to.be.instanceOf(UserError).with.property("message").that.matches(message);
    }
    const missing = await repair(warm, join(folder, "none"), stack.store).catch((caught: unknown) => caught);
    expect(missing)
      .to.be.instanceOf(UserError)
      .with.property("message")
      .that.matches(/none cannot be read: ENOENT/);
    expect(stack.s3.text(warm)).to.equal(before);
  });
});
