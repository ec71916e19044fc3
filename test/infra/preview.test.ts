import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { expect } from "chai";
import { projectDirectory } from "./program.ts";

const place = { name: "A", latitude: 0, longitude: 0, timeZone: "UTC" };
const config = {
  "stormwire:apiKey": "key",
  "stormwire:locations": JSON.stringify({ harbour: place, hill: { ...place, rules: { off: ["dry-air"] } } }),
};

/** Reads the config as the program does; in a process of its own, for Pulumi's runtime is global. */
async function readIn(mode: "preview" | "update", own: Readonly<Record<string, string>> = {}) {
  const script = `
    import { runtime } from "@pulumi/pulumi";
    const mocks = { newResource: () => ({ id: "", state: {} }), call: () => ({}) };
    await runtime.setMocks(mocks, "stormwire", "dev", ${mode === "preview"});
    runtime.setAllConfig(${JSON.stringify({ ...config, ...own })});
    const { readConfig } = await import("./infra/config.ts");
    const { locations, rules, rulesByLocation } = readConfig();
    console.log("\\n" + JSON.stringify({ locations, rules, rulesByLocation }));`;
  const argv = ["--input-type=module", "--eval", script];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, argv, { cwd: projectDirectory });
  const lines = stdout.trimEnd().split("\n");
  return { printed: lines.slice(0, -1).join("\n"), warned: stderr, read: JSON.parse(lines.at(-1) ?? "") };
}

describe("config of a stack", () => {
  it("shows at preview which rules each place has", async () => {
    const { printed } = await readIn("preview");

    expect(printed).to.include('Rules of stack "dev"');
    expect(printed).to.match(/^harbour +rain +rain in 1h +>= 20 mm/m);
    expect(printed).to.match(/^ +dry-air +off +preset inmet, off by the place$/m);
  });

  it("warns of alarms that nobody hears", async () => {
    const deaf = await readIn("preview");
    const heard = await readIn("preview", { "stormwire:opsEmail": "ops@example.org" });

    expect(deaf.warned).to.include("stormwire:opsEmail is not set");
    expect(heard.warned).not.to.include("opsEmail");
  });

  it("warns of polls that the plan of the weather API does not carry", async () => {
    const often = await readIn("preview", { "stormwire:poll": "rate(1 minute)" });
    const seldom = await readIn("preview", { "stormwire:poll": "rate(1 hour)" });

    expect(often.warned).to.include("rate(1 minute)");
    expect(seldom.warned).not.to.include("rate(");
  });

  it("gives functions the stack's rules, and those of the places that have their own", async () => {
    const { printed, read } = await readIn("update");

    expect(printed.trim(), "nothing is shown once more while it is deployed").to.equal("");
    const hazards = (rules: { hazard: string }[]) => rules.map(({ hazard }) => hazard);
    expect(hazards(read.rules)).to.deep.equal(["rain", "rain", "wind", "dry-air"]);
    expect(Object.keys(read.rulesByLocation)).to.deep.equal(["hill"]);
    expect(hazards(read.rulesByLocation.hill)).to.deep.equal(["rain", "rain", "wind"]);
    expect(read.locations).to.deep.equal([
      { id: "harbour", ...place },
      { id: "hill", ...place },
    ]);
  });
});
