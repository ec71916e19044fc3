import { readFileSync } from "node:fs";
import { expect } from "chai";
import fc from "fast-check";
import {
  implausibleTime,
  observationTime,
  parseRecord,
  type WeatherRecord,
} from "../../../../handlers/weather/observation/record.ts";
import { weatherRecord } from "../../support/kinesis-event.ts";
import { portoAlegre } from "../../support/places.ts";

const TIME = "2024-04-30T11:00:00Z";

function parse(json: unknown) {
  return parseRecord(Buffer.from(JSON.stringify(json)));
}

describe("a record on the stream", () => {
  it("is read as it came, unknown fields and nulls included", () => {
    const record = {
      ...weatherRecord(portoAlegre, TIME, { rainIntensity: 4.2, cloudBase: null }),
      extra: { a: 1 },
    };
    expect(parse(record)).to.deep.equal({ ok: true, record });
  });

  it("may hold a realtime response of Tomorrow.io", () => {
    const { data } = JSON.parse(
      readFileSync(new URL("../../events/realtime.json", import.meta.url), "utf-8"),
    ) as {
      data: WeatherRecord["data"];
    };
    expect(parse({ ...weatherRecord(portoAlegre, TIME, {}), data })).to.have.property("ok", true);
  });

  for (const time of [
    "2024-04-30T11:00Z",
    "2024-04-30t11:00:00.000z",
    "2024-04-30T11:00:00+00:00",
    "2024-04-30T08:00:00-03:00",
    "2024-04-30T08:00-0300",
    "2024-04-30T08-03",
    "2024-04-30T20:45:00+09:45",
    "20240430T110000Z",
  ]) {
    it(`takes the ISO 8601 time ${time}`, () => {
      const parsed = parse({ ...weatherRecord(portoAlegre, TIME, {}), data: { time, values: {} } });
      expect(parsed.ok && observationTime(parsed.record).toISOString()).to.equal("2024-04-30T11:00:00.000Z");
    });
  }

  it("holds whatever its values are: each is judged by itself", () => {
    const record = {
      ...weatherRecord(portoAlegre, TIME, {}),
      data: { time: TIME, values: { humidity: "wet" } },
    };
    expect(parse(record)).to.have.property("ok", true);
  });

  const valid = weatherRecord(portoAlegre, TIME, {});
  const invalid: [string, unknown, string, RegExp][] = [
    [
      "a time that is none",
      { ...valid, data: { time: "2024-02-30T00:00:00Z", values: {} } },
      "bad-time",
      /data\.time: .*2024-02-30/,
    ],
    [
      "a time without a zone",
      { ...valid, data: { time: "2024-04-30T11:00:00", values: {} } },
      "bad-time",
      /with its offset/,
    ],
    [
      "a day without a time",
      { ...valid, data: { time: "2024-04-30Z", values: {} } },
      "bad-time",
      /with its offset/,
    ],
    ["no values", { ...valid, data: { time: TIME } }, "not-a-record", /data\.values: .*nothing/],
    ["no data", { location: valid.location, source: "x" }, "not-a-record", /data: .*nothing/],
    [
      "an empty location id",
      { ...valid, location: { ...valid.location, id: "" } },
      "not-a-record",
      /location\.id/,
    ],
    ["an array", [], "not-a-record", /\[\]/],
    ["null", null, "not-a-record", /the record: .*null/],
  ];
  for (const [name, json, reason, detail] of invalid) {
    it(`is refused with ${name}`, () => {
      const parsed = parse(json);
      expect(parsed).to.include({ ok: false, reason });
      expect(parsed).to.have.property("detail").that.matches(detail);
    });
  }

  it("is refused when it is not JSON, or not UTF-8", () => {
    expect(parseRecord(Buffer.from("{"))).to.include({ ok: false, reason: "not-json" });
    expect(parseRecord(Uint8Array.of(0x22, 0xff, 0x22))).to.include({ ok: false, reason: "not-json" });
  });

  it("never makes the parser throw", () => {
    fc.assert(fc.property(fc.uint8Array(), (bytes) => typeof parseRecord(bytes).ok === "boolean"));
    fc.assert(fc.property(fc.json(), (json) => typeof parseRecord(Buffer.from(json)).ok === "boolean"));
    const damaged = fc.record(
      {
        data: fc.record({ time: fc.anything(), values: fc.anything() }, { requiredKeys: [] }),
        location: fc.anything(),
        source: fc.anything(),
      },
      { requiredKeys: [] },
    );
    const property = fc.property(damaged, (record) => {
      const text = JSON.stringify(record, (_, value: unknown) =>
        typeof value === "bigint" ? String(value) : value,
      );
      return typeof parseRecord(Buffer.from(text)).ok === "boolean";
    });
    fc.assert(property);
  });
});

describe("the time of a record", () => {
  const arrivedAt = new Date("2024-04-30T12:00:00Z");
  const at = (time: string) => weatherRecord(portoAlegre, time, {});

  it("is plausible when late, since archives are replayed", () => {
    expect(implausibleTime(at("2001-01-01T00:00:00Z"), arrivedAt, "archive")).to.equal(undefined);
  });

  it("is implausible before 2000, and a day after the arrival", () => {
    expect(implausibleTime(at("1970-01-01T00:00:00Z"), arrivedAt, "archive")).to.match(/before 2000/);
    expect(implausibleTime(at("2024-05-01T12:00:00Z"), arrivedAt, "archive")).to.equal(undefined);
    expect(implausibleTime(at("2024-05-01T12:00:01Z"), arrivedAt, "archive")).to.match(/86400 s after/);
  });

  it("may be ahead by an hour at most for alerts", () => {
    expect(implausibleTime(at("2024-04-30T13:00:00Z"), arrivedAt, "alert")).to.equal(undefined);
    expect(implausibleTime(at("2024-04-30T13:00:01Z"), arrivedAt, "alert")).to.match(/3600 s after/);
  });
});
