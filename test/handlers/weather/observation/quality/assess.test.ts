import { expect } from "chai";
import fc from "fast-check";
import { toObservation } from "../../../../../handlers/weather/alerts/evaluate.ts";
import { FIELDS, type Field } from "../../../../../handlers/weather/observation/fields.ts";
import { assess, flagsText, NO_FLAGS } from "../../../../../handlers/weather/observation/quality/assess.ts";
import {
  highestRainMillimetres,
  LIMITS,
} from "../../../../../handlers/weather/observation/quality/limits.ts";
import { weatherRecord } from "../../../support/kinesis-event.ts";
import { portoAlegre } from "../../../support/places.ts";

/** Extremes that were measured and accepted, with where they are recorded. */
const RECORDS: readonly [Field, number, string][] = [
  ["temperature", 56.7, "Furnace Creek, 1913; WMO Weather and Climate Extremes Archive"],
  ["temperature", -89.2, "Vostok, 1983; WMO Weather and Climate Extremes Archive"],
  ["temperature", 44.8, "Araçuaí, 2023; INMET"],
  ["temperature", -14, "Caçador, 1952; INMET"],
  ["dewPoint", 35, "Dhahran, 2003"],
  ["windGust", 113.3, "Barrow Island, 1996; WMO Weather and Climate Extremes Archive"],
  ["windSpeed", 103.3, "Mount Washington, 1934; Mount Washington Observatory"],
  ["pressureSeaLevel", 870, "Typhoon Tip, 1979; WMO Weather and Climate Extremes Archive"],
  ["pressureSeaLevel", 1084.8, "Tosontsengel, 2001; WMO Weather and Climate Extremes Archive"],
  [
    "rainIntensity",
    1872,
    "31.2 mm in one minute, Unionville, 1956; WMO Weather and Climate Extremes Archive",
  ],
  ["rainIntensity", 435.7, "305 mm in 42 minutes, Holt, 1947; WMO Weather and Climate Extremes Archive"],
  ["uvIndex", 43.3, "Licancabur, 2003; Cabrol et al. 2014"],
  ["humidity", 1, "Several deserts, to the accuracy of the sensors"],
  ["humidity", 100, "Any fog"],
];

/** Hours and millimetres, as the WMO and the US National Weather Service list them. */
const RAIN_RECORDS: readonly [hours: number, millimetres: number, string][] = [
  [1 / 60, 31.2, "Unionville, 1956"],
  [0.7, 305, "Holt, 1947"],
  [1, 401, "Shangdi, 1975"],
  [4.5, 782, "Smethport, 1942"],
  [10, 1400, "Muduocaidang, 1977"],
  [12, 1144, "Foc-Foc, 1966"],
  [24, 1825, "Foc-Foc, 1966"],
  [48, 2493, "Cherrapunji, 1995"],
  [72, 3930, "Cratère Commerson, 2007"],
];

