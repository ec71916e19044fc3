import { execFileSync } from "node:child_process";
import { expect } from "chai";
import fc from "fast-check";
import { fingerprint, type ListedObject, type Marker, markerOf, planDays } from "../../etl/plan.ts";

const FIRST = { key: "raw/year=2024/month=04/day=29/hour=23/a.ndjson.gz", etag: '"1"' };
const SECOND = { key: "raw/year=2024/month=04/day=30/hour=00/a.ndjson.gz", etag: '"2"' };
const LATE = { key: "raw/year=2024/month=04/day=30/hour=01/b.ndjson.gz", etag: '"3"' };

describe("fingerprint", () => {
  const objects = [
    { key: "raw/é", etag: '"b"' },
    { key: "raw/a", etag: '"a"' },
  ];
  const golden = "344c3843d5f3a8e91d6479a59e4c2995a4ede7b0c9d9c44f0e00d5ccd06e4f84";

  it("is the golden one", () => {
    expect(fingerprint("SELECT 1", objects)).to.equal(golden);
  });

  it("is the same in the Spark job", function () {
    const script = pythonScript(
      "print(job['fingerprint']('SELECT 1', [('raw/é', '\"b\"'), ('raw/a', '\"a\"')]))",
    );
    const answer = runPython(script);
    if (answer === undefined) {
      console.log("      skipped: no python3 on PATH to compare with");
      this.skip();
    }
    expect(answer).to.equal(golden);
  });

  it("does not depend on the order of the listing", () => {
    const listing = fc.uniqueArray(fc.record({ key: fc.string({ unit: "grapheme" }), etag: fc.string() }), {
      selector: ({ key }) => key,
    });
    fc.assert(
      fc.property(listing, (objects) => {
        expect(fingerprint("", objects.toReversed())).to.equal(fingerprint("", objects));
      }),
      { numRuns: 50 },
    );
  });
});

describe("planDays", () => {
  const plan = (raw: readonly ListedObject[], markers: readonly Marker[] = [], transformation = "sql") =>
    planDays({
      transformation,
      rawPrefix: "raw/",
      raw,
      markers: new Map(markers.map((marker) => [marker.day, marker])),
    });
  const markersOf = (raw: readonly ListedObject[]) => plan(raw).stale.map((day) => markerOf(day, 1));
  const days = (stale: readonly { day: string }[]) => stale.map(({ day }) => day);

  it("finds every day stale at first, oldest first", () => {
    expect(days(plan([SECOND, FIRST]).stale)).to.deep.equal(["2024-04-29", "2024-04-30"]);
  });

  it("finds nothing to do when nothing changed", () => {
    const raw = [FIRST, SECOND];
    expect(plan(raw, markersOf(raw))).to.deep.equal({
      stale: [],
      frozen: [],
      upToDate: ["2024-04-29", "2024-04-30"],
    });
  });

  it("rebuilds only the day a late object came for, from all its objects", () => {
    const { stale } = plan([FIRST, SECOND, LATE], markersOf([FIRST, SECOND]));
    expect(stale.map(({ day, objects }) => ({ day, objects }))).to.deep.equal([
      { day: "2024-04-30", objects: [SECOND, LATE] },
    ]);
  });

  it("rebuilds a day one of whose objects was overwritten", () => {
    const { stale } = plan([FIRST, { ...SECOND, etag: '"9"' }], markersOf([FIRST, SECOND]));
    expect(days(stale)).to.deep.equal(["2024-04-30"]);
  });

  it("rebuilds everything when the transformation changed", () => {
    expect(days(plan([FIRST, SECOND], markersOf([FIRST, SECOND]), "other sql").stale)).to.have.length(2);
  });

  it("leaves a day alone whose raw is partly gone, even when more came", () => {
    const { stale, frozen } = plan([FIRST, LATE], markersOf([FIRST, SECOND]));
    expect({ stale, frozen }).to.deep.equal({ stale: [], frozen: ["2024-04-30"] });
  });

  it("leaves a day alone whose raw is gone altogether", () => {
    expect(plan([FIRST], markersOf([FIRST, SECOND]))).to.deep.equal({
      stale: [],
      frozen: [],
      upToDate: ["2024-04-29"],
    });
  });

  it("ignores keys that are no archive objects", () => {
    const keys = [
      "raw/notes.txt",
      "raw/year=2024/month=04/day=30/x.json",
      "raw/../year=2024/month=04/day=30/hour=01/x.ndjson.gz",
    ];
    expect(plan(keys.map((key) => ({ key, etag: '"1"' }))).stale).to.deep.equal([]);
  });
});

/** Loads the job's functions without Spark or boto3, which importing the file would need. */
function pythonScript(then: string): string {
  return [
    "import runpy, sys, types",
    "for name in ('boto3', 'pyspark', 'pyspark.sql'): sys.modules[name] = types.ModuleType(name)",
    "sys.modules['pyspark.sql'].DataFrame = sys.modules['pyspark.sql'].SparkSession = object",
    "job = runpy.run_path('etl/gold.py', run_name='job')",
    then,
  ].join("\n");
}

function runPython(script: string): string | undefined {
  try {
    return execFileSync("python3", ["-c", script], { encoding: "utf8" }).trim();
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return undefined;
    throw error;
  }
}
