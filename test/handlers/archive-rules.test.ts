import { readFile } from "node:fs/promises";
import { gunzipSync, gzipSync } from "node:zlib";
import { expect } from "chai";
import { createArchiveHandler } from "../../handlers/archive.ts";
import { MAX_LINE_BYTES } from "../../handlers/clients/archive-line.ts";
import { MAX_LEVELS } from "../../handlers/weather/observation/archivable.ts";
import { createFakeS3 } from "./support/fake-s3.ts";
import { kinesisEvent, weatherRecord } from "./support/kinesis-event.ts";
import { createFakeLog } from "./support/log.ts";
import { createFakeMeter } from "./support/meter.ts";
import { portoAlegre } from "./support/places.ts";

const ARRIVED = "2024-04-30T11:00:05.000Z";
const TIME = "2024-04-30T11:00:00Z";

type Body = Record<string, unknown> & ReturnType<typeof weatherRecord>;

const sound = (change: Record<string, unknown> = {}): Body => ({
  ...weatherRecord(portoAlegre, TIME, { temperature: 19.4 }),
  ...change,
});
const withValue = (temperature: unknown) => ({ ...sound(), data: { time: TIME, values: { temperature } } });
const at = (time: unknown) => ({ ...sound(), data: { time, values: {} } });
const text = (value: unknown) => JSON.stringify(value);
const nested = (levels: number) => `${"[".repeat(levels)}${"]".repeat(levels)}`;
const withExtra = (json: string) => text(sound()).replace(/}$/, `,"extra":${json}}`);

/** A fit record whose line has exactly so many bytes. */
async function withLineOf(bytes: number): Promise<string> {
  const empty = (await archive(withExtra('""'))).line?.length ?? 0;
  return withExtra(`"${"x".repeat(bytes - empty)}"`);
}

/** Row of the table in docs/lake.md, the bytes, the reason, and what the detail says of it. */
const QUARANTINED: readonly [string, string | Uint8Array, string, RegExp][] = [
  ["no bytes", "", "not-json", /end of JSON/],
  ["no bytes", "  ", "not-json", /end of JSON/],
  ["invalid JSON", "garbage", "not-json", /garbage/],
  ["invalid JSON", `${text(sound())}\n${text(sound())}`, "not-json", /after JSON/],
  [
    "invalid JSON",
    '{"data":{"time":"2024-04-30T11:00:00Z","values":{"temperature":NaN}}}',
    "not-json",
    /NaN/,
  ],
  [
    "invalid UTF-8",
    Buffer.concat([Buffer.from('{"source":"'), Buffer.from([0xe3, 0x28])]),
    "not-json",
    /utf-8/,
  ],
  ["gzip, or records that a producer library aggregated", gzipSync(text(sound())), "not-json", /utf-8/],
  [
    "gzip, or records that a producer library aggregated",
    Buffer.concat([Buffer.from([0xf3, 0x89, 0x9a, 0xc2]), Buffer.from(text(sound()))]),
    "not-json",
    /utf-8/,
  ],
  ["JSON of another shape", "null", "not-a-record", /^the record: .* found null$/],
  ["JSON of another shape", text([sound()]), "not-a-record", /^the record/],
  ["JSON of another shape", text({ ...sound(), location: { id: "" } }), "not-a-record", /^location\.id/],
  [
    "JSON of another shape",
    text(sound({ source: 8 })),
    "not-a-record",
    /^source: allowed is a text, found 8$/,
  ],
  ["an invalid time, or one without a zone", text(at("yesterday")), "bad-time", /^data\.time: .*"yesterday"/],
  [
    "an invalid time, or one without a zone",
    text(at("2024-04-30T11:00:00")),
    "bad-time",
    /2024-04-30T11:00:00Z/,
  ],
  ["an invalid time, or one without a zone", text(at("2024-02-30T11:00:00Z")), "bad-time", /2024-02-30/],
  ["an invalid time, or one without a zone", text(at(1_714_474_800)), "bad-time", /1714474800/],
  [
    "more than a day after its arrival",
    text(at("2024-05-01T11:00:06Z")),
    "implausible-time",
    /after the arrival/,
  ],
  ["before 2000", text(at("1970-01-01T00:00:00Z")), "implausible-time", /before 2000/],
  ["nested in more than 100 levels", withExtra(nested(MAX_LEVELS)), "too-deep", /^extra\.0\.0.*…: nested/],
  ["nested in more than 100 levels", withExtra(nested(100_000)), "too-deep", /more than 100/],
  ["half a surrogate pair", withExtra('"\\ud800"'), "bad-text", /^extra: half/],
  ["half a surrogate pair", withExtra('{"\\udc00":1}'), "bad-text", /^extra: half/],
];

