import { expect } from "chai";
import fc from "fast-check";
import {
  DERIVED_FIELDS,
  deriveValues,
  dewPointOf,
  heatIndex,
  humidex,
  windChill,
} from "../../../../handlers/weather/observation/derived.ts";

const celsius = (fahrenheit: number) => (fahrenheit - 32) / 1.8;
const fahrenheit = (celsius: number | null) => (celsius ?? Number.NaN) * 1.8 + 32;
const metresPerSecond = (kilometresPerHour: number) => kilometresPerHour / 3.6;
const METRES_PER_SECOND_OF_MPH = 1609.344 / 3600;

const anyNumber = fc.double({ noNaN: true, noDefaultInfinity: true });
const humidity = fc.double({ min: 0, max: 100, noNaN: true });

describe("heat index", () => {
  /** https://www.weather.gov/safety/heat-index: °F by °F, at 40, 45, 50 … % of humidity. */
  const CHART: Readonly<Record<number, readonly number[]>> = {
    80: [80, 80, 81, 81, 82, 82, 83, 84, 84, 85],
    84: [83, 84, 85, 86, 88, 89, 90, 92, 94, 96, 98, 100, 103],
    88: [88, 89, 91, 93, 95, 98, 100, 103, 106, 110, 113, 117, 121],
    90: [91, 93, 95, 97, 100, 103, 106, 109, 113, 117, 122, 127, 132],
    94: [97, 100, 103, 106, 110, 114, 119, 124, 129, 135],
    100: [109, 114, 118, 124, 129, 136],
    104: [119, 124, 131, 137],
    110: [136],
  };

  it("is within 1 °F of the chart of the National Weather Service", () => {
    for (const [temperature, row] of Object.entries(CHART)) {
      for (const [index, expected] of row.entries()) {
        const percent = 40 + 5 * index;
        const found = fahrenheit(heatIndex(celsius(Number(temperature)), percent));
        expect(found, `${temperature} °F, ${percent} %`).to.be.closeTo(expected, 1);
      }
    }
  });

  /** Worked by hand from https://www.wpc.ncep.noaa.gov/html/heatindex_equation.shtml; the chart leaves them out. */
  const ADJUSTED: readonly [string, number, number, number][] = [
    ["dry air takes off", 95, 10, 89.45],
    ["damp air adds to", 82, 100, 96.04],
    ["below 80 °F the simple formula makes", 75, 50, 74.55],
    ["at 80 °F of the simple formula the regression makes", 80, 50, 80.8],
  ];
  for (const [name, temperature, percent, expected] of ADJUSTED) {
    it(`is adjusted: ${name} ${temperature} °F at ${percent} %`, () => {
      expect(fahrenheit(heatIndex(celsius(temperature), percent))).to.be.closeTo(expected, 0.05);
    });
  }

  it("rises with humidity where the regression alone holds, 82 to 112 °F from 13 % up", () => {
    const property = fc.property(
      fc.double({ min: celsius(82), max: celsius(112), noNaN: true }),
      fc.double({ min: 13, max: 99, noNaN: true }),
      fc.double({ min: 0.1, max: 1, noNaN: true }),
      (temperature, percent, more) => {
        const drier = heatIndex(temperature, percent) ?? Number.NaN;
        expect(heatIndex(temperature, percent + more)).to.be.at.least(drier);
      },
    );
    fc.assert(property);
  });
});

