import { expect } from "chai";
import { hourly } from "../../queries/weather-table.ts";
import { type GoldLake, openGoldLake } from "./gold-lake.ts";
import { runQuery } from "./run-query.ts";

/** A day long ago, and two that are the last ones. */
const ROWS = ["2024-01-01", "2024-04-30", "2024-05-01"].flatMap((day) =>
  hourly(`${day}T00:00:00Z`, 24, (hour) => ({ rain_intensity: hour % 5, wind_gust: hour })),
);

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

  it("answers 1 and one line when the query fails", async () => {
    const { code, out, error } = await query("daily_cycle", "--time_zone", "Nowhere/None");
    expect({ code, out }).to.deep.equal({ code: 1, out: "" });
    expect(error)
      .to.match(/^the query failed: .*Nowhere\/None.*\n$/)
      .and.have.property("length")
      .lessThan(300);
  });

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
      ["wind_rose", "--plot"],
      /^wind_rose is no time series, so it cannot be plotted; these can: .*rain_running_sums/,
    ],
    [
      ["rain_running_sums", "--plot", "rian"],
      /^rain_running_sums has no figures "rian" to plot; it has rain, rain_3h, /,
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
