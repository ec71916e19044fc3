import { expect } from "chai";
import fc from "fast-check";
import {
  type DayRange,
  isBroken,
  knownUnreadable,
  type ListedObject,
  type Marker,
  markerOf,
  planDays,
  type StaleDay,
  unfinishedMarkerOf,
} from "../../etl/plan.ts";
import { runWithJob } from "./python.ts";

const FIRST = { key: "raw/year=2024/month=04/day=29/hour=23/a.ndjson.gz", etag: '"1"' };
const SECOND = { key: "raw/year=2024/month=04/day=30/hour=00/a.ndjson.gz", etag: '"2"' };
const LATE = { key: "raw/year=2024/month=04/day=30/hour=01/b.ndjson.gz", etag: '"3"' };

function plan(
  raw: readonly ListedObject[],
  markers: readonly Marker[] = [],
  transformation = "sql",
  asked?: DayRange,
) {
  return planDays({
    transformation,
    rawPrefix: "raw/",
    raw,
    markers: new Map(markers.map((marker) => [marker.day, marker])),
    ...(asked && { asked }),
  });
}

const markersOf = (raw: readonly ListedObject[], unreadable: readonly string[] = []) =>
  plan(raw).stale.map((stale) => markerOf(stale, present(stale, unreadable)));
const present = ({ objects }: StaleDay, keys: readonly string[]) =>
  Object.keys(objects).filter((key) => keys.includes(key));

