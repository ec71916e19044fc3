import { expect } from "chai";
import {
  formatLimit,
  formatReading,
  formatShortReading,
} from "../../../../handlers/weather/messages/format.ts";
import { wordsOf } from "../../../../handlers/weather/messages/language.ts";

const pt = wordsOf("pt-BR");
const en = wordsOf("en");

describe("figures", () => {
  it("name derived metrics in both languages, in °C", () => {
    expect(formatReading({ metric: "heatIndex" }, 41.26, pt)).to.equal("índice de calor 41,3 °C");
    expect(formatReading({ metric: "windChill" }, -3, pt)).to.equal("sensação de frio -3 °C");
    expect(formatReading({ metric: "humidex", over: "3h", as: "max" }, 40, pt)).to.equal(
      "humidex máx. 40 °C em 3 h",
    );
    expect(formatReading({ metric: "heatIndex" }, 41.26, en)).to.equal("heat index 41.3 °C");
    expect(formatReading({ metric: "windChill" }, -3, en)).to.equal("wind chill -3 °C");
    expect(formatShortReading({ metric: "heatIndex" }, 41, pt)).to.equal("ind. calor 41 °C");
  });

  it("tell wind in km/h unless the rule has a unit of its own", () => {
    expect(formatReading({ metric: "windSpeed" }, 10, en)).to.equal("wind 36 km/h");
    expect(formatReading({ metric: "windGust", unit: "mph" }, 58, en)).to.equal("gust 58 mph");
  });

  it("name what is summed, except rain", () => {
    expect(formatReading({ metric: "rainIntensity", over: "24h", as: "sum" }, 50, en)).to.equal(
      "50 mm in 24 h",
    );
    expect(formatReading({ metric: "snowIntensity", over: "2d", as: "sum" }, 50, en)).to.equal(
      "snow 50 mm in 2 days",
    );
    expect(formatShortReading({ metric: "rainIntensity", over: "3h", as: "sum" }, 1, pt)).to.equal(
      "chuva 1 mm em 3 h",
    );
  });

  it("are held against a limit, or against one to stay above", () => {
    const cold = { measure: { metric: "windChill" }, below: true, value: -8, threshold: -5 } as const;
    expect(formatLimit(cold, false, pt)).to.equal("abaixo de -5 °C");
    expect(formatLimit(cold, false, en)).to.equal("below -5 °C");
    expect(formatLimit({ ...cold, below: false }, false, pt)).to.equal("limite -5 °C");
  });
});
