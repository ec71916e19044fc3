import { expect } from "chai";
import { runCommandLine } from "../command-line.ts";

describe("options of npm start", () => {
  const rejected: [string[], RegExp][] = [
    [["--live", "--replay", "a.csv"], /exclude each other/],
    [["--live", "--speed", "60x"], /does not go with --live/],
    [["--speed", "0x"], /--speed 0x is not allowed: max, or a factor/],
    [["--speed", "60"], /--speed 60 is not allowed/],
    [["--speed", "-5"], /--speed -5 is not allowed/],
    [["--until", "tomorrow"], /--until tomorrow is not allowed: an ISO 8601 date/],
    [["--until", "2024-02-30T00:00:00Z"], /2024-02-30/],
    [["--out", "--json"], /option --out DIR needs a value, found --json/],
    [["--faster"], /unknown option '--faster'/],
    [["--replai", "a.csv"], /unknown option '--replai'\n\(Did you mean --replay\?\)/],
    [["flood.csv"], /too many arguments/],
  ];
  for (const [argv, message] of rejected) {
    it(`reject ${argv.join(" ")}`, async () => {
      const { code, out, error } = await runCommandLine(["start", ...argv]);

      expect([code, out]).to.deep.equal([2, ""]);
      expect(error).to.match(message);
    });
  }
});