describe("wind chill", () => {
  /**
   * Environment Canada's calculation chart: °C by km/h, at 5, 0, -5 … -50 °C.
   * https://bac-lac.wayback.archive-it.org/web/20060208013847/http:/www.msc.ec.gc.ca/education/windchill/windchill_chart_e.cfm
   */
  const CANADA: Readonly<Record<number, readonly number[]>> = {
    5: [4, -2, -7, -13, -19, -24, -30, -36, -41, -47, -53, -58],
    20: [1, -5, -12, -18, -24, -30, -37, -43, -49, -56, -62, -68],
    40: [-1, -7, -14, -21, -27, -34, -41, -48, -54, -61, -68, -74],
    80: [-3, -10, -17, -24, -31, -38, -45, -52, -60, -67, -74, -81],
  };

  it("is Environment Canada's chart, rounded", () => {
    for (const [wind, row] of Object.entries(CANADA)) {
      for (const [index, expected] of row.entries()) {
        const found = windChill(5 - 5 * index, metresPerSecond(Number(wind)));
        expect(found, `${5 - 5 * index} °C, ${wind} km/h`).to.be.closeTo(expected, 0.51);
      }
    }
  });

  /** https://www.weather.gov/safety/cold-wind-chill-chart: °F by mph, at 40, 35, 30 … °F. */
  const UNITED_STATES: Readonly<Record<number, readonly number[]>> = {
    5: [36, 31, 25, 19, 13, 7, 1, -5, -11, -16],
    15: [32, 25, 19, 13, 6, 0, -7, -13, -19, -26],
    30: [28, 22, 15, 8, 1, -5, -12, -19, -26, -33],
    60: [25, 17, 10, 3, -4, -11, -19, -26, -33, -40],
  };

  it("is the chart of the National Weather Service, which rounds after another conversion", () => {
    for (const [wind, row] of Object.entries(UNITED_STATES)) {
      for (const [index, expected] of row.entries()) {
        const found = windChill(celsius(40 - 5 * index), Number(wind) * METRES_PER_SECOND_OF_MPH);
        expect(fahrenheit(found), `${40 - 5 * index} °F, ${wind} mph`).to.be.closeTo(expected, 0.7);
      }
    }
  });

  it("has no value above 10 °C, nor in a wind of a walk", () => {
    expect(windChill(10, 5)).to.be.a("number");
    expect(windChill(10.1, 5)).to.equal(null);
    expect(windChill(-20, metresPerSecond(4.8))).to.equal(null);
    expect(windChill(-20, metresPerSecond(4.9))).to.be.a("number");
  });

  it("is never above the temperature, and falls as the wind rises", () => {
    const property = fc.property(
      fc.double({ min: -60, max: 10, noNaN: true }),
      fc.double({ min: 1.4, max: 60, noNaN: true }),
      fc.double({ min: 0.1, max: 10, noNaN: true }),
      (temperature, wind, more) => {
        const chill = windChill(temperature, wind) ?? Number.NaN;
        expect(chill).to.be.at.most(temperature);
        expect(windChill(temperature, wind + more)).to.be.below(chill);
      },
    );
    fc.assert(property);
  });
});

describe("humidex", () => {
  /** The table of temperature and dew point in °C that Environment Canada's formula gives. https://en.wikipedia.org/wiki/Humidex */
  const BY_DEW_POINT: readonly [temperature: number, dewPoint: number, humidex: number][] = [
    [15, 10, 16],
    [30, 15, 34],
    [30, 25, 42],
    [36, 10, 37],
    [43, 10, 44],
    [43, 28, 59],
  ];
  for (const [temperature, dewPoint, expected] of BY_DEW_POINT) {
    it(`of ${temperature} °C with a dew point of ${dewPoint} °C is ${expected}`, () => {
      expect(Math.round(humidex(temperature, dewPoint) ?? Number.NaN)).to.equal(expected);
    });
  }

  /** Environment Canada's table by relative humidity. https://www.ccohs.ca/oshanswers/phys_agents/humidex.html */
  const BY_HUMIDITY: readonly [temperature: number, humidity: number, humidex: number][] = [
    [21, 100, 29],
    [27, 70, 35],
    [30, 70, 41],
  ];
  for (const [temperature, percent, expected] of BY_HUMIDITY) {
    it(`of ${temperature} °C at ${percent} % is ${expected}, by way of Magnus' dew point`, () => {
      const derived = deriveValues({ temperature, humidity: percent });
      expect(Math.round(derived.humidex ?? Number.NaN)).to.equal(expected);
    });
  }

  it("rises with humidity", () => {
    const property = fc.property(
      fc.double({ min: -30, max: 50, noNaN: true }),
      fc.double({ min: 1, max: 99, noNaN: true }),
      fc.double({ min: 0.1, max: 1, noNaN: true }),
      (temperature, percent, more) => {
        const drier = humidex(temperature, dewPointOf(temperature, percent)) ?? Number.NaN;
        expect(humidex(temperature, dewPointOf(temperature, percent + more))).to.be.above(drier);
      },
    );
    fc.assert(property);
  });
});

