import { expect } from "chai";
import {
  ParameterValueError,
  parameterValues,
  parseParameter,
  resolveDay,
} from "../../queries/parameters.ts";

const lastDay = "2024-05-03";

describe("parameters of saved queries", () => {
  it("have the kind of their default, or the one that is named", () => {
    expect(
      [
        "to = last",
        "from = last-30d",
        "since = 2024-02-29",
        "at_least = 11.1",
        "location = %",
        "year = 2024 (text)",
        "level = red (yellow|orange|red)",
        "hours = 24 (3 | 24)",
        "below = 18 (-40..59.9)",
        "thresholds = 20/50",
        "thresholds = 20/50 (0..60)",
        "thresholds = 20 (numbers)",
        "time_zone = America/Sao_Paulo",
        "time_zone = UTC (zone)",
        "path = a/b",
      ].map(parseParameter),
    ).to.deep.equal([
      { name: "to", kind: "day", default: "last" },
      { name: "from", kind: "day", default: "last-30d" },
      { name: "since", kind: "day", default: "2024-02-29" },
      { name: "at_least", kind: "number", default: 11.1 },
      { name: "location", kind: "text", default: "%" },
      { name: "year", kind: "text", default: "2024" },
      { name: "level", kind: "text", default: "red", allowed: ["yellow", "orange", "red"] },
      { name: "hours", kind: "number", default: 24, allowed: [3, 24] },
      { name: "below", kind: "number", default: 18, range: { from: -40, to: 59.9 } },
      { name: "thresholds", kind: "numbers", default: "20/50" },
      { name: "thresholds", kind: "numbers", default: "20/50", range: { from: 0, to: 60 } },
      { name: "thresholds", kind: "numbers", default: "20" },
      { name: "time_zone", kind: "zone", default: "America/Sao_Paulo" },
      { name: "time_zone", kind: "zone", default: "UTC" },
      { name: "path", kind: "text", default: "a/b" },
    ]);
  });

  for (const text of [
    "to",
    "to = ",
    "from = soon (day)",
    "n = many (number)",
    "level = blue (red|orange)",
    "below = 60 (-40..59.9)",
  ]) {
    it(`are not "${text}"`, () => {
      expect(parseParameter(text)).to.equal(undefined);
    });
  }

  it("count relative days back from the last day with data, over months and leap days", () => {
    expect(
      ["last", "last-3d", "last-64d", "last-365d", "2020-01-01"].map((day) => resolveDay(day, lastDay)),
    ).to.deep.equal(["2024-05-03", "2024-04-30", "2024-02-29", "2023-05-04", "2020-01-01"]);
    for (const no of ["yesterday", "last-", "last-3", "2024-02-30", "last-99999999999d", ""]) {
      expect(resolveDay(no, lastDay), no).to.equal(undefined);
    }
  });

  describe("values", () => {
    const parameters = [
      "location = %",
      "from = last-30d",
      "to = last",
      "at_least = 10",
      "level = red (orange|red)",
      "below = 18 (-40..60)",
      "thresholds = 20/50 (0..60)",
      "time_zone = UTC (zone)",
    ].map((text) => parseParameter(text) ?? expect.fail(text));

    it("are the defaults where nothing is given, in the order of the text", () => {
      expect(parameterValues(parameters, { lastDay })).to.deep.equal([
        "%",
        "2024-04-03",
        lastDay,
        10,
        "red",
        18,
        "20/50",
        "UTC",
      ]);
      expect(
        parameterValues(parameters, {
          lastDay,
          given: {
            to: "last-1d",
            location: "o'hara",
            at_least: "0",
            below: "-40",
            thresholds: " 1.50/ 2/60",
          },
        }),
      ).to.deep.equal(["o'hara", "2024-04-03", "2024-05-02", 0, "red", -40, "1.5/2/60", "UTC"]);
    });

    const refused: [Record<string, string>, string][] = [
      [{ from: "2024-13-01" }, "from 2024-13-01 is not allowed: a day as 2024-04-30, or last, last-30d"],
      [{ from: "yesterday" }, "from yesterday is not allowed: a day as 2024-04-30, or last, last-30d"],
      [{ to: "2024-02-30" }, "to 2024-02-30 is not allowed: a day as 2024-04-30, or last, last-30d"],
      [{ at_least: "ten" }, "at_least ten is not allowed: a number"],
      [{ at_least: " " }, "at_least   is not allowed: a number"],
      [{ at_least: "0x10" }, "at_least 0x10 is not allowed: a number"],
      [{ thresholds: "20,50" }, 'separated by slashes as 20/50; did you mean "20/50"?'],
      [{ thresholds: "20;50 60" }, 'did you mean "20/50/60"?'],
      [{ thresholds: "20/61" }, "thresholds 20/61 is not allowed: up to 100 numbers from 0 to 60, separated"],
      [{ thresholds: "20/" }, "thresholds 20/ is not allowed: up to 100 numbers"],
      [{ thresholds: Array(101).fill("1").join("/") }, "is not allowed: up to 100 numbers"],
      [
        { time_zone: "Europe/Berln" },
        'an IANA time zone as America/Sao_Paulo; did you mean "Europe/Berlin"?',
      ],
      [{ time_zone: "+03:00" }, "time_zone +03:00 is not allowed: an IANA time zone"],
      [{ below: "60.1" }, "below 60.1 is not allowed: a number from -40 to 60"],
      [{ below: "-40.1" }, "below -40.1 is not allowed: a number from -40 to 60"],
      [{ level: "blue" }, 'level blue is not allowed: one of orange, red; did you mean "red"?'],
      [{ from: "2024-05-02", to: "2024-05-01" }, "from 2024-05-02 is after to 2024-05-01"],
      [{ from: "2024-06-01" }, "from 2024-06-01 is after to 2024-05-03, its default; name both"],
      [{ to: "2024-01-31" }, "from 2024-04-03, its default, is after to 2024-01-31; name both"],
    ];
    for (const [given, message] of refused) {
      it(`are refused: ${JSON.stringify(given)}`, () => {
        expect(() => parameterValues(parameters, { lastDay, given })).to.throw(ParameterValueError, message);
      });
    }
  });
});
