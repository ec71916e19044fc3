import { expect } from "chai";
import { keyPath, removeCommand, setCommand } from "../../config/commands.ts";
import { AWKWARD_NAMES, AWKWARD_VALUES } from "../commands/awkward.ts";
import { keyParts, PulumiConfig, pulumiCommands } from "../commands/pulumi-words.ts";
import { failure, good, parse } from "../infra/stack-config.ts";

describe("printed commands", () => {
  for (const value of AWKWARD_VALUES) {
    it(`set ${JSON.stringify(value)}, by the shell's and the CLI's rules`, () => {
      const stack = new PulumiConfig();
      const [command, ...others] = pulumiCommands(setCommand(["locations", "rio", "name"], value));

      expect(others).to.deep.equal([]);
      expect(command?.words).to.deep.equal(["stormwire:locations.rio.name", String(value)]);
      if (command !== undefined) stack.run(command);
      expect(Object.keys(stack.values)).to.deep.equal(["stormwire:locations"]);
    });
  }

  for (const name of AWKWARD_NAMES) {
    it(`reach an entry called ${JSON.stringify(name)}`, () => {
      const entry = { latitude: 1 };
      const stack = new PulumiConfig({
        "stormwire:locations": { other: { ...entry }, [name]: { ...entry } },
      });

      for (const line of [
        setCommand(["locations", name, "latitude"], -2),
        removeCommand(["locations", "other"]),
      ]) {
        for (const command of pulumiCommands(line)) stack.run(command);
      }
      expect(stack.values).to.deep.equal({ "stormwire:locations": { [name]: { latitude: -2 } } });
    });
  }

  it("have brackets around a name that a dot would cut, and its shell quotes", () => {
    expect(setCommand(["locations", "são.paulo", "latitude"], -23.5)).to.equal(
      `pulumi config set --path 'stormwire:locations["são.paulo"].latitude' -- -23.5`,
    );
    expect(keyParts(keyPath(["rules", "hazards", 0, "levels"]))).to.deep.equal([
      "stormwire:rules",
      "hazards",
      0,
      "levels",
    ]);
  });

  it("name the stack before the value, where they name one", () => {
    const [command] = pulumiCommands(setCommand(["opsEmail"], "-ops@example.org", "dev"));

    expect([...(command?.flags ?? [])]).to.deep.equal(["--secret", "--stack=dev"]);
    expect(command?.words).to.deep.equal(["stormwire:opsEmail", "-ops@example.org"]);
  });

  it("are an edit where a part of the key must not be printed", () => {
    expect(removeCommand(["subscriptions", "+12025550100"])).to.equal(
      'remove stormwire:subscriptions["+12…00"] from the stack\'s Pulumi.*.yaml',
    );
  });

  const rio = { name: "Rio", latitude: -22.9, longitude: -43.2, timeZone: "America/Sao_Paulo" };
  const correctable: Record<string, Record<string, unknown>> = {
    "a latitude in words": { locations: { rio: { ...rio, latitude: "south" } } },
    "a price that is too low": { sms: { maxPriceUsd: 0 } },
    "a phone without country": { subscriptions: { ana: { sms: "051 9999" } } },
    "a person without a way": { subscriptions: { ana: { level: "red" } } },
    "a person that is a phone": { subscriptions: { ana: "+12025550101" } },
    "a schedule that never comes": { lake: { schedule: "cron(0 7 * * *)" } },
    "an unknown key": { poll: "rate(1 hour)", logRetentionDay: 7 },
    "an unknown place": { subscriptions: { ana: { email: "a@example.org", locations: ["porto-alegr"] } } },
    "a digest that is missing": { rules: { preset: "basic" } },
    "a chat without id": {
      webhooks: { g: { url: "https://api.telegram.org/b/sendMessage", format: "telegram" } },
    },
  };
  for (const [what, config] of Object.entries(correctable)) {
    it(`correct what they are printed for: ${what}`, () => {
      const wrong: Record<string, unknown> = { ...good, ...config };
      const { problems } = failure(wrong);
      const entries = Object.entries(wrong).map(([key, value]) => [`stormwire:${key}`, value] as const);
      const stack = new PulumiConfig(Object.fromEntries(entries));

      for (const { fix } of problems) for (const command of pulumiCommands(fix)) stack.run(command);

      const corrected = Object.entries(stack.values).map(([key, value]) => [
        key.slice("stormwire:".length),
        value,
      ]);
      parse(Object.fromEntries(corrected));
    });
  }
});
