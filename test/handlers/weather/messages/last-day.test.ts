import { expect } from "chai";
import fc from "fast-check";
import { lastDay } from "../../../../handlers/weather/messages/last-day.ts";
import { day, hours, NOW } from "./location-reports.ts";

describe("the last day", () => {
  const at = (value: number, hoursAgo: number): [number, number] => [
    NOW.getTime() / 1000 - hoursAgo * 3600,
    value,
  ];

  it("sums the rain of the 24 clock hours that have ended, without binary noise", () => {
    const rainIntensity = [at(50, 25), ...hours(day(0.1)), at(50, 0)];

    expect(lastDay({ rainIntensity }, NOW)).to.deep.equal([
      { field: "rainIntensity", as: "sum", value: 2.4, knownHours: 24 },
    ]);
  });

  it("counts the hours that it knows", () => {
    const rainIntensity = hours([1, null, 2, ...Array.from({ length: 21 }, () => null)]);

    expect(lastDay({ rainIntensity }, NOW)).to.deep.equal([
      { field: "rainIntensity", as: "sum", value: 3, knownHours: 2 },
    ]);
  });

  it("takes the highest of the highs, and the lowest where rules ask below", () => {
    const history = { temperature: [at(40, 25), at(31, 24), at(28, 1)], humidity: [at(35, 3), at(22, 2)] };

    expect(lastDay(history, NOW, ["humidity"])).to.deep.equal([
      { field: "temperature", as: "max", value: 31, knownHours: 2 },
      { field: "humidity", as: "min", value: 22, knownHours: 2 },
    ]);
  });

  it("never reaches further back than a day, whatever the minute", () => {
    const property = fc.property(fc.nat({ max: 3599 }), fc.nat({ max: 30 }), (seconds, hoursAgo) => {
      const until = new Date(NOW.getTime() + seconds * 1000);
      const [figure] = lastDay({ rainIntensity: [at(1, hoursAgo)] }, until);
      const age = hoursAgo * 3600 + seconds;
      expect(figure !== undefined, String(age)).to.equal(age > 0 && age <= 86_400);
    });
    fc.assert(property);
  });
});
