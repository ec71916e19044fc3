import { expect } from "chai";
import fc from "fast-check";
import {
  knownFlaws,
  type LeftOut,
  type Marker,
  markerOf,
  markerSchema,
  unfinishedMarkerOf,
} from "../../etl/marker.ts";
import { type DayRange, fingerprint, type ListedObject, planDays, type StaleDay } from "../../etl/plan.ts";
import { brokenReasons } from "../../etl/reasons.ts";
import { runWithJob } from "./python.ts";

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
    const objects = "[('raw/é', '\"b\"'), ('raw/a', '\"a\"')]";
    expect(runWithJob(this, `print(job.fingerprint('SELECT 1', ${objects}))`)).to.equal(golden);
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
  const plan = (
    raw: readonly ListedObject[],
    markers: readonly Marker[] = [],
    transformation = "sql",
    asked?: DayRange,
  ) =>
    planDays({
      transformation,
      rawPrefix: "raw/",
      raw,
      markers: new Map(markers.map((marker) => [marker.day, marker])),
      ...(asked && { asked }),
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
      leftOut: [],
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
    expect({ stale, frozen }).to.deep.equal({
      stale: [],
      frozen: [{ day: "2024-04-30", reasons: ["1 of 1 raw object gone"] }],
    });
  });

  it("leaves a day alone whose raw is gone altogether", () => {
    expect(plan([FIRST], markersOf([FIRST, SECOND]))).to.deep.equal({
      stale: [],
      frozen: [],
      upToDate: ["2024-04-29"],
      leftOut: [],
    });
  });

  it("leaves out keys that are no archive objects of a day that exists, and says why", () => {
    const no = "not year=/month=/day=/hour=/NAME.ndjson.gz";
    const reasons = {
      "raw/../year=2024/month=04/day=30/hour=01/x.ndjson.gz": no,
      "raw/notes.txt": no,
      "raw/year=0000/month=01/day=01/hour=00/x.ndjson.gz": "no such day: 0000-01-01",
      "raw/year=2023/month=02/day=29/hour=00/x.ndjson.gz": "no such day: 2023-02-29",
      "raw/year=2024/month=02/day=31/hour=00/x.ndjson.gz": "no such day: 2024-02-31",
      "raw/year=2024/month=04/day=00/hour=00/x.ndjson.gz": "no such day: 2024-04-00",
      "raw/year=2024/month=04/day=30/hour=00/.x.ndjson.gz": no,
      "raw/year=2024/month=04/day=30/hour=00/_x.ndjson.gz": no,
      "raw/year=2024/month=04/day=30/hour=24/x.ndjson.gz": "no such hour: 24",
      "raw/year=2024/month=04/day=30/x.json": no,
      "raw/year=2024/month=13/day=01/hour=00/x.ndjson.gz": "no such day: 2024-13-01",
    };
    const keys = [SECOND.key, ...Object.keys(reasons).toReversed()];

    const { stale, leftOut } = plan(keys.map((key) => ({ key, etag: '"1"' })));

    expect(stale.map(({ day, objects }) => [day, objects.length])).to.deep.equal([["2024-04-30", 1]]);
    expect(leftOut).to.deep.equal(Object.entries(reasons).map(([key, reason]) => ({ key, reason })));
  });

  describe("of a day that left an object out", () => {
    const flaws = [{ key: LATE.key, reason: "gzip that ends early" }];
    const markers = plan([SECOND, LATE]).stale.map((day) => markerOf(day, 1, flaws));

    it("tells of it as long as it is there, though there is nothing to do", () => {
      expect(plan([SECOND, LATE], markers)).to.deep.equal({
        stale: [],
        frozen: [],
        upToDate: ["2024-04-30"],
        leftOut: flaws,
      });
    });

    it("does not freeze the day when somebody takes it away", () => {
      const { stale, frozen } = plan([SECOND], markers);
      expect(stale.map(({ reasons }) => reasons)).to.deep.equal([["1 object gone that had been left out"]]);
      expect(frozen).to.deep.equal([]);
    });

    it("rebuilds the day when it comes again whole", () => {
      const { stale, leftOut } = plan([SECOND, { ...LATE, etag: '"whole"' }], markers);
      expect(stale.map(({ reasons }) => reasons)).to.deep.equal([["raw changed: 0 objects new, 1 changed"]]);
      expect(leftOut).to.deep.equal([]);
    });

    it("freezes the day when what gold has is what broke", () => {
      const [stale] = plan([{ ...SECOND, etag: '"torn"' }, LATE], markers).stale;
      if (stale === undefined) return expect.fail("the day is not stale");
      expect(brokenReasons(stale, flaws), "left out before").to.equal(undefined);
      expect(brokenReasons(stale, [{ ...SECOND, reason: "gzip that ends early" }])).to.deep.equal([
        "1 of 2 raw objects broken since",
      ]);
    });
  });

  describe("says why", () => {
    const reasons = (...given: Parameters<typeof plan>) => {
      const { stale, frozen } = plan(...given);
      return Object.fromEntries([...stale, ...frozen].map((day) => [day.day, day.reasons]));
    };
    const changed = { ...SECOND, etag: '"9"' };
    const built = markersOf([FIRST, SECOND]);
    const unfinished = plan([FIRST, SECOND, LATE], built).stale.flatMap(
      (day) => unfinishedMarkerOf(day) ?? [],
    );

    const cases: [string, Record<string, readonly string[]>, Record<string, readonly string[]>][] = [
      ["a new day", reasons([SECOND, LATE]), { "2024-04-30": ["new: 2 raw objects"] }],
      [
        "more raw, and other raw",
        reasons([FIRST, changed, LATE], built),
        { "2024-04-30": ["raw changed: 1 object new, 1 changed"] },
      ],
      [
        "another transformation",
        reasons([FIRST, LATE], markersOf([FIRST]), "other"),
        { "2024-04-29": ["transformation changed"], "2024-04-30": ["new: 1 raw object"] },
      ],
      [
        "a day asked for",
        reasons([FIRST, SECOND], built, "sql", { from: "2024-04-30" }),
        { "2024-04-30": ["asked for"] },
      ],
      [
        "a stale day that is asked for, too",
        reasons([FIRST, SECOND, LATE], built, "sql", { to: "2024-04-30" }),
        { "2024-04-29": ["asked for"], "2024-04-30": ["raw changed: 1 object new, 0 changed"] },
      ],
      [
        "a day that was left half-way",
        reasons([FIRST, SECOND, LATE], unfinished),
        {
          "2024-04-29": ["new: 1 raw object"],
          "2024-04-30": ["unfinished: an earlier run ended while it replaced the day"],
        },
      ],
      [
        "a frozen day, though it is asked for",
        reasons([FIRST, LATE], built, "sql", { from: "2024-04-30", to: "2024-04-30" }),
        { "2024-04-30": ["1 of 1 raw object gone"] },
      ],
      [
        "a marker of an earlier version",
        reasons(
          [SECOND],
          [markerSchema.parse({ day: "2024-04-30", fingerprint: "", raw: [SECOND.key], rows: 1 })],
        ),
        { "2024-04-30": ["transformation changed"] },
      ],
    ];
    for (const [name, found, expected] of cases) {
      it(`of ${name}`, () => {
        expect(found).to.deep.equal(expected);
      });
    }
  });

  it("finds a day stale that was left half-way, though raw and transformation are what they were", () => {
    const built = markersOf([FIRST, SECOND]);
    const [left] = plan([FIRST, SECOND, LATE], built).stale.map((day) => unfinishedMarkerOf(day));

    const { stale } = plan([FIRST, SECOND], [...built, ...(left ? [left] : [])]);
    const withAll = plan([FIRST, SECOND, LATE], [...built, ...(left ? [left] : [])]);

    expect(left?.raw).to.deep.equal([SECOND.key, LATE.key]);
    expect(stale, "LATE may be in gold: it must not be lost").to.deep.equal([]);
    expect(days(withAll.stale)).to.deep.equal(["2024-04-30"]);
  });

  it("is the Spark job's plan, whatever there is", function () {
    const keys = [
      ...[
        "29/hour=01/a",
        "29/hour=02/é",
        // In UTF-8 before the character after it, in UTF-16 after it.
        "29/hour=02/\uff5e",
        "29/hour=02/\u{1f327}",
        "30/hour=00/a",
        "30/hour=00/b",
        "29/hour=23/.a",
        "30/hour=24/a",
        "31/hour=00/a",
      ].map((rest) => `raw/year=2024/month=04/day=${rest}.ndjson.gz`),
      "raw/year=2024/month=04/day=30/x",
      "raw/year=2023/month=02/day=29/hour=00/a.ndjson.gz",
      "raw/year=2024/month=02/day=29/hour=00/a.ndjson.gz",
      "raw/year=2024/month=13/day=01/hour=00/_a.ndjson.gz",
      "raw/year=0000/month=01/day=01/hour=00/a.ndjson.gz",
    ];
    const listing = fc.uniqueArray(
      fc.record({ key: fc.constantFrom(...keys), etag: fc.constantFrom('"1"', '"2"') }),
      {
        selector: (object) => object.key,
      },
    );
    const day = fc.constantFrom("2024-04-28", "2024-04-29", "2024-04-30", "2024-05-01");
    // Of neither end the job's arguments make no range.
    const range = fc
      .record({ from: day, to: day }, { requiredKeys: [] })
      .filter(({ from, to }) => from !== undefined || to !== undefined);
    const step = fc.record({
      before: listing,
      flawed: fc.subarray(keys),
      isUnfinished: fc.boolean(),
      now: listing,
      flawedNow: fc.subarray(keys),
      transformation: fc.constantFrom("sql", "other"),
      asked: fc.option(range, { nil: undefined }),
    });
    const cases = fc
      .sample(step, { numRuns: 300, seed: 7 })
      .map(({ before, flawed, isUnfinished, now, ...rest }) => {
        const built = plan(before).stale;
        const markers = built.map((stale) => {
          const marker = markerOf(stale, 1, flawsIn(stale, flawed));
          return isUnfinished ? (unfinishedMarkerOf({ ...stale, marker }) ?? marker) : marker;
        });
        return { ...rest, markers, raw: now };
      });

    const answer = runWithJob(this, PLAN_ALL, cases);

    const ours = cases.map(({ raw, markers, transformation, asked, flawedNow }) => {
      const { stale, frozen, upToDate, leftOut } = plan(raw, markers, transformation, asked);
      return {
        stale: stale.map((one) => {
          const flaws = flawsIn(one, flawedNow);
          const written = [markerOf(one, 0, flaws), unfinishedMarkerOf(one, flaws) ?? null];
          const known = knownFlaws(one.marker, one.objects).map(({ key, reason }) => [key, reason]);
          return [one.day, one.reasons, ...written, known, brokenReasons(one, flaws) ?? null];
        }),
        frozen: frozen.map((one) => [one.day, one.reasons]),
        upToDate,
        leftOut: leftOut.map(({ key, reason }) => [key, reason]),
      };
    });
    expect(JSON.parse(answer)).to.deep.equal(ours);
  });
});

