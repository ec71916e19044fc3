import { expect } from "chai";
import { parse as parseYaml } from "yaml";
import { failure, good, parse, portoAlegre } from "../infra/stack-config.ts";

const rio = { ...portoAlegre, name: "Rio", latitude: "-22.9", longitude: "-43.2" };
const phone = { sms: "+12025550100" };

describe("config as the Pulumi CLI stores it", () => {
  it("has numbers from text: negative, fraction, sign, exponent", () => {
    const config = parse({
      ...good,
      locations: { rio, quito: { ...rio, latitude: "+0.18", longitude: "-7.85e1" } },
      sms: { maxPriceUsd: "0.05", monthlyLimitUsd: "5" },
      rules: {
        preset: "inmet",
        hazards: [
          {
            hazard: "frost",
            measure: { metric: "temperature" },
            levels: { orange: "-2.5", red: "-5" },
            below: "true",
            clear: { after: "3h", ratio: ".9" },
          },
        ],
      },
    });

    expect(config.locations).to.deep.include({ rio: { ...rio, latitude: -22.9, longitude: -43.2 } });
    expect(config.locations.quito).to.include({ latitude: 0.18, longitude: -78.5 });
    expect(config.sms).to.deep.equal({ maxPriceUsd: 0.05, monthlyLimitUsd: 5 });
    expect(config.rules.hazards[0]).to.deep.include({
      levels: { orange: -2.5, red: -5 },
      below: true,
      clear: { after: "3h", ratio: 0.9 },
    });
  });

  it("has texts from numbers and booleans", () => {
    const config = parse({
      ...good,
      locations: { here: { ...portoAlegre, name: 7 } },
      webhooks: {
        group: {
          url: "https://api.telegram.org/bot1/sendMessage",
          format: "telegram",
          chatId: -1001234567890,
        },
        other: { url: "https://api.telegram.org/bot2/sendMessage", format: "telegram", chatId: "007" },
      },
      messages: {
        emergency: { cron: "0 7 * * ? *", timeZone: "UTC", text: 112 },
        truth: { cron: "0 7 * * ? *", timeZone: "UTC", text: true },
        morning: { cron: "0 7 * * ? *", timeZone: "UTC", digest: "true" },
      },
    });

    expect(config.locations.here?.name).to.equal("7");
    expect(config.webhooks.group?.chatId).to.equal("-1001234567890");
    expect(config.webhooks.other?.chatId).to.equal("007");
    expect(config.messages.emergency?.text).to.equal("112");
    expect(config.messages.truth?.text).to.equal("true");
    expect(config.messages.morning?.digest).to.equal(true);
  });

  it("has the + of a phone number that was taken for a sign", () => {
    const { subscriptions } = parse({ ...good, subscriptions: { ana: { sms: 12025550100 } } });

    expect(subscriptions.ana?.sms).to.equal("+12025550100");
  });

  it("has maps and lists from JSON text, at any depth", () => {
    const audience = '["ana"]';
    const config = parse({
      ...good,
      locations: { rio: JSON.stringify(rio) },
      subscriptions: { ana: JSON.stringify({ ...phone, locations: '["rio"]' }) },
      messages: { note: { cron: "0 7 * * ? *", timeZone: "UTC", text: '["not", "a", "list"]', audience } },
    });

    expect(config.locations.rio?.latitude).to.equal(-22.9);
    expect(config.subscriptions.ana).to.deep.include({ ...phone, locations: ["rio"] });
    expect(config.messages.note).to.deep.include({ audience: ["ana"], text: '["not", "a", "list"]' });
  });

  const refused: [what: string, config: Record<string, unknown>, path: string, found: unknown][] = [
    [
      "a decimal comma",
      { locations: { rio: { ...rio, latitude: "-22,9" } } },
      "locations.rio.latitude",
      "-22,9",
    ],
    ["no text at all", { locations: { rio: { ...rio, latitude: "" } } }, "locations.rio.latitude", ""],
    [
      "a number out of range",
      { locations: { rio: { ...rio, latitude: "-95" } } },
      "locations.rio.latitude",
      "-95",
    ],
    ["hexadecimal", { stream: { shards: "0x2" } }, "stream.shards", "0x2"],
    ["yes for true", { protect: "yes" }, "protect", "yes"],
    ["broken JSON", { locations: { rio: "{" } }, "locations.rio", "{"],
    [
      "more digits than a number holds",
      { messages: { a: { text: 2 ** 60, at: "2026-01-01T00:00:00", timeZone: "UTC" } } },
      "messages.a.text",
      "115…00",
    ],
  ];
  for (const [what, config, path, found] of refused) {
    it(`is refused with ${what}`, () => {
      const { problems } = failure({ ...good, ...config });

      expect(problems.map((problem) => problem.path.join("."))).to.deep.equal([path]);
      expect(problems[0]?.found).to.equal(found);
    });
  }

  it("is corrected in the text, where a key lies in JSON text that no command reaches", () => {
    const { problems } = failure({
      ...good,
      locations: { rio: JSON.stringify({ ...rio, latitude: "north" }) },
      subscriptions: { ana: { ...phone, locations: '["atlantis"]' } },
    });

    expect(problems.map(({ fix }) => fix)).to.deep.equal([
      "edit the text of stormwire:locations.rio in the stack's Pulumi.*.yaml: the CLI stored it as JSON text",
    ]);
  });

  it("is shown as YAML where a map is missing, for the CLI stores JSON as text", () => {
    const [problem] = failure({ apiKey: "key" }).problems;
    const [heading, ...yaml] = problem?.fix.split("\n") ?? [];

    expect(heading).to.equal("write in the stack's Pulumi.*.yaml, as the value of stormwire:locations:");
    expect(parse({ ...good, locations: parseYaml(yaml.join("\n")) }).locations).to.deep.equal(good.locations);
  });

  it("is set key by key where a map holds a secret, and what is in its way is removed first", () => {
    const fixOf = (ana: unknown) => failure({ ...good, subscriptions: { ana } }).problems[0]?.fix;
    const set =
      "pulumi config set --path --secret stormwire:subscriptions.ana.sms -- +12025550100 && " +
      "pulumi config set --path stormwire:subscriptions.ana.level -- orange";

    expect(fixOf({ level: "red" })).to.equal(set);
    expect(fixOf("+12025550100")).to.equal(`pulumi config rm --path stormwire:subscriptions.ana && ${set}`);
  });
});