/** Row of the table, the bytes, and what the line says. */
const ARCHIVED: readonly [string, string | Uint8Array, Record<string, unknown>][] = [
  ["null, or a measure that is missing", text(withValue(null)), withValue(null)],
  ["null, or a measure that is missing", text(at(TIME)), at(TIME)],
  ["a measure that is a number as text", text(withValue("19.4")), withValue("19.4")],
  ["unknown fields", withExtra('{"a":[1,"ü",null]}'), sound({ extra: { a: [1, "ü", null] } })],
  [
    "fields whose names differ in case alone",
    text(withValue(1)).replace("}", ',"Temperature":2}'),
    { ...sound(), data: { time: TIME, values: { temperature: 1, Temperature: 2 } } },
  ],
  ["the same key twice", text(withValue(1)).replace("}", ',"temperature":2}'), withValue(2)],
  ["its own `archive` field", text(sound({ archive: "mine" })), sound()],
  ["a number that a double cannot hold", withExtra("1e400"), sound({ extra: null })],
  ["spaces, line ends, a byte-order mark", `\ufeff${JSON.stringify(sound(), null, 2)}\n`, sound()],
  ["a day ahead, or from 2000 on", text(at("2024-05-01T11:00:05Z")), at("2024-05-01T11:00:05Z")],
  ["a day ahead, or from 2000 on", text(at("2000-01-01T00:00:00Z")), at("2000-01-01T00:00:00Z")],
  [
    "a location that is not in the config",
    text(sound({ location: { ...sound().location, id: "?" } })),
    {
      ...sound(),
      location: { ...sound().location, id: "?" },
    },
  ],
];

describe("the archive's rules for odd records", () => {
  for (const [row, body, reason, detail] of QUARANTINED) {
    it(`quarantine: ${row}: ${JSON.stringify(String(body)).slice(0, 50)}`, async () => {
      const found = await archive(body);
      expect(found.line).to.equal(undefined);
      expect(found.quarantined).to.deep.include({ reason, data: Buffer.from(body).toString("base64") });
      expect(found.quarantined?.detail).to.match(detail);
    });
  }

  for (const [row, body, expected] of ARCHIVED) {
    it(`archive: ${row}: ${JSON.stringify(String(body)).slice(0, 50)}`, async () => {
      const found = await archive(body);
      expect(found.quarantined).to.equal(undefined);
      const { archive: provenance, ...record } = JSON.parse(found.line?.toString() ?? "");
      expect(record).to.deep.equal(expected);
      expect(provenance).to.have.all.keys(
        "arrivedAt",
        "shardId",
        "sequenceNumber",
        "schemaVersion",
        "observedAt",
      );
    });
  }

  const FLAGGED: readonly [unknown, string][] = [
    ["Partly Cloudy", "temperature=string erroneous:unreadable"],
    ["NaN", "temperature=string erroneous:unreadable"],
    [true, "temperature=boolean erroneous:unreadable"],
    [[20], "temperature=array erroneous:unreadable"],
    [9999, "temperature=9999 erroneous:range"],
    ["9999", "temperature=9999 erroneous:range"],
    [60, "temperature=60 doubtful:record"],
  ];
  for (const [value, flags] of FLAGGED) {
    it(`archives ${JSON.stringify(value)} as it came, with the flags ${flags}`, async () => {
      const line = JSON.parse((await archive(text(withValue(value)))).line?.toString() ?? "");
      expect(line.data.values.temperature).to.deep.equal(value);
      expect(line.archive.flags).to.equal(flags);
    });
  }

  it("archives a local time in the hour of its UTC time", async () => {
    const line = JSON.parse((await archive(text(at("2024-04-30T08:00:00-03:00")))).line?.toString() ?? "");
    expect(line.data.time).to.equal("2024-04-30T08:00:00-03:00");
    expect(line.archive.observedAt).to.equal("2024-04-30T11:00:00Z");
  });

  it("archives a record of the largest size that is allowed, and quarantines one of a byte more", async () => {
    const largest = await archive(await withLineOf(MAX_LINE_BYTES));
    const larger = await archive(await withLineOf(MAX_LINE_BYTES + 1));
    expect(largest.line).to.have.length(MAX_LINE_BYTES);
    expect(larger.line).to.equal(undefined);
    expect(larger.quarantined).to.deep.include({
      reason: "too-large",
      detail: "the record would be a line of 2097153 bytes; allowed are 2097152",
    });
  });

  it("archives a record of the deepest nesting that is allowed", async () => {
    const found = await archive(withExtra(nested(MAX_LEVELS - 1)));
    expect(found.line).to.be.instanceOf(Uint8Array);
  });

  it("are the rows of the table in docs/lake.md", async () => {
    const doc = await readFile("docs/lake.md", "utf8");
    const rows = [...doc.matchAll(/^\| ([^|]+) \| (archived|quarantine)[^|]*\|/gm)].map(
      ([, row, fate]) => `${row} ${fate}`,
    );
    const tested = [
      ...ARCHIVED.map(([row]) => `${row} archived`),
      ...QUARANTINED.map(([row]) => `${row} quarantine`),
      "a line of more than 2 MiB quarantine",
    ];
    expect([...new Set(rows)].sort()).to.deep.equal([...new Set(tested)].sort());
    for (const reason of new Set(QUARANTINED.map(([, , slug]) => slug)))
      expect(doc).to.include(`\`${reason}\``);
  });
});

/** What becomes of these bytes: the line, or the object in quarantine. */
async function archive(body: string | Uint8Array) {
  const s3 = createFakeS3();
  const event = kinesisEvent([{ body: "", arrivedAtSeconds: Date.parse(ARRIVED) / 1000 }]);
  for (const { kinesis } of event.Records) kinesis.data = Buffer.from(body).toString("base64");
  await createArchiveHandler(
    { bucketName: "lake" },
    { s3, log: createFakeLog(), meter: createFakeMeter() },
  )(event);
  const [[key = "", bytes = new Uint8Array()] = []] = s3.objects;
  expect(s3.objects.size).to.equal(1);
  return key.startsWith("raw/")
    ? { line: gunzipSync(bytes) }
    : { quarantined: JSON.parse(Buffer.from(bytes).toString()) as Record<string, string> };
}
