import { expect } from "chai";
import { type RebuildOptions, rebuild } from "../../etl/rebuild.ts";
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

/** A dry run of the job, which neither reads raw nor stages. */
const PLAN_ONLY = `
class ReadOnly:
    def list(self, prefix): return [(item['key'], item['etag']) for item in given['objects'] if item['key'].startswith(prefix)]
    def read(self, key): return next(item['text'] for item in given['objects'] if item['key'] == key)
print(json.dumps(job.rebuild(None, ReadOnly(), given['table'], given['text'], dry_run=True)))
`;