describe("planDays", () => {
  const built = markersOf([FIRST, SECOND]);
  const changed = { ...SECOND, etag: '"9"' };
  const tornMarkers = markersOf([SECOND, LATE], [LATE.key]);
  const unfinished = plan([FIRST, SECOND, LATE], built).stale.flatMap(
    (day) => unfinishedMarkerOf(day, []) ?? [],
  );

  const cases: [string, ReturnType<typeof plan>, Record<string, string>, string[]?][] = [
    ["new days", plan([SECOND, FIRST]), { "2024-04-29": "new", "2024-04-30": "new" }],
    ["days without changes", plan([FIRST, SECOND], built), {}],
    ["a late object", plan([FIRST, SECOND, LATE], built), { "2024-04-30": "raw changed" }],
    ["an overwritten object", plan([FIRST, changed], built), { "2024-04-30": "raw changed" }],
    ["another transformation", plan([FIRST], built, "other"), { "2024-04-29": "transformation changed" }],
    ["an object that is gone", plan([FIRST, LATE], built), { "2024-04-30": "raw gone" }, ["2024-04-30"]],
    ["a day whose raw is gone completely", plan([FIRST], built), {}],
    [
      "a day asked for",
      plan([FIRST, SECOND], built, "sql", { from: "2024-04-30" }),
      { "2024-04-30": "asked for" },
    ],
    [
      "a frozen day asked for",
      plan([LATE], built, "sql", { to: "2024-04-30" }),
      { "2024-04-30": "raw gone" },
      ["2024-04-30"],
    ],
    ["an interrupted day", plan([SECOND, LATE], unfinished), { "2024-04-30": "unfinished" }],
    [
      "an interrupted day whose late object is gone: gold may have its rows",
      plan([SECOND], unfinished),
      { "2024-04-30": "raw gone" },
      ["2024-04-30"],
    ],
    ["a skipped object that stays", plan([SECOND, LATE], tornMarkers), {}],
    ["a skipped object that is gone", plan([SECOND], tornMarkers), { "2024-04-30": "raw changed" }],
    [
      "a skipped object that is replaced",
      plan([SECOND, { ...LATE, etag: '"whole"' }], tornMarkers),
      { "2024-04-30": "raw changed" },
    ],
  ];
  for (const [name, { reasons, stale, frozen }, expected, frozenDays = []] of cases) {
    it(`decides on ${name}`, () => {
      expect({ reasons, frozen }).to.deep.equal({ reasons: expected, frozen: frozenDays });
      expect([...stale.map(({ day }) => day), ...frozen].sort()).to.deep.equal(Object.keys(expected));
    });
  }

  it("rebuilds a stale day from all its objects", () => {
    const [stale] = plan([FIRST, SECOND, LATE], built).stale;
    expect(stale?.objects).to.deep.equal({ [SECOND.key]: SECOND.etag, [LATE.key]: LATE.etag });
  });

  it("skips keys that are not raw objects of a day that exists", () => {
    const keys = [
      "raw/../year=2024/month=04/day=30/hour=01/x.ndjson.gz",
      "raw/notes.txt",
      "raw/year=0000/month=01/day=01/hour=00/x.ndjson.gz",
      "raw/year=2023/month=02/day=29/hour=00/x.ndjson.gz",
      "raw/year=2024/month=04/day=30/hour=00/.x.ndjson.gz",
      "raw/year=2024/month=04/day=30/hour=00/_x.ndjson.gz",
      "raw/year=2024/month=04/day=30/hour=24/x.ndjson.gz",
      "raw/year=2024/month=04/day=30/x.json",
      "raw/year=2024/month=13/day=01/hour=00/x.ndjson.gz",
    ];

    const { stale, skipped } = plan([SECOND.key, ...keys].map((key) => ({ key, etag: '"1"' })));

    expect(stale.map(({ objects }) => Object.keys(objects))).to.deep.equal([[SECOND.key]]);
    expect(skipped).to.deep.equal(keys);
  });

  it("finds a day broken when an object that gold has rows of became unreadable", () => {
    const [stale] = plan([{ ...SECOND, etag: '"torn"' }, LATE], tornMarkers).stale;
    if (stale === undefined) return expect.fail("the day is not stale");
    expect([isBroken(stale, [LATE.key]), isBroken(stale, [SECOND.key])]).to.deep.equal([false, true]);
  });

  it("is the Spark job's plan for 300 random listings", function () {
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
      { selector: (object) => object.key },
    );
    const day = fc.constantFrom("2024-04-28", "2024-04-29", "2024-04-30", "2024-05-01");
    // The job's arguments make no range of neither end.
    const range = fc
      .record({ from: day, to: day }, { requiredKeys: [] })
      .filter(({ from, to }) => from !== undefined || to !== undefined);
    const step = fc.record({
      before: listing,
      unreadableBefore: fc.subarray(keys),
      isUnfinished: fc.boolean(),
      raw: listing,
      unreadable: fc.subarray(keys),
      transformation: fc.constantFrom("sql", "other"),
      asked: fc.option(range, { nil: undefined }),
    });
    const cases = fc
      .sample(step, { numRuns: 300, seed: 7 })
      .map(({ before, unreadableBefore, isUnfinished, ...rest }) => {
        const markers = plan(before).stale.map((stale) => {
          const skipped = present(stale, unreadableBefore);
          const marker = markerOf(stale, skipped);
          return isUnfinished ? (unfinishedMarkerOf({ ...stale, marker }, skipped) ?? marker) : marker;
        });
        return { ...rest, markers };
      });

    const answer = runWithJob(this, PLAN_ALL, cases);

    const ours = cases.map(({ raw, markers, transformation, asked, unreadable }) => {
      const { stale, ...rest } = plan(raw, markers, transformation, asked);
      const days = stale.map((one) => {
        const keys = present(one, unreadable);
        const written = [markerOf(one, keys), unfinishedMarkerOf(one, keys) ?? null];
        return [...written, knownUnreadable(one.marker, one.objects), isBroken(one, keys)];
      });
      return { stale: days, ...rest };
    });
    expect(JSON.parse(answer)).to.deep.equal(ours);
  });
});

const PLAN_ALL = `
def stale_day(case, planned, marker):
    objects = planned['raw']
    unreadable = [key for key in objects if key in case['unreadable']]
    return [planned | {'skipped': unreadable},
            job.unfinished_marker_of(marker, objects, unreadable) if marker else None,
            job.known_unreadable(marker, objects), job.is_broken(marker, objects, unreadable)]

def plan(case):
    markers = {marker['day']: marker for marker in case['markers']}
    asked = case.get('asked') or {}
    raw = [(item['key'], item['etag']) for item in case['raw']]
    stale, reasons, frozen, up_to_date, skipped = job.plan_days(
        case['transformation'], 'raw/', raw, markers, asked.get('from'), asked.get('to'))
    days = [stale_day(case, planned, markers.get(day)) for day, planned in stale.items()]
    return {'stale': days, 'frozen': frozen, 'upToDate': up_to_date, 'reasons': reasons, 'skipped': skipped}
print(json.dumps([plan(case) for case in given]))
`;
