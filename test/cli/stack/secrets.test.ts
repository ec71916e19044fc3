import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { placeholdersFor, placeholdersForSecrets } from "../../../cli/stack/placeholders.ts";
import { stackSecrets } from "../../../cli/stack/secrets.ts";
import { parseConfig } from "../../../config/check.ts";
import { UserError } from "../../../lib/user-error.ts";
import { readStackConfig } from "../../../local/program/project.ts";
import { printedConfig, standInPulumi } from "../subscriptions/support.ts";

const SECURE = "{secure: AAABAFV0}";
const STACK = `config:
  stormwire:apiKey: ${SECURE}
  stormwire:opsEmail: ${SECURE}
  stormwire:poll: rate(1 hour)
  stormwire:locations: {a: {name: A, latitude: 0, longitude: 0, timeZone: UTC}}
  stormwire:subscriptions:
    one: {sms: ${SECURE}, email: ${SECURE}, level: red}
    two: {sms: ${SECURE}}
  stormwire:webhooks:
    hook: {url: ${SECURE}, secret: ${SECURE}}
    chat: {url: ${SECURE}, format: telegram, chatId: ${SECURE}}
`;

describe("secrets of a stack", () => {
  const environment = process.env;
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "stormwire-secrets-"));
    await writeFile(join(directory, "Pulumi.dev.yaml"), STACK);
  });
  afterEach(async () => {
    process.env = environment;
    await rm(directory, { recursive: true, force: true });
  });

  it("have placeholders that the config check accepts", async () => {
    const { overrides } = await placeholdersForSecrets(directory, "dev");
    const { config } = await readStackConfig(directory, "stormwire", "dev", overrides);

    const { subscriptions } = parseConfig(config, "dev");

    expect(subscriptions).to.deep.equal({
      one: { sms: "+12025550103", email: "person-4@example.org", level: "red" },
      two: { sms: "+12025550105", level: "yellow" },
    });
  });

  it("are named by path, also within a list", async () => {
    await writeFile(
      join(directory, "Pulumi.dev.yaml"),
      `config: {stormwire:list: [{a: ${SECURE}}, ${SECURE}]}`,
    );

    const { overrides, replaced } = await placeholdersForSecrets(directory, "dev");

    expect(replaced).to.deep.equal(["stormwire:list[0].a", "stormwire:list[1]"]);
    expect(overrides["stormwire:list"]).to.deep.equal([{ a: "placeholder" }, "placeholder"]);
  });

  it("need no placeholder where the file has none, except for an API key that is not set", async () => {
    expect(await placeholdersFor(directory, "stormwire", "none")).to.deep.equal({
      "stormwire:apiKey": "placeholder",
    });
    await writeFile(
      join(directory, "Pulumi.free.yaml"),
      "config: {stormwire:source: {provider: open-meteo}}",
    );
    expect(await stackSecrets(directory, "free")).to.deep.equal({
      overrides: {},
      notice: undefined,
      placeholders: [],
    });
    expect(await placeholdersFor(directory, "stormwire", "free")).to.deep.equal({});
  });

  it("are replaced without a passphrase, and the notice names them", async () => {
    process.env = { PATH: "/nowhere" };

    const { notice } = await stackSecrets(directory, "dev");

    expect(notice).to.match(
      /^Placeholders stand for .*: stormwire:apiKey, stormwire:opsEmail, stormwire:subsc/,
    );
    expect(notice).to.contain("stormwire:subscriptions.one.sms, stormwire:subscriptions.one.email");
  });

  it("are the real ones with a passphrase and the Pulumi CLI", async () => {
    const subscriptions = { one: { sms: "+12025550142", level: "red" } };
    await using pulumi = await standInPulumi({
      config: printedConfig({ subscriptions }),
      "stack output": {},
    });
    process.env = { PATH: pulumi.directory, PULUMI_CONFIG_PASSPHRASE: "" };

    const { overrides, notice } = await stackSecrets(directory, "dev");

    expect(overrides["stormwire:subscriptions"]).to.equal(JSON.stringify(subscriptions));
    expect(Object.keys(overrides)).not.to.include("stormwire:poll");
    expect(notice).to.match(/^The real values of the stack's secrets are used: stormwire:apiKey, /);
  });

  it("are placeholders when the passphrase is there but the CLI is not", async () => {
    process.env = { PATH: "/nowhere", PULUMI_CONFIG_PASSPHRASE: "x" };

    const { notice } = await stackSecrets(directory, "dev");

    expect(notice).to.match(/^Placeholders/);
  });

  it("are an error when the CLI refuses the passphrase", async () => {
    const failing = { command: "config", stderr: "error: incorrect passphrase\n" };
    await using pulumi = await standInPulumi({ config: {}, "stack output": {}, failing });
    process.env = { PATH: pulumi.directory, PULUMI_CONFIG_PASSPHRASE: "x" };

    const error = await stackSecrets(directory, "dev").catch((reason: unknown) => reason);

    expect(error).to.be.instanceOf(UserError);
    expect(String(error)).to.contain("incorrect passphrase");
  });
});
