import { expect } from "chai";
import { type RebuildOptions, rebuild } from "../../etl/rebuild.ts";
import { brokenObjects } from "./broken-objects.ts";
import { queryGold } from "./gold-rows.ts";
import { optionsOf } from "./histories/options.ts";
import { archivedLine, createMemoryLake, gzipLines, type MemoryLake, rawKey } from "./memory-lake.ts";
import { runWithJob } from "./python.ts";

const DAY = "2024-04-30";

describe("what lies in the lake and is left out", () => {
  let options: RebuildOptions;
  let lake: MemoryLake;

  before(async () => {
    options = await optionsOf("observations");
  });
  beforeEach(() => {
    lake = createMemoryLake();
    lake.objects.set(rawKey(`${DAY}T11`, "a"), gzipLines([archivedLine({ time: `${DAY}T11:00:00Z` })]));
  });

  describe("because there is no such day", () => {
    const strays = [rawKey("2024-02-31T11", "a"), rawKey("2024-13-01T11", "a"), rawKey(`${DAY}T24`, "a")];
    /** What versions left that took every folder for a day. */
    const strayMarker = "state/etl/observations/day=2024-13-01.json";
    const reasons = {
      [strays[0] ?? ""]: "no such day: 2024-02-31",
      [strays[2] ?? ""]: "no such hour: 24",
      [strays[1] ?? ""]: "no such day: 2024-13-01",
      [strayMarker]: "no such day: 2024-13-01",
    };

    beforeEach(() => {
      for (const key of strays)
        lake.objects.set(key, gzipLines([archivedLine({ time: `${DAY}T11:00:00Z` })]));
      const marker = { day: "2024-13-01", fingerprint: "", raw: [strays[1]], etags: [""], rows: 0 };
      lake.objects.set(strayMarker, Buffer.from(JSON.stringify(marker)));
    });

    it("hinders no run, stays, and is told of by each", async () => {
      const reports = [await rebuild(lake, options), await rebuild(lake, options)];

      expect(reports.map(({ rebuilt, linesIn }) => ({ rebuilt, linesIn }))).to.deep.equal([
        { rebuilt: [DAY], linesIn: 1 },
        { rebuilt: [], linesIn: 0 },
      ]);
      for (const { leftOut, leftOutReasons } of reports) {
        expect({ leftOut, leftOutReasons }).to.deep.equal({ leftOut: 4, leftOutReasons: reasons });
      }
      expect([...lake.objects.keys()]).to.include.members([...strays, strayMarker]);
    });

    it("is the same to the Spark job", async function () {
      const objects = await textsOf(lake);

      const report = JSON.parse(
        runWithJob(this, PLAN_ONLY, {
          objects,
          table: JSON.parse(options.table),
          text: options.sql + options.table,
        }),
      );

      const ours = await rebuild(lake, { ...options, dryRun: true });
      expect(report).to.deep.equal(ours);
      expect(report.leftOutReasons).to.deep.equal(reasons);
    });
  });

  describe("because it cannot be read", () => {
    const reading = (minute: number) =>
      archivedLine({ time: `${DAY}T11:${String(minute).padStart(2, "0")}:00Z`, sequenceNumber: `${minute}` });
    const broken = brokenObjects(Array.from({ length: 60 }, (_, minute) => reading(minute)));
    const flaws = Object.fromEntries(
      Object.entries(broken).map(([name, { flaw }]) => [rawKey(`${DAY}T12`, name), flaw]),
    );
    const torn = rawKey(`${DAY}T12`, "torn");
    const goldRows = () => queryGold(lake, `gold/observations/day=${DAY}/observations.parquet`);

    beforeEach(() => {
      for (const [name, { body }] of Object.entries(broken))
        lake.objects.set(rawKey(`${DAY}T12`, name), body);
    });

    it("adds nothing, not the lines before it breaks off either; the rest of the day is built", async () => {
      const report = await rebuild(lake, options);

      expect(report).to.deep.include({
        rebuilt: [DAY],
        linesIn: 1,
        rowsOut: 1,
        leftOut: 14,
        leftOutReasons: flaws,
      });
      expect(await goldRows()).to.have.length(1);
      expect(lake.objects.get(torn)).to.equal(broken.torn?.body);
    });

    it("is told of by later runs, which have nothing to do, and by dry ones", async () => {
      await rebuild(lake, options);
      lake.journal.length = 0;

      for (const dryRun of [false, true]) {
        const report = await rebuild(lake, { ...options, dryRun });
        expect(report).to.deep.include({ stale: [], upToDate: 1, leftOutReasons: flaws });
      }
      expect(lake.journal).to.deep.equal([]);
    });

    it("is built once it is whole, and forgotten once it is gone", async () => {
      await rebuild(lake, options);
      for (const key of Object.keys(flaws)) lake.objects.delete(key);
      lake.objects.set(torn, gzipLines([reading(1), reading(2)]));

      const report = await rebuild(lake, options);

      expect(report).to.deep.include({ rebuilt: [DAY], rowsOut: 3, leftOut: 0, leftOutReasons: {} });
    });

    it("leaves a day without gold when it is all that the day has", async () => {
      lake.objects.delete(rawKey(`${DAY}T11`, "a"));

      const report = await rebuild(lake, options);

      expect(report).to.deep.include({ rebuilt: [DAY], linesIn: 0, rowsOut: 0, leftOut: 14 });
      expect([...lake.objects.keys()].filter((key) => key.startsWith("gold/"))).to.deep.equal([]);
    });

    it("is the same to the Spark job, also when gold has rows of it from before it broke", async function () {
      const later = createMemoryLake();
      later.objects.set(rawKey(`${DAY}T11`, "a"), broken.torn?.body ?? new Uint8Array());
      later.objects.set(rawKey(`${DAY}T13`, "b"), gzipLines([reading(1)]));
      const [first, then] = [
        bytesOf(lake),
        [...bytesOf(lake, torn.slice(0, torn.lastIndexOf("/"))), ...bytesOf(later)],
      ];

      const answer = runWithJob(this, REBUILD_TWICE, { first, then, table: JSON.parse(options.table) });

      const ours = [await rebuild(lake, options)];
      for (const [key, body] of later.objects) lake.objects.set(key, body);
      ours.push(await rebuild(lake, options));
      expect(ours.map(({ rebuilt, frozen }) => ({ rebuilt, frozen }))).to.deep.equal([
        { rebuilt: [DAY], frozen: [] },
        { rebuilt: [], frozen: [DAY] },
      ]);
      const { leftOut } = JSON.parse(
        Buffer.from(await lake.read(`state/etl/observations/day=${DAY}.json`)).toString("utf8"),
      );
      expect(JSON.parse(answer)).to.deep.equal([
        ...ours.map(({ stale, rebuilt, frozen, reasons, leftOutReasons }) => [
          stale,
          rebuilt,
          frozen,
          reasons,
          leftOutReasons,
        ]),
        leftOut,
      ]);
    });

    it("freezes the day when gold has rows of it from before it broke", async () => {
      for (const key of Object.keys(flaws)) lake.objects.delete(key);
      await rebuild(lake, options);
      lake.objects.set(rawKey(`${DAY}T11`, "a"), broken.torn?.body ?? new Uint8Array());
      lake.objects.set(rawKey(`${DAY}T13`, "b"), gzipLines([reading(1)]));
      lake.journal.length = 0;

      const reports = [await rebuild(lake, options), await rebuild(lake, options)];

      for (const report of reports) {
        expect(report).to.deep.include({
          stale: [DAY],
          rebuilt: [],
          frozen: [DAY],
          reasons: { [DAY]: ["1 of 2 raw objects broken since"] },
          leftOutReasons: { [rawKey(`${DAY}T11`, "a")]: "gzip that ends early" },
        });
      }
      expect(await goldRows()).to.have.length(1);
      expect(lake.journal).to.deep.equal([]);
    });
  });
});

