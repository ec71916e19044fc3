import { expect } from "chai";
import { colorOfLevel } from "../../cli/level-color.ts";

describe("the colour of a level", () => {
  const before = { FORCE_COLOR: process.env.FORCE_COLOR, NO_COLOR: process.env.NO_COLOR };
  afterEach(() => {
    for (const [name, value] of Object.entries(before)) {
      if (value === undefined) delete process.env[name];
      else process.env[name] = value;
    }
  });

  function shownWith(variables: Record<string, string>, level: "yellow" | "orange" | "red"): string {
    delete process.env.FORCE_COLOR;
    delete process.env.NO_COLOR;
    Object.assign(process.env, variables);
    return colorOfLevel(level, "LEVEL");
  }

  it("is orange for orange where there are 256 colours, and never magenta", () => {
    for (const depth of ["2", "3"])
      expect(shownWith({ FORCE_COLOR: depth }, "orange"))
        .to.include("\u001b[38;5;208m")
        .and.not.include("[35m");
  });

  it("is yellow for orange where there are sixteen", () => {
    expect(shownWith({ FORCE_COLOR: "1" }, "orange")).to.include("\u001b[33m");
    expect(shownWith({ FORCE_COLOR: "1" }, "red")).to.include("\u001b[31m");
  });

  it("is absent with NO_COLOR, and where nothing is a terminal", () => {
    for (const level of ["yellow", "orange", "red"] as const) {
      expect(shownWith({ NO_COLOR: "1" }, level)).to.equal("LEVEL");
      if (!process.stdout.isTTY) expect(shownWith({}, level)).to.equal("LEVEL");
    }
  });
});
