import { expect } from "chai";
import { type RebuildOptions, rebuild } from "../../etl/rebuild.ts";
import { brokenObjects } from "./broken-objects.ts";
import { queryGold } from "./gold-rows.ts";
import { optionsOf } from "./histories/options.ts";
import { archivedLine, createMemoryLake, gzipLines, type MemoryLake, rawKey } from "./memory-lake.ts";
import { runWithJob } from "./python.ts";

const DAY = "2024-04-30";

describe("skipped objects", () => {
  const reading = (minute: number) =>
    archivedLine({ time: `${DAY}T11:${String(minute).padStart(2, "0")}:00Z`, sequenceNumber: `${minute}` });
  const broken = brokenObjects(Array.from({ length: 60 }, (_, minute) => reading(minute)));
  const unreadable = Object.keys(broken).map((name) => rawKey(`${DAY}T12`, name));
  const strays = [rawKey("2024-02-31T11", "a"), rawKey("2024-13-01T11", "a"), rawKey(`${DAY}T24`, "a")];
  const skipped = [...unreadable, ...strays].sort();
  const whole = rawKey(`${DAY}T11`, "a");
  const torn = rawKey(`${DAY}T12`, "torn");
  const tornBody = broken.torn ?? new Uint8Array();
  let options: RebuildOptions;
  let lake: MemoryLake;

  before(async () => {
    options = await optionsOf("observations");
  });
  beforeEach(() => {
    lake = createMemoryLake();
    lake.objects.set(whole, gzipLines([archivedLine({ time: `${DAY}T11:00:00Z` })]));
    for (const key of strays) lake.objects.set(key, gzipLines([reading(1)]));
    for (const [name, body] of Object.entries(broken)) lake.objects.set(rawKey(`${DAY}T12`, name), body);
  });

  it("add no row and stay, and the rest of the day is built", async () => {
    const report = await rebuild(lake, options);

    expect(report).to.deep.include({ rebuilt: [DAY], linesIn: 1, rowsOut: 1, skippedKeys: skipped });
    expect(await queryGold(lake, `gold/observations/day=${DAY}/observations.parquet`)).to.have.length(1);
    expect(lake.objects.get(torn)).to.equal(tornBody);
  });

  it("are reported by later runs and dry runs, which have no work", async () => {
    await rebuild(lake, options);
    lake.journal.length = 0;

    for (const dryRun of [false, true]) {
      const report = await rebuild(lake, { ...options, dryRun });
      expect(report).to.deep.include({
        stale: [],
        upToDate: 1,
        skipped: skipped.length,
        skippedKeys: skipped,
      });
    }
    expect(lake.journal).to.deep.equal([]);
  });

  it("are built once they are complete, and forgotten once they are gone", async () => {
    await rebuild(lake, options);
    for (const key of skipped) lake.objects.delete(key);
    lake.objects.set(torn, gzipLines([reading(1), reading(2)]));

    const report = await rebuild(lake, options);

    expect(report).to.deep.include({ rebuilt: [DAY], rowsOut: 3, skipped: 0, skippedKeys: [] });
  });

  it("leave a day without gold when the day has nothing else", async () => {
    lake.objects.delete(whole);

    const report = await rebuild(lake, options);

    expect(report).to.deep.include({ rebuilt: [DAY], linesIn: 0, rowsOut: 0 });
    expect([...lake.objects.keys()].filter((key) => key.startsWith("gold/"))).to.deep.equal([]);
  });

  it("freeze the day, on Spark too, when gold has rows of an object that became unreadable", async function () {
    const later = createMemoryLake();
    later.objects.set(whole, tornBody);
    later.objects.set(rawKey(`${DAY}T13`, "b"), gzipLines([reading(1)]));
    const folder = torn.slice(0, torn.lastIndexOf("/"));
    const [first, then] = [bytesOf(lake), [...bytesOf(lake, folder), ...bytesOf(later)]];

    const ours = [await rebuild(lake, options)];
    for (const key of strays) lake.objects.delete(key);
    for (const [key, body] of later.objects) lake.objects.set(key, body);
    lake.journal.length = 0;
    ours.push(await rebuild(lake, options));

    expect(ours[1]).to.deep.include({
      stale: [DAY],
      rebuilt: [],
      frozen: [DAY],
      reasons: { [DAY]: "raw broken" },
      skippedKeys: [whole, ...unreadable].sort(),
    });
    expect(lake.journal).to.deep.equal([]);
    const answer = runWithJob(this, REBUILD_TWICE, { first, then, table: JSON.parse(options.table) });
    expect(JSON.parse(answer)).to.deep.equal([
      ...ours.map(({ stale, rebuilt, frozen, reasons, skippedKeys }) => [
        stale,
        rebuilt,
        frozen,
        reasons,
        skippedKeys,
      ]),
      [...unreadable].sort(),
    ]);
  });
});

/** Key and bytes, base64, of what lies below a prefix. */
function bytesOf({ objects }: MemoryLake, prefix = ""): [string, string][] {
  return [...objects].flatMap(([key, body]) =>
    key.startsWith(prefix) ? [[key, Buffer.from(body).toString("base64")]] : [],
  );
}

/** Two runs of the job, with an engine that inspects the bytes as Spark does and stages one row a day. */
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
    def inspect(self, table, keys, skipped):
        return [key for key in keys if not job.is_readable(lake.objects[key])]
    def stage(self, table, keys, skipped, staging):
        days = {job.day_of_raw_key(key[len(table['rawPrefix']):]) for key in keys}
        for day in days: lake.objects[f'{staging}day={day}/part-0.zstd.parquet'] = 'gold'
        return len(keys), {day: (1, 1) for day in days}
lake = MemoryLake()
def run(objects):
    for key in [key for key in lake.objects if key.startswith(given['table']['rawPrefix'])]: del lake.objects[key]
    lake.objects.update((key, base64.b64decode(body)) for key, body in objects)
    report = job.rebuild(Engine(), lake, given['table'], 'sql')
    return [report[name] for name in ('stale', 'rebuilt', 'frozen', 'reasons', 'skippedKeys')]
reports = [run(given['first']), run(given['then'])]
marker = next(body for key, body in lake.objects.items() if key.startswith('state/etl/observations/'))
print(json.dumps([*reports, sorted(json.loads(marker)['skipped'])]))
`;