describe("dew point", () => {
  /** From the saturation pressures of WMO-No. 8: 50 % at 25 °C is 15.84 hPa, saturated at 13.9 °C. */
  it("is where the air is saturated", () => {
    expect(dewPointOf(25, 50)).to.be.closeTo(13.9, 0.1);
    expect(dewPointOf(30, 100)).to.be.closeTo(30, 1e-9);
  });

  it("is none of air without vapour, or at a humidity that is none", () => {
    expect([0, -1, 101, -9999].map((percent) => dewPointOf(20, percent))).to.deep.equal([
      null,
      null,
      null,
      null,
    ]);
  });
});

describe("derived values", () => {
  it("are added to those observed", () => {
    const hot = { temperature: 34, humidity: 60, dewPoint: 25, windSpeed: 3 };

    const derived = deriveValues(hot);

    expect(derived).to.deep.include({ ...hot, windChill: 34 });
    expect(derived.heatIndex).to.be.closeTo(42.5, 0.5);
    expect(derived.humidex).to.be.closeTo(46.3, 0.5);
  });

  it("feel as it is where it is too warm or too calm for wind chill", () => {
    expect(deriveValues({ temperature: 10.1, windSpeed: 9 }).windChill).to.equal(10.1);
    expect(deriveValues({ temperature: -20, windSpeed: 1 }).windChill).to.equal(-20);
    expect(deriveValues({ temperature: -20, humidity: 50, windSpeed: null }).windChill).to.equal(null);
  });

  it("prefer a dew point that was observed to one of humidity", () => {
    const observed = deriveValues({ temperature: 30, humidity: 90, dewPoint: 15 });
    expect(observed.humidex).to.equal(humidex(30, 15));
  });

  it("are the same object where nothing can be said", () => {
    const rain = { rainIntensity: 4, temperature: null };
    expect(deriveValues(rain)).to.equal(rain);
  });

  it("never come from the source", () => {
    const sent = { heatIndex: "47" as unknown as number, temperature: null };
    expect(deriveValues(sent).heatIndex).to.equal(null);
  });

  it("are unknown when an input is: null in, null out", () => {
    for (const unknown of [null, undefined, Number.NaN, Number.POSITIVE_INFINITY]) {
      expect([heatIndex(unknown, 50), heatIndex(30, unknown)], "heat index").to.deep.equal([null, null]);
      expect([windChill(unknown, 5), windChill(0, unknown)], "wind chill").to.deep.equal([null, null]);
      expect([humidex(unknown, 15), humidex(30, unknown)], "humidex").to.deep.equal([null, null]);
    }
  });

  it("are finite or unknown for any finite input, and neither NaN nor infinite", () => {
    const property = fc.property(
      anyNumber,
      fc.oneof(humidity, anyNumber),
      anyNumber,
      anyNumber,
      (temperature, percent, dewPoint, windSpeed) => {
        const withDewPoint = deriveValues({ temperature, humidity: percent, dewPoint, windSpeed });
        const withoutDewPoint = deriveValues({ temperature, humidity: percent, windSpeed });
        for (const values of [withDewPoint, withoutDewPoint]) {
          for (const field of DERIVED_FIELDS) {
            expect(values[field] ?? 0, field).to.satisfy(Number.isFinite);
          }
        }
      },
    );
    fc.assert(property, { numRuns: 2000 });
  });
});
