import { expect } from "chai";
import { parseCommandLine } from "../../local/command-line.ts";

const read = (...args: string[]) =>
  parseCommandLine(
    {
      args,
      options: { stack: { type: "string" }, places: { type: "string" }, json: { type: "boolean" } },
    },
    "see --help",
  ).values;

describe("a command line", () => {
  it("takes a value that begins with a hyphen, so that the option can say what is wrong with it", () => {
    expect(read("--places", "-5", "--json")).to.deep.equal({ places: "-5", json: true });
    expect(read("--json", "--places=-5")).to.deep.equal({ places: "-5", json: true });
  });

  for (const [args, message] of [
    [["--nope"], "Unknown option '--nope'; known are --stack, --places, --json; see --help"],
    [["-x"], "Unknown option '-x'; known are --stack, --places, --json; see --help"],
    [["dev"], "Unexpected argument 'dev'; known are --stack, --places, --json; see --help"],
    [["--stack"], "Option '--stack' needs a value; see --help"],
    [["--stack", "--json"], "Option '--stack' needs a value, not '--json'; see --help"],
    [["--json=yes"], "Option '--json' does not take an argument; see --help"],
    [["--json", "-5"], "Unknown option '-5'; known are --stack, --places, --json; see --help"],
  ] as const) {
    it(`refuses ${args.join(" ")} in one line`, () => {
      expect(() => read(...args))
        .to.throw(message)
        .with.property("name", "UsageError");
    });
  }
});
