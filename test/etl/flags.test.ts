import { expect } from "chai";
import { rebuild } from "../../etl/rebuild.ts";
import { FIELDS, type Field, MEASURES } from "../../handlers/weather/observation/fields.ts";
import { assess, flagsText } from "../../handlers/weather/observation/quality/assess.ts";
import {
  highestRainMillimetres,
  LARGEST_STEPS,
  LIMITS,
  NEVER_STEADY,
} from "../../handlers/weather/observation/quality/limits.ts";
import { portoAlegre } from "../handlers/support/places.ts";
import { queryGold } from "./gold-rows.ts";
import { ODD_VALUES, shardsOf } from "./histories/any-history.ts";
import { createGoldReader } from "./histories/gold-reader.ts";
import { naiveGold } from "./histories/naive-gold.ts";
import { optionsOf } from "./histories/options.ts";
import { deliver } from "./histories/stream.ts";
import { archivedLine, createMemoryLake, gzipLines, rawKey } from "./memory-lake.ts";

const DAY = "2024-04-30";

interface Reading {
  readonly minute: number;
  readonly values: Readonly<Record<string, unknown>>;
  readonly flags?: string;
}

interface Row {
  readonly flags: string | null;
  readonly [column: string]: unknown;
}

/** Gold of one day by location, in the order of time. */
async function goldOf(readings: Readonly<Record<string, readonly Reading[]>>): Promise<Map<string, Row[]>> {
  const lake = createMemoryLake();
  const lines = Object.entries(readings).flatMap(([location, members]) =>
    members.map(({ minute, values, flags }) => {
      const time = new Date(Date.parse(`${DAY}T00:00:00Z`) + minute * 60_000).toISOString();
      return archivedLine({ time, location, values, ...(flags !== undefined && { flags }) });
    }),
  );
  await lake.write(rawKey(`${DAY}T00:00:00Z`, "all"), gzipLines(lines));
  await rebuild(lake, await optionsOf("observations"));
  const rows = await queryGold(
    lake,
    `gold/observations/day=${DAY}/observations.parquet`,
    "SELECT * FROM gold ORDER BY location, observed_at",
  );
  return Map.groupBy(rows as unknown as Row[], ({ location }) => String(location));
}

/** Readings of one measure; null is unknown. */
function series(field: Field, values: readonly (number | string | null)[], minutes = 60): Reading[] {
  return values.map((value, index) => ({ minute: index * minutes, values: { [field]: value } }));
}

/** In the middle of what the measure can be, so that a change of any limit stays possible. */
const baseOf = (field: Field) => (field.startsWith("pressure") ? 1000 : 10);

describe("flags in gold", () => {
  it("are the archive's, and only the measures that they name are NULL", async () => {
    const values = Object.fromEntries(FIELDS.map((field) => [field, LIMITS[field].possible[1]]));
    const flagOf = (field: Field) => `${MEASURES[field].column}=1 doubtful:record`;
    const gold = await goldOf({
      ...Object.fromEntries(FIELDS.map((field) => [field, [{ minute: 0, values, flags: flagOf(field) }]])),
      several: [{ minute: 0, values, flags: `${flagOf("windGust")}; ${flagOf("rainIntensity")}` }],
      none: [{ minute: 0, values }],
    });

    const nullsOf = (location: string) =>
      FIELDS.filter((field) => gold.get(location)?.[0]?.[MEASURES[field].column] === null);
    for (const field of FIELDS) {
      expect(nullsOf(field), field).to.deep.equal([field]);
      expect(gold.get(field)?.[0]?.flags).to.equal(flagOf(field));
    }
    expect(nullsOf("several")).to.deep.equal(["rainIntensity", "windGust"]);
    expect(nullsOf("none")).to.deep.equal([]);
    expect(gold.get("none")?.[0]?.flags).to.equal(null);
  });

  it("leave of any value what the quality step leaves", async () => {
    const lake = createMemoryLake();
    const arrivals = ODD_VALUES.flatMap((odd, index) => {
      const time = new Date(Date.parse(`${DAY}T00:00:00Z`) + index * 60_000).toISOString();
      const values = { temperature: odd, uvIndex: odd };
      const observation = { place: portoAlegre, time, values };
      return { shard: 0, arrivedAtMilliseconds: Date.parse(time), observation };
    });
    const archived = await deliver(lake, shardsOf(arrivals).flat());
    await rebuild(lake, await optionsOf("observations"));
    const reader = await createGoldReader("observations");
    const gold = await reader.read(lake).finally(() => reader.close());

    expect(gold).to.deep.equal(naiveGold(archived));
    const temperatures = gold.get(DAY)?.map(({ temperature }) => temperature);
    expect(temperatures?.slice(0, 4)).to.deep.equal([12.5, 5, 10, null]);
    const flags = ODD_VALUES.map((odd) => flagsText({ uvIndex: odd }, assess({ uvIndex: odd }).flags));
    expect(flags.filter((text) => text === "")).to.have.length(3);
  });
});

