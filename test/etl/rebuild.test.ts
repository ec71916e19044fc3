import { readFile } from "node:fs/promises";
import { setTimeout } from "node:timers/promises";
import { expect } from "chai";
import { rebuild } from "../../etl/rebuild.ts";
import { tableText } from "../../etl/table-definition.ts";
import { tableNamed } from "../../etl/tables.ts";
import { queryGold } from "./gold-rows.ts";
import { archivedLine, createMemoryLake, gzipLines, type MemoryLake, rawKey } from "./memory-lake.ts";

const DAY = "2024-04-30";
const GOLD = `gold/observations/day=${DAY}/observations.parquet`;
const MARKER = `state/etl/observations/day=${DAY}.json`;

describe("rebuild", () => {
  let options: Parameters<typeof rebuild>[1];
  let lake: MemoryLake;

  before(async () => {
    options = {
      sql: await readFile("etl/observations.sql", "utf8"),
      table: tableText(tableNamed("observations")),
    };
  });

  beforeEach(() => {
    lake = createMemoryLake();
  });

  function put(name: string, lines: readonly string[], folderTime = `${DAY}T11`): void {
    lake.objects.set(rawKey(folderTime, name), gzipLines(lines));
  }

  it("flattens and casts a line", async () => {
    put("a", [
      archivedLine({
        time: `${DAY}T11:00:00Z`,
        values: {
          rainIntensity: 4.2,
          temperature: 19,
          cloudBase: null,
          weatherCode: 4001.0,
          humidity: "wet",
          extra: 1,
        },
        arrivedAt: `${DAY}T11:00:05.250Z`,
      }),
    ]);

    const report = await rebuild(lake, options);

    expect(report).to.include({ linesIn: 1, rowsOut: 1, duplicates: 0, rejected: 0 });
    const [row] = await goldRows(lake);
    expect(row).to.include({
      location: "porto-alegre",
      latitude: -30.0536,
      observed_at: "2024-04-30 11:00:00",
      rain_intensity: 4.2,
      temperature: 19,
      cloud_base: null,
      weather_code: 4001,
      humidity: null,
      wind_gust: null,
      source: "tomorrow.io",
      arrived_at: "2024-04-30 11:00:05.25",
    });
  });

  it("writes the columns of the table in their order, day in the folder only", async () => {
    put("a", [archivedLine({ time: `${DAY}T11:00:00Z` })]);

    await rebuild(lake, options);

    const types = { string: "VARCHAR", double: "DOUBLE", integer: "INTEGER", timestamp: "TIMESTAMP" };
    const described = await queryGold(
      lake,
      GOLD,
      "SELECT column_name, column_type FROM (DESCRIBE SELECT * FROM gold)",
    );
    expect(described.map((row) => [row.column_name, row.column_type])).to.deep.equal(
      tableNamed("observations").columns.map(({ name, type }) => [name, types[type]]),
    );
  });

  it("keeps the latest arrival of a location and time, then the greatest sequence number", async () => {
    const time = `${DAY}T11:00:00Z`;
    put("z", [
      archivedLine({
        time,
        values: { temperature: 1 },
        arrivedAt: `${DAY}T11:00:05.000Z`,
        sequenceNumber: "999",
      }),
    ]);
    put("a", [
      archivedLine({
        time,
        values: { temperature: 2 },
        arrivedAt: `${DAY}T12:00:00.000Z`,
        sequenceNumber: "99",
      }),
      archivedLine({
        time,
        values: { temperature: 3 },
        arrivedAt: `${DAY}T12:00:00.000Z`,
        sequenceNumber: "100",
      }),
    ]);

    const report = await rebuild(lake, options);

    expect((await goldRows(lake)).map((row) => row.temperature)).to.deep.equal([3]);
    expect(report).to.include({ linesIn: 3, rowsOut: 1, duplicates: 2, rejected: 0 });
  });

  it("sorts by location and time", async () => {
    put("a", [
      archivedLine({ time: `${DAY}T11:30:00Z`, location: "b" }),
      archivedLine({ time: `${DAY}T11:00:00Z`, location: "b" }),
      archivedLine({ time: `${DAY}T11:45:00Z`, location: "a" }),
    ]);

    await rebuild(lake, options);

    const rows = await goldRows(lake);
    expect(rows.map((row) => `${row.location} ${row.observed_at}`)).to.deep.equal([
      "a 2024-04-30 11:45:00",
      "b 2024-04-30 11:00:00",
      "b 2024-04-30 11:30:00",
    ]);
  });

  it("rejects and counts lines without a location, without a valid time, of another day or torn", async () => {
    const good = archivedLine({ time: `${DAY}T11:00:00Z` });
    const anonymous = good.replace('"id":"porto-alegre",', "");
    const others = [
      "2024-04-30T24:00:00Z",
      "2024-04-30T11:61:00Z",
      "2024-04-30 11:00",
      "2024-05-01T11:00:00Z",
    ];
    put("a", [good, anonymous, ...others.map((time) => archivedLine({ time })), good.slice(0, 40)]);

    const report = await rebuild(lake, options);

    expect(report.rowsOut).to.equal(1);
    expect(report.rejected).to.be.at.least(5);
    expect(await goldRows(lake)).to.have.length(1);
  });

  it("does nothing the second time, and rebuilds a day from all its raw when late data comes", async () => {
    put("a", [archivedLine({ time: `${DAY}T11:00:00Z` })]);
    await rebuild(lake, options);
    const idle = await rebuild(lake, options);
    put("late", [archivedLine({ time: `${DAY}T09:00:00Z` })], `${DAY}T09`);
    const late = await rebuild(lake, options);

    expect(idle).to.deep.include({ rebuilt: [], upToDate: 1 });
    expect(late).to.deep.include({ rebuilt: [DAY], linesIn: 2, rowsOut: 2 });
    expect(await goldRows(lake)).to.have.length(2);
  });

  it("writes gold, removes what else lies there, and writes the marker last", async () => {
    put("a", [archivedLine({ time: `${DAY}T11:00:00Z` })]);
    const leftover = `gold/observations/day=${DAY}/part-00000.zstd.parquet`;
    lake.objects.set(leftover, Buffer.from("old"));

    await rebuild(lake, options);

    expect(lake.journal).to.deep.equal([`write ${GOLD}`, `remove ${leftover}`, `write ${MARKER}`]);
  });

  it("fails with S3's error once no read is under way, so that none writes into a folder that is gone", async () => {
    put("a", [archivedLine({ time: `${DAY}T11:00:00Z` })]);
    put("b", [archivedLine({ time: `${DAY}T11:10:00Z` })]);
    const slow = Promise.withResolvers<void>();
    const refused = new Error("SlowDown");
    const read = async (key: string) => {
      if (key.endsWith("a.ndjson.gz")) throw refused;
      await slow.promise;
      return lake.read(key);
    };
    let ended: unknown;
    const run = rebuild({ ...lake, read }, options).catch((error: unknown) => {
      ended = error;
    });

    await setTimeout(50);
    expect(ended, "while a read is under way").to.equal(undefined);
    slow.resolve();
    await run;

    expect(ended).to.equal(refused);
  });

  it("removes the gold of a day that has no valid row any more", async () => {
    put("a", [archivedLine({ time: `${DAY}T11:00:00Z` })]);
    await rebuild(lake, options);
    put("a", ["{}"]);

    const report = await rebuild(lake, options);

    expect(report).to.deep.include({ rebuilt: [DAY], rowsOut: 0 });
    expect([...lake.objects.keys()].filter((key) => key.startsWith("gold/"))).to.deep.equal([]);
  });

  it("counts a line once, whatever is on it", async () => {
    const good = archivedLine({ time: `${DAY}T11:00:00Z` });
    put("a", ["", good, "  ", `[${good},${good}]`, "null", "5", good]);

    const report = await rebuild(lake, options);

    expect(report).to.include({ linesIn: 5, rowsOut: 1, duplicates: 1, rejected: 3 });
  });

  describe("of days", () => {
    const early = "2024-04-29";
    const late = "2024-05-01";

    beforeEach(async () => {
      for (const day of [early, DAY, late]) {
        put("a", [archivedLine({ time: `${day}T11:00:00Z` })], `${day}T11`);
      }
      await rebuild(lake, options);
      lake.journal.length = 0;
    });

    it("asked for are rebuilt, stale or not, and no others", async () => {
      put("b", [archivedLine({ time: `${late}T12:00:00Z` })], `${late}T12`);
      put("b", [archivedLine({ time: `${early}T12:00:00Z` })], `${early}T12`);

      const report = await rebuild(lake, { ...options, asked: { from: DAY, to: late } });

      expect(report).to.deep.include({
        rebuilt: [DAY, late],
        reasons: { [DAY]: "asked for", [late]: "raw changed" },
        upToDate: 0,
      });
      expect(lake.journal.filter((step) => step.includes(early))).to.deep.equal([]);
    });

    it("asked for stay when they are frozen", async () => {
      lake.objects.delete(rawKey(`${DAY}T11`, "a"));
      put("b", [archivedLine({ time: `${DAY}T12:00:00Z` })], `${DAY}T12`);

      const report = await rebuild(lake, { ...options, asked: { from: DAY, to: DAY } });

      expect(report).to.deep.include({
        rebuilt: [],
        frozen: [DAY],
        reasons: { [DAY]: "raw gone" },
      });
      expect(lake.journal).to.deep.equal([]);
    });

    it("that are stale are reported in a dry run, which writes nothing", async () => {
      put("b", [archivedLine({ time: `${DAY}T12:00:00Z` })], `${DAY}T12`);

      const report = await rebuild(lake, { ...options, dryRun: true });

      expect(report).to.deep.include({
        stale: [DAY],
        rebuilt: [],
        reasons: { [DAY]: "raw changed" },
        upToDate: 2,
        linesIn: 0,
      });
      expect(lake.journal).to.deep.equal([]);
    });

    it("that have gold are marked unfinished before it is touched", async () => {
      put("b", [archivedLine({ time: `${DAY}T12:00:00Z` })], `${DAY}T12`);

      await rebuild(lake, options);

      expect(lake.journal).to.deep.equal([`write ${MARKER}`, `write ${GOLD}`, `write ${MARKER}`]);
    });
  });

  it("gives the same bytes of gold from the same raw", async () => {
    const lines = Array.from({ length: 50 }, (_, minute) =>
      archivedLine({
        time: `${DAY}T11:${String(minute).padStart(2, "0")}:00Z`,
        sequenceNumber: String(minute),
      }),
    );
    put("a", lines);
    await rebuild(lake, options);
    const first = lake.objects.get(GOLD);
    lake.objects.delete(MARKER);

    await rebuild(lake, options);

    expect(Buffer.compare(Buffer.from(lake.objects.get(GOLD) ?? []), Buffer.from(first ?? []))).to.equal(0);
  });
});

function goldRows(lake: MemoryLake): Promise<Record<string, unknown>[]> {
  return queryGold(lake, GOLD);
}