function flawsIn({ objects }: Pick<StaleDay, "objects">, keys: readonly string[]): LeftOut[] {
  return objects.filter(({ key }) => keys.includes(key)).map(({ key }) => ({ key, reason: "torn" }));
}

const PLAN_ALL = `
def stale_day(case, day, reasons, planned, marker):
    flaws = {key: 'torn' for key in planned['raw'] if key in case['flawedNow']}
    return [day, reasons, job.with_left_out({**planned, 'rows': 0}, flaws),
            job.unfinished_marker_of(marker, planned, flaws) if marker else None,
            list(job.known_flaws(marker, planned).items()), job.broken_reasons(marker, planned, flaws)]

def plan(case):
    markers = {marker['day']: marker for marker in case['markers']}
    asked = case.get('asked') or {}
    raw = [(item['key'], item['etag']) for item in case['raw']]
    stale, reasons, frozen, up_to_date, left_out = job.plan_days(
        case['transformation'], 'raw/', raw, markers, asked.get('from'), asked.get('to'))
    return {
        'stale': [stale_day(case, day, reasons[day], planned, markers.get(day)) for day, planned in stale.items()],
        'frozen': [[day, reasons[day]] for day in frozen],
        'upToDate': up_to_date,
        'leftOut': list(left_out.items()),
    }
print(json.dumps([plan(case) for case in given]))
`;
