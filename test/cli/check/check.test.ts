import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { runCommandLine } from "../command-line.ts";

const project = fileURLToPath(new URL("../../fixtures/check", import.meta.url));

const run = (...argv: string[]) => runCommandLine(["check", ...argv], { projectDirectory: project });

describe("npm run check", () => {
  it("accepts the stack that npm start runs, whose messages lie in the past", async () => {
    const { code, error } = await runCommandLine(["check"]);

    expect(code, error).to.equal(0);
  });

  it("prints the rules of each location, own and from presets, including those that are off", async () => {
    const { code, out, error } = await run("--stack", "coast");

    expect(error).to.match(
      /^Placeholders stand for .*: stormwire:apiKey, stormwire:subscriptions\.me\.sms\. /,
    );
    expect(error, "nothing is said of the placeholder's number").not.to.match(/reserved for examples/);
    expect(code).to.equal(0);
    expect(out).to.equal(readFileSync(new URL("golden/coast.txt", import.meta.url), "utf8"));
  });

  it("prints all rules with --json", async () => {
    const { code, out } = await run("--stack", "coast", "--json");

    const { stack, locations, warnings } = JSON.parse(out);
    expect(warnings.join()).to.match(/^rate\(5 minutes\) over 4 locations/);
    expect([code, stack]).to.deep.equal([0, "coast"]);
    expect(locations.map(({ location }: { location: string }) => location)).to.deep.equal([
      "porto-alegre",
      "rio-grande",
      "torres",
      "canela",
    ]);
    expect(locations[2].rules.at(-1)).to.deep.equal({
      from: "location",
      rule: {
        hazard: "heat",
        measure: { metric: "humidex" },
        levels: { yellow: 30, orange: 40, red: 45.5 },
        clear: { after: "1h", ratio: 1 },
      },
    });
    expect(locations[0].rules).to.deep.include({
      from: "preset",
      preset: "heat",
      off: "stack",
      rule: locations[0].rules.find(({ preset }: { preset?: string }) => preset === "heat").rule,
    });
  });

  it("names the stacks that there are in one line, and exits with 2", async () => {
    const { code, out, error } = await run("--stack", "cost");

    expect([code, out]).to.deep.equal([2, ""]);
    expect(error).to.match(
      /^[^\n]*Pulumi\.cost\.yaml cannot be read: stack "cost" does not exist \(existing stacks: .*coast.*\)\n$/,
    );
  });

  it("lists what is wrong with the rules of a stack, and exits with 2", async () => {
    const { code, error } = await run("--stack", "broken");

    expect(code).to.equal(2);
    expect(error).to.include('The config of stack "broken" has 1 problem:');
    expect(error).to.include("stormwire:rules.off[0]");
  });

  it("refuses what a preview refuses, beside the rules", async () => {
    const { code, out, error } = await run("--stack", "wrong");

    expect([code, out]).to.deep.equal([2, ""]);
    for (const path of ["pol", "poll", "subscriptions.me.sms", "messages.late.at"]) {
      expect(error).to.include(`\n  stormwire:${path}\n`);
    }
  });

  it("warns of config that is refused for another reason, too", async () => {
    const { code, error } = await run("--stack", "swapped");

    expect(code).to.equal(2);
    expect(error).to.match(
      /^warning: stormwire:locations\.torres .* lies in the sea\. Latitude and longitude may be swapped:$/m,
    );
    expect(error).to.include("\n  stormwire:messages.past.at\n");
  });

  it("says in one line that the region is missing", async () => {
    expect(await run("--stack", "nowhere")).to.deep.equal({
      code: 2,
      out: "",
      error: 'Stack "nowhere" has no region: pulumi config set --stack nowhere aws:region -- us-east-1\n',
    });
  });
});
