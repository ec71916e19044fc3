import { expect } from "chai";
import fc from "fast-check";
import {
  type Precipitation,
  reconcilePrecipitation,
} from "../../../../handlers/weather/sources/open-meteo-precipitation.ts";

type Amount = number | null;

const reconcile = (total: Amount, rain: Amount, showers: Amount, snowfall: Amount) =>
  reconcilePrecipitation({ total, rain, showers, snowfall });

const amount = fc.option(fc.double({ min: 0, max: 100, noNaN: true }));
const amounts = fc.record({ total: amount, rain: amount, showers: amount, snowfall: amount });

describe("Open-Meteo's precipitation", () => {
  // total, rain, showers (mm), snowfall (cm) -> rain, snow (mm of water)
  const cases: readonly [string, readonly [Amount, Amount, Amount, Amount], Amount, Amount][] = [
    ["parts that add up to the total are the rain", [1.5, 1, 0.5, 0], 1.5, 0],
    ["snow water is not rain", [2.5, 1, 0.5, 0.7], 1.5, 1],
    ["dry by all of them is 0", [0, 0, 0, 0], 0, 0],
    ["parts of 0 below a total leave the total", [12.4, 0, 0, 0], 12.4, null],
    ["parts that are null below a total leave the total", [12.4, null, null, null], 12.4, null],
    ["a part that is null leaves the total less the snow", [3.5, null, 1, 0.7], 2.5, 1],
    ["showers that are lost leave the total", [9, 2, 0, 0], 9, null],
    ["snow that is unknown leaves all water to rain", [4, 0, 0, null], 4, null],
    ["snow alone is no rain", [1, 0, 0, 0.7], 0, 1],
    ["drizzle within the rounding is not lost", [0.1, 0, 0, 0], 0.1, 0],
    ["snow above the total within the rounding is no contradiction", [0.9, 0, 0, 0.7], 0, 1],
    ["parts above a total of 0 are the rain", [0, 3, 0, 0], 3, 0],
    ["showers above a total of 0 are the rain, with rain unknown", [0, null, 3, 0], 3, 0],
    ["parts above the total are the rain", [2, 3, 1, 0], 4, 0],
    ["a total of 0 is 0 with parts unknown", [0, null, null, null], 0, null],
    ["without a total the parts are the rain", [null, 1, 0.5, 0.7], 1.5, 1],
    ["without a total, parts of 0 are unknown", [null, 0, 0, 0], null, null],
    ["without a total, one unknown part is unknown", [null, 5, null, 0], null, null],
    ["nothing known is unknown", [null, null, null, null], null, null],
    ["a total below its snow leaves the parts", [0.5, 2, 0, 1.4], 2, 2],
    ["a total below its snow confirms no 0", [0, 0, 0, 1.4], null, 2],
    ["a negative total is unknown", [-3276.8, 0, 0, 0], null, null],
    ["a negative part is unknown", [5, -3276.8, 0, 0], 5, null],
    ["negative snow is unknown", [5, 5, 0, -0.7], 5, null],
  ];
  for (const [name, [total, rain, showers, snowfall], expectedRain, expectedSnow] of cases) {
    it(name, () => {
      const { rain: mm, snow } = reconcile(total, rain, showers, snowfall);
      expect(mm === null ? mm : Number(mm.toFixed(6)), "rain").to.equal(expectedRain);
      expect(snow === null ? snow : Number(snow.toFixed(6)), "snow").to.equal(expectedSnow);
    });
  }

  it("is never below a part that is known, nor 0 without a total", () => {
    fc.assert(
      fc.property(amounts, ({ total, rain, showers, snowfall }) => {
        const { rain: mm } = reconcile(total, rain, showers, snowfall);
        if (mm === null) return;
        expect(mm).to.be.at.least((rain ?? 0) + (showers ?? 0));
        if (mm === 0) expect(total).to.be.a("number");
      }),
    );
  });

  it("has no 0 after the loss of the total, or of all parts, that was not there before", () => {
    const withoutTotal: Partial<Precipitation> = { total: null };
    const withoutParts: Partial<Precipitation> = { rain: null, showers: null, snowfall: null };
    const consistent = fc
      .record({ rain: fc.nat(100), showers: fc.nat(100), snowfall: fc.nat(100) })
      .map((parts) => ({ ...parts, total: parts.rain + parts.showers + (parts.snowfall * 10) / 7 }));
    fc.assert(
      fc.property(consistent, fc.constantFrom(withoutTotal, withoutParts), (whole, lost) => {
        const before = reconcilePrecipitation(whole);
        const after = reconcilePrecipitation({ ...whole, ...lost });
        if (after.rain === 0) expect(before.rain).to.equal(0);
        if (after.snow === 0) expect(before.snow).to.equal(0);
      }),
    );
  });
});