/** Key, ETag and, of markers, the text. */
async function textsOf(lake: MemoryLake): Promise<{ key: string; etag: string; text: string }[]> {
  const listed = await lake.list("");
  return listed.map(({ key, etag }) => ({
    key,
    etag,
    text: key.endsWith(".json") ? Buffer.from(lake.objects.get(key) ?? "").toString("utf8") : "",
  }));
}

/** Key and bytes, base64, of what lies below a prefix. */
function bytesOf({ objects }: MemoryLake, prefix = ""): [string, string][] {
  return [...objects].flatMap(([key, body]) =>
    key.startsWith(prefix) ? [[key, Buffer.from(body).toString("base64")]] : [],
  );
}

/** Two runs of the job, whose Spark is replaced by one that tells flaws as Spark would and stages one row a day. */
const REBUILD_TWICE = `
import base64
class MemoryLake:
    def __init__(self): self.objects = {}
    def list(self, prefix): return [(key, str(hash(body))) for key, body in sorted(self.objects.items()) if key.startswith(prefix)]
    def list_empty(self, prefix): return [key for key, body in self.objects.items() if key.startswith(prefix) and not body]
    def read(self, key): return self.objects[key]
    def write(self, key, text): self.objects[key] = text
    def copy(self, source, target): self.objects[target] = self.objects[source]
    def remove(self, keys):
        for key in keys: self.objects.pop(key, None)
class Engine:
    def inspect(self, table, keys, left_out):
        flaws = {key: job.flaw_of(lake.objects[key]) for key in keys}
        return {key: flaw for key, flaw in flaws.items() if flaw is not None}
    def stage(self, table, keys, left_out, staging):
        days = {job.read_raw_key(key[len(table['rawPrefix']):])[0] for key in keys}
        for day in days: lake.objects[f'{staging}day={day}/part-0.zstd.parquet'] = 'gold'
        return len(keys), {day: (1, 1) for day in days}
lake = MemoryLake()
def run(objects):
    for key in [key for key in lake.objects if key.startswith(given['table']['rawPrefix'])]: del lake.objects[key]
    lake.objects.update((key, base64.b64decode(body)) for key, body in objects)
    report = job.rebuild(Engine(), lake, given['table'], 'sql')
    return [report[name] for name in ('stale', 'rebuilt', 'frozen', 'reasons', 'leftOutReasons')]
reports = [run(given['first']), run(given['then'])]
marker = next(body for key, body in lake.objects.items() if key.startswith('state/etl/observations/'))
print(json.dumps([*reports, json.loads(marker)['leftOut']]))
`;

/** A dry run of the job, which neither reads raw nor stages. */
const PLAN_ONLY = `
class ReadOnly:
    def list(self, prefix): return [(item['key'], item['etag']) for item in given['objects'] if item['key'].startswith(prefix)]
    def read(self, key): return next(item['text'] for item in given['objects'] if item['key'] == key)
print(json.dumps(job.rebuild(None, ReadOnly(), given['table'], given['text'], dry_run=True)))
`;
