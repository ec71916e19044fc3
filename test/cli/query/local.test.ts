import { expect } from "chai";
import { readSavedQueries } from "../../../queries/saved-queries.ts";
import { hourly } from "../../queries/weather-table.ts";
import { type GoldLake, openGoldLake } from "./gold-lake.ts";
import { runQuery } from "./run-query.ts";

/** A day long ago, and two that are the last ones. */
const ROWS = ["2024-01-01", "2024-04-30", "2024-05-01"].flatMap((day) =>
  hourly(`${day}T00:00:00Z`, 24, (hour) => ({
    location: "porto-alegre",
    rain_intensity: hour % 5,
    wind_gust: hour,
  })),
);
const DAYS_OF_GOLD = "porto-alegre (2024-01-01 to 2024-05-01)";

describe("npm run query on a local run", () => {
  let lake: GoldLake;

  before(async () => {
    lake = await openGoldLake(ROWS);
  });

  after(() => lake[Symbol.asyncDispose]());

  const query = (...argv: string[]) => runQuery([...argv, "--out", lake.directory]);
  /** First and last day that were asked for. */
  const days = async (...argv: string[]) => {
    const { out } = await query("completeness", "--format", "json", ...argv);
    const rows: readonly { day: string }[] = JSON.parse(out);
    return [rows[0]?.day, rows.at(-1)?.day];
  };

  it("counts days back from the newest one in gold, whatever the day is today", async () => {
    expect(await days()).to.deep.equal(["2024-04-30", "2024-05-01"]);
    expect(await days("--from", "last")).to.deep.equal(["2024-05-01", "2024-05-01"]);
    expect(await days("--from", "last-121d", "--to", "last-1d")).to.deep.equal(["2024-01-01", "2024-04-30"]);
  });

  it("takes options before the name of the query, and a stack named local", async () => {
    const { code, out } = await query(
      "--format",
      "csv",
      "--stack",
      "local",
      "completeness",
      "--from",
      "last",
    );
    expect(code).to.equal(0);
    expect(out.split("\n")).to.have.length(3);
  });

  it("draws what is plottable", async () => {
    const { code, out } = await query("rain_running_sums", "--plot");
    expect(code).to.equal(0);
    expect(out)
      .to.match(/^Rain with running sums/)
      .and.match(/^● rain {2}○ rain_3h {2}\+ rain_24h$/m);
    const one = await query("hours_of_strong_wind", "--plot", "share", "windy_hours");
    expect(one.out)
      .to.match(/^h, .*\n\n━ windy_hours$/m)
      .and.match(/^%, .*\n\n━ share$/m);
  });

  it("says what gold has where a query finds nothing", async () => {
    const { code, out, error } = await query("gust_ranking", "--from", "2024-01-02", "--to", "2024-04-29");
    expect({ code }, error).to.deep.equal({ code: 0 });
    expect(out).to.match(/\n0 rows\n$/);
    expect(error).to.include(`no rows; gold has ${DAYS_OF_GOLD}\n`);
  });

  it("takes the default for every location, and any other text for the name of one", async () => {
    const found = async (location: string) => (await query("gust_ranking", "--location", location)).code;
    expect(await Promise.all(["%", "porto-alegre", "porto%", "porto_alegre"].map(found))).to.deep.equal([
      0, 0, 2, 2,
    ]);
  });

  for (const { name, parameters } of readSavedQueries("queries")) {
    it(`refuses a location and days that are not in gold: ${name}`, async () => {
      const elsewhere = await query(name, "--location", "florianopolis");
      expect({ code: elsewhere.code, out: elsewhere.out }, elsewhere.error).to.deep.equal({
        code: 2,
        out: "",
      });
      expect(elsewhere.error).to.include(
        `--location "florianopolis" is not in gold: gold has ${DAYS_OF_GOLD}; did you mean "porto-alegre"?\n`,
      );
      const hasFrom = parameters.some((parameter) => parameter.name === "from");
      const asked = `${hasFrom ? "--from 2030-01-01 " : ""}--to 2030-02-01`;
      const later = await query(name, ...asked.split(" "));
      expect({ code: later.code, out: later.out }, later.error).to.deep.equal({ code: 2, out: "" });
      expect(later.error).to.include(`no observations on the days of ${asked}; gold has ${DAYS_OF_GOLD}\n`);
    });
  }

  const refused: [string[], RegExp][] = [
    [
      ["gaps", "--from", "2024-13-01"],
      /^--from 2024-13-01 is not allowed: a day as 2024-04-30, or last, last-30d\n$/,
    ],
    [["gaps", "--from", "yesterday"], /^--from yesterday is not allowed: a day/],
    [
      ["gaps", "--from", "2024-05-02"],
      /^--from 2024-05-02 is after to 2024-05-01, its default; name both\n$/,
    ],
    [["gaps", "--from", "2024-05-01", "--to", "2024-04-30"], /^--from 2024-05-01 is after to 2024-04-30\n$/],
    [
      ["return_levels", "--thresholds", "20,50"],
      /^--thresholds 20,50 is not allowed: up to 100 numbers from -100 to 2000\.99, separated by slashes as 20\/50; did you mean "20\/50"\?\n$/,
    ],
    [
      ["return_levels", "--metric", "rain_24"],
      /^--metric rain_24 is not allowed: one of rain_1h, .*; did you mean "rain_24h"\?\n$/,
    ],
    [
      ["daily_cycle", "--time_zone", "America/SaoPaulo"],
      /^--time_zone America\/SaoPaulo is not allowed: an IANA time zone as America\/Sao_Paulo; did you mean "America\/Sao_Paulo"\?\n$/,
    ],
    [
      ["daily_summary", "--time_zone", "+03:00"],
      /^--time_zone \+03:00 is not allowed: an IANA time zone as /,
    ],
    [["threshold_runs", "--threshold", "0x10"], /^--threshold 0x10 is not allowed: a number\n$/],
    [
      ["gaps", "--longer_than_minutes=-5"],
      /^--longer_than_minutes -5 is not allowed: a number from 0 to 525600\n$/,
    ],
    [["gaps", "--location", "a", "--location", "b"], /^--location is given twice: give it once\n$/],
    [
      ["wind_rose", "--plot"],
      /^wind_rose is not a time series, so it cannot be plotted; these can: .*rain_running_sums/,
    ],
    [
      ["rain_running_sums", "--plot", "rian"],
      /^rain_running_sums has no values "rian" to plot; it has rain, rain_3h, /,
    ],
    [["rain_running_sums", "rain"], /^give one query and its options/],
    [
      ["rain_running_sums", "--plot", "--format", "csv"],
      /^--plot and --format are two ways to show a result/,
    ],
  ];
  for (const [argv, message] of refused) {
    it(`refuses ${argv.join(" ")}`, async () => {
      const { code, out, error } = await query(...argv);
      expect({ code, out }).to.deep.equal({ code: 2, out: "" });
      expect(error).to.match(message);
    });
  }
});