describe("the quality of a reading", () => {
  for (const [field, value, source] of RECORDS) {
    it(`takes the record ${field} ${value} as good (${source})`, () => {
      expect(assess({ [field]: value })).to.deep.equal({ values: { [field]: value }, flags: {} });
    });
  }

  for (const [hours, millimetres, place] of RAIN_RECORDS) {
    it(`has room for ${millimetres} mm in ${hours.toFixed(2)} h (${place}), and for little more than twice as much`, () => {
      expect(highestRainMillimetres(hours)).to.be.within(millimetres, 2.2 * millimetres);
    });
  }

  const fills: Readonly<Partial<Record<Field, readonly number[]>>> = {
    rainIntensity: [999.9, 999, 9999, 99_999, -9999, -999.9, 655.35, 6553.5],
    windGust: [113.99, 114, 99.9, 999.9, -9999, 9999, 327.67],
    windSpeed: [999.9, -9999, 99],
    humidity: [0, 255, -9999, 999.9],
    temperature: [-127, 85, 99.9, 999.9, -9999, 9999, -999],
    pressureSeaLevel: [0, 9999, 9999.9, -9999],
    windDirection: [999, 9999, -1],
  };
  for (const [field, values] of Object.entries(fills)) {
    it(`calls the fill values of ${field} erroneous: ${values.join(", ")}`, () => {
      for (const value of values) {
        const { values: usable, flags } = assess({ [field]: value });
        expect(usable, String(value)).to.deep.equal({ [field]: null });
        expect(flags[field as Field], String(value)).to.match(/^erroneous:(fill|range)$/);
      }
    });
  }

  it("keeps a value beyond any record, and flags it as doubtful", () => {
    expect(assess({ temperature: 57, windGust: 120, windSpeed: 30 })).to.deep.equal({
      values: { temperature: 57, windGust: 120, windSpeed: 30 },
      flags: { temperature: "doubtful:record", windGust: "doubtful:record" },
    });
  });

  it("judges a gust by the mean wind beside it, of station A251 and of the storm of January 2024", () => {
    expect(assess({ windGust: 39.7, windSpeed: 0.4 }).flags).to.deep.equal({ windGust: "doubtful:gust" });
    expect(assess({ windGust: 24.7, windSpeed: 5.2 }).flags).to.equal(NO_FLAGS);
    expect(assess({ windGust: 0, windSpeed: 15 }).flags).to.deep.equal({ windGust: "doubtful:gust" });
    expect(assess({ windGust: 39.7, windSpeed: null }).flags).to.equal(NO_FLAGS);
  });

  it("judges a dew point by the temperature beside it", () => {
    expect(assess({ dewPoint: 26, temperature: 20 }).flags).to.deep.equal({ dewPoint: "doubtful:dew-point" });
    expect(assess({ dewPoint: 20.9, temperature: 20 }).flags).to.equal(NO_FLAGS);
  });

  it("reads one bad field as unknown, and the others as they are", () => {
    const values = {
      weatherCode: "Partly Cloudy",
      rainIntensity: 8,
      windGust: "8.31",
      humidity: [65],
      extra: "x",
    };
    expect(assess(values)).to.deep.equal({
      values: { weatherCode: null, rainIntensity: 8, windGust: 8.31, humidity: null, extra: "x" },
      flags: { weatherCode: "erroneous:unreadable", humidity: "erroneous:unreadable" },
    });
    expect(flagsText(values, assess(values).flags)).to.equal(
      "humidity=array erroneous:unreadable; weather_code=string erroneous:unreadable",
    );
  });

  it("has no number for text that is not a decimal number", () => {
    for (const text of ["", " 5", "5 ", "1d", "0x10", "NaN", "Infinity", "1e400", "1,5", "--1"]) {
      expect(assess({ temperature: text }).values, text).to.deep.equal({ temperature: null });
    }
    expect(assess({ temperature: "+5" }).values).to.deep.equal({ temperature: 5 });
    expect(assess({ temperature: "-0.5e1" }).values).to.deep.equal({ temperature: -5 });
  });

  it("is the very same object where all is good", () => {
    const values = { temperature: 20, rainIntensity: null, extra: "x" };
    const found = assess(values);
    expect(found.values).to.equal(values);
    expect(found.flags).to.equal(NO_FLAGS);
  });

  it("never throws, never invents a value, and flags whatever it takes away", () => {
    const anyValue = fc.oneof(fc.double(), fc.string(), fc.anything());
    const property = fc.property(fc.dictionary(fc.constantFrom(...FIELDS), anyValue), (values) => {
      const { values: usable, flags } = assess(values);
      for (const field of FIELDS) {
        const [came, kept] = [values[field], usable[field]];
        if (typeof kept === "number") expect(Number(came)).to.equal(kept);
        if (came !== undefined && came !== null && kept === null)
          expect(flags[field]).to.match(/^erroneous:/);
      }
    });
    fc.assert(property);
  });

  it("reaches alerts as the values of an observation", () => {
    const record = weatherRecord(portoAlegre, "2024-04-30T11:00:00Z", { windGust: 113.99, temperature: 20 });
    expect(toObservation(record)).to.deep.include({
      values: { windGust: null, temperature: 20 },
      flags: { windGust: "erroneous:fill" },
    });
  });

  it("has limits in order for each measure", () => {
    for (const field of FIELDS) {
      const { possible, recorded = possible } = LIMITS[field];
      expect(possible[0], field).to.be.at.most(recorded[0]);
      expect(recorded[0], field).to.be.below(recorded[1]);
      expect(recorded[1], field).to.be.at.most(possible[1]);
    }
  });
});
