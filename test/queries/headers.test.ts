import { expect } from "chai";
import { type Asked, askedOf, savedQueries } from "./asked.ts";
import { hourly } from "./weather-table.ts";

/** What each query has rows about, whatever its defaults. */
const EVERY_MEASURE = {
  temperature: 31,
  humidity: 25,
  rain_intensity: 12,
  wind_speed: 9,
  wind_gust: 15,
  wind_direction: 10,
  pressure_surface_level: 1000,
  flags: "dew_point=50 erroneous:range",
};

describe("headers of saved queries", () => {
  let asked: Asked;

  before(async () => {
    asked = await askedOf(
      [
        ...hourly("2024-05-01T00:00:00Z", 3, () => EVERY_MEASURE),
        ...hourly("2024-05-01T09:00:00Z", 1, () => EVERY_MEASURE),
      ],
      [{ occurred_at: "2024-05-01 01:00:00" }],
    );
  });

  after(() => asked[Symbol.asyncDispose]());

  for (const query of savedQueries) {
    it(`${query.name} answers the columns that its header names`, async () => {
      const result = await asked.ask(query.name, { to: "2024-05-02" });
      expect(result.columns.map(({ name }) => name)).to.deep.equal(query.columns.map(({ name }) => name));
      expect(result.rows).not.to.have.length(0);
    });

    it(`${query.name} gives a unit to every figure that is no count, number of a measure or code`, async () => {
      const { columns } = await asked.ask(query.name, { to: "2024-05-02" });
      const unitless = query.columns.filter(({ unit }) => unit === undefined).map(({ name }) => name);
      const figures = columns.filter(({ name, type }) => type === "double" && unitless.includes(name));
      expect(figures.map(({ name }) => name).filter((name) => !OF_THE_METRIC.includes(name))).to.deep.equal(
        [],
      );
    });

    it(`${query.name} asks for the last days there are unless told otherwise`, () => {
      const days = query.parameters.filter(({ name }) => name === "from" || name === "to");
      for (const { name, default: value } of days)
        expect(value).to.match(name === "to" ? /^last$/ : /^last-(30|365)d$/);
      expect(days).not.to.have.length(0);
    });

    it(`${query.name} means the same by a name each time`, () => {
      const defaults = new Map(query.parameters.map((parameter) => [parameter.name, parameter]));
      for (const parameter of query.parameters) expect(parameter).to.deep.equal(defaults.get(parameter.name));
    });
  }
});

/** Columns in the unit of the metric that was asked for, or of a rate. */
const OF_THE_METRIC = ["peak", "threshold", "value", "events_per_year"];