describe("checks over time in gold", () => {
  const flagsOf = (rows: readonly Row[] | undefined) => rows?.map(({ flags }) => flags);

  for (const field of FIELDS) {
    const { column } = MEASURES[field];
    const base = baseOf(field);

    it(`have the limits of the table for ${field}`, async () => {
      const step = LARGEST_STEPS[field];
      const jump = step ?? 80;
      const steady = NEVER_STEADY[field];
      const [lowest, highest] = steady ?? LIMITS[field].possible;
      const day = (value: number) => series(field, Array(24).fill(value));
      const gold = await goldOf({
        allowed: series(field, [base, base + jump, base]),
        above: series(field, [base, base + jump + 0.125, base]),
        below: series(field, [base + jump + 0.125, base, base + jump + 0.125]),
        lowest: day(lowest),
        highest: day(highest),
        tooLow: day(lowest - 0.05),
        tooHigh: day(highest + 0.05),
      });

      const spike = (value: number) => (step === undefined ? null : `${column}=${value} doubtful:spike`);
      expect(flagsOf(gold.get("allowed"))).to.deep.equal([null, null, null]);
      expect(flagsOf(gold.get("above"))).to.deep.equal([null, spike(base + jump + 0.125), null]);
      expect(flagsOf(gold.get("below"))).to.deep.equal([null, spike(base), null]);
      const isStuck = (location: string) =>
        gold.get(location)?.[0]?.flags?.endsWith(" doubtful:stuck") ?? false;
      expect(["lowest", "highest", "tooLow", "tooHigh"].map(isStuck)).to.deep.equal(
        steady === undefined ? [false, false, false, false] : [true, true, false, false],
      );
      for (const rows of gold.values())
        for (const row of rows) expect(row[column] === null).to.equal(row.flags !== null);
    });
  }

  it("find a spike only where both neighbours are known, near, and on one side of it", async () => {
    const gold = await goldOf({
      step: series("temperature", [10, 35, 35, 35]),
      stairs: series("temperature", [0, 25, 50]),
      edges: series("temperature", [40, 10, 40]).slice(0, 2),
      unknown: series("temperature", [10, null, 40, 10]),
      flagged: series("temperature", [10, 99, 40, 10]).map((reading, index) =>
        index === 1 ? { ...reading, flags: "temperature=99 erroneous:range" } : reading,
      ),
      twoHours: series("temperature", [10, 49.125, 10], 120),
      twoHoursAllowed: series("temperature", [10, 49, 10], 120),
      longer: series("temperature", [10, 60, 10], 121),
      minutes: series("temperature", [10, 29.625, 10], 1),
      text: series("temperature", ["10.0", "40.00", "1e1"]),
      places: [{ minute: 60, values: { temperature: 60 } }],
    });

    const found = [...gold].flatMap(([location, rows]) =>
      rows.flatMap(({ flags }) => (flags?.includes("spike") ? [`${location} ${flags}`] : [])),
    );
    expect(found).to.deep.equal([
      "minutes temperature=29.625 doubtful:spike",
      "text temperature=40.00 doubtful:spike",
      "twoHours temperature=49.125 doubtful:spike",
    ]);
  });

  it("find a value stuck from 12 readings over 20 hours on, whatever is unknown between", async () => {
    const at = (hours: readonly number[], value = 21.5) =>
      hours.map((hour) => ({ minute: hour * 60, values: { temperature: value } }));
    const few = [0, 2, 4, 6, 8, 10, 12, 14, 16, 18, 20];
    const gold = await goldOf({
      eleven: at(few),
      twelve: at([...few, 1]),
      shorter: at(Array.from({ length: 20 }, (_, hour) => hour)),
      unknown: [...at([...few, 1]), { minute: 1300, values: { temperature: null, windSpeed: 3 } }],
      other: [...at([...few, 1]), ...at([23], 21.6)],
    });

    const stuck = [...gold].filter(([, rows]) => rows.some(({ flags }) => flags !== null));
    expect(stuck.map(([location]) => location)).to.deep.equal(["twelve", "unknown"]);
    expect(flagsOf(gold.get("unknown"))?.filter((flags) => flags !== null)).to.deep.equal(
      Array(12).fill("temperature=21.5 doubtful:stuck"),
    );
  });

  for (const minutes of [1, 10, 30, 60, 180]) {
    it(`find more rain doubtful than was ever recorded in ${Math.min(60, minutes)} minutes, read every ${minutes}`, async () => {
      const hours = Math.min(60, minutes) / 60;
      const highest = highestRainMillimetres(hours) / hours;
      const gold = await goldOf({
        allowed: series("rainIntensity", [highest * 2, highest * 0.999, 0], minutes),
        beyond: series("rainIntensity", [highest * 2, highest * 1.001, 0], minutes),
      });

      expect(flagsOf(gold.get("allowed"))).to.deep.equal([null, null, null]);
      expect(flagsOf(gold.get("beyond"))).to.deep.equal([
        null,
        `rain_intensity=${highest * 1.001} doubtful:amount`,
        null,
      ]);
    });
  }
});
