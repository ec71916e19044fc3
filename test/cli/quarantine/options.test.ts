import { expect } from "chai";
import { parseOptions } from "../../../cli/quarantine/options.ts";

const KEY = "quarantine/reason=not-json/year=2024/month=04/day=30/shardId-000000000000-1.json";

describe("the options of npm run quarantine", () => {
  const understood: readonly [string, string[], object][] = [
    ["nothing", [], { stack: "local", localRun: ".local", command: { kind: "list", reason: undefined } }],
    ["a stack on AWS", ["--stack", "dev"], { stack: "dev", localRun: undefined }],
    ["a folder", ["--stack", "dev", "--out", "x"], { stack: "dev", localRun: "x" }],
    ["a reason", ["--reason", "not-json"], { command: { kind: "list", reason: "not-json" } }],
    ["a retry", ["--retry"], { command: { kind: "retry", reason: undefined, key: undefined } }],
    [
      "a retry of one",
      ["--retry", "--key", KEY],
      { command: { kind: "retry", reason: undefined, key: KEY } },
    ],
    ["a repair", ["--repair", KEY, "x.json"], { command: { kind: "repair", key: KEY, file: "x.json" } }],
  ];
  for (const [what, argv, expected] of understood) {
    it(`understand ${what}`, () => {
      expect(parseOptions(argv)).to.deep.include(expected);
    });
  }

  const refused: readonly [string[], RegExp][] = [
    [["--all"], /'--all'.*npm run quarantine -- --help/],
    [["not-json"], /^"not-json" belongs to no option/],
    [["--key", KEY], /^--key goes with --retry only/],
    [["--retry", "--key", KEY, "--reason", "not-json"], /exclude each other/],
    [["--repair", KEY], /takes a key and one file, found 0 files/],
    [["--repair", KEY, "a", "b"], /takes a key and one file, found 2 files/],
    [["--repair", KEY, "a", "--retry"], /repair first, then retry/],
  ];
  for (const [argv, message] of refused) {
    it(`refuse ${argv.join(" ").replace(KEY, "KEY")}`, () => {
      expect(() => parseOptions(argv)).to.throw(message);
    });
  }

  it("explain themselves", () => {
    expect(parseOptions(["--help"])).to.equal(undefined);
  });
});
