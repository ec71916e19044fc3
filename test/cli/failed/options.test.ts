import { expect } from "chai";
import { runCommandLine } from "../command-line.ts";

const KEY = "quarantine/reason=not-json/year=2024/month=04/day=30/shardId-000000000000-1.json";

describe("the options of npm run failed", () => {
  const rejected: readonly [string[], RegExp][] = [
    [["--all"], /^error: unknown option '--all'/],
    [["not-json"], /^a file \(not-json\) goes with --repair KEY only/],
    [["--retry", "--details"], /exclude each other/],
    [["--repair", KEY], /takes a key and a file/],
    [["--repair", KEY, "a", "b"], /too many arguments.*Expected 1 argument but got 2/],
    [["--repair", KEY, "a", "--retry"], /repair first, then retry/],
    [["--repair", KEY, "a", "--cause", "not-json"], /excludes the other options/],
  ];
  for (const [argv, message] of rejected) {
    it(`reject ${argv.join(" ").replace(KEY, "KEY")}`, async () => {
      const { code, out, error } = await runCommandLine(["failed", ...argv]);

      expect([code, out]).to.deep.equal([2, ""]);
      expect(error).to.match(message);
    });
  }
});
