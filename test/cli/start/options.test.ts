import { expect } from "chai";
import { parseOptions } from "../../../cli/start/options.ts";
import { UsageError } from "../../../local/command-line.ts";

describe("options of npm start", () => {
  it("default to the recorded flood on the local stack, as fast as it goes", () => {
    expect(parseOptions([])).to.deep.equal({
      stack: "local",
      replay: [],
      live: false,
      speed: "max",
      out: ".local",
      keep: false,
      json: false,
    });
  });

  it("are read", () => {
    const argv =
      "--stack dev --replay a=1.csv --replay 2.ndjson --speed 60x --until 2024-05-01T00:00:00Z --out o --keep --json";

    expect(parseOptions(argv.split(" "))).to.deep.equal({
      stack: "dev",
      replay: ["a=1.csv", "2.ndjson"],
      live: false,
      speed: 60,
      until: new Date("2024-05-01T00:00:00Z"),
      out: "o",
      keep: true,
      json: true,
    });
  });

  it("run live in real time", () => {
    expect(parseOptions(["--live"])).to.deep.include({ live: true, speed: 1 });
  });

  it("give way to --help", () => {
    expect(parseOptions(["--help"])).to.equal(undefined);
  });

  const refused: [string[], RegExp][] = [
    [["--live", "--replay", "a.csv"], /exclude each other/],
    [["--live", "--speed", "60x"], /does not go with --live/],
    [["--speed", "0x"], /--speed 0x is not allowed: max, or a factor/],
    [["--speed", "60"], /--speed 60 is not allowed/],
    [["--until", "tomorrow"], /--until tomorrow is not allowed: an ISO 8601 date/],
    [["--until", "2024-02-30T00:00:00Z"], /2024-02-30/],
    [["--faster"], /Unknown option '--faster'/],
    [["flood.csv"], /Unexpected argument 'flood\.csv'/],
  ];
  for (const [argv, message] of refused) {
    it(`refuse ${argv.join(" ")}`, () => {
      expect(() => parseOptions(argv)).to.throw(UsageError, message);
    });
  }
});
