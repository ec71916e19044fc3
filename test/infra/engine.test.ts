import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { parse } from "yaml";
import { readStackConfig } from "../../local/program/project.ts";
import { runUpdate, type Update } from "../engines/pulumi/engine.ts";
import { type ProviderClient, startProvider } from "../engines/pulumi/provider-client.ts";
import { graphOf } from "./loader/graphs.ts";
import { projectDirectory } from "./program.ts";

const PLANTED = {
  key: "planted-key-8c1f6b",
  phone: "+5551988887777",
  mailbox: "planted-5d@example.org",
  ops: "planted-ops@example.org",
  url: "https://hooks.example.org/planted-path-4d2e",
  signature: "whsec_planted0AAAABBBBCCCCDDDDEEEEFFFF",
};
const overrides = {
  "stormwire:apiKey": PLANTED.key,
  "stormwire:opsEmail": PLANTED.ops,
  "stormwire:subscriptions": { me: { sms: PLANTED.phone, email: PLANTED.mailbox } },
  "stormwire:webhooks": { siren: { url: PLANTED.url, secret: PLANTED.signature } },
};
const SECRET_MARK = "4dabf18193072939515e22adb298388d";

/** By Pulumi's own runner of Node.js programs, over gRPC; only the CLI and AWS are missing. */
describe("the program as Pulumi runs it", function () {
  this.timeout(120_000);
  let provider: ProviderClient;
  let first: Update;
  let second: Update;

  before(async () => {
    provider = await startProvider();
    first = await update();
    second = await update();
  });
  after(() => provider.stop());

  it("ends well, and every resource is taken", () => {
    expect(first.log.split("\n").filter((line) => /error|warn/i.test(line))).to.deep.equal([]);
    expect(first.exitCode).to.equal(0);
  });

  it("declares what the recorded graph says, under the same URNs", async () => {
    const { resources, outputs } = await graphOf({ stack: "dev", overrides });

    expect(first.resources.map(({ urn }) => urn)).to.deep.equal(resources.map(({ urn }) => urn).sort());
    expect(first.outputs).to.deep.equal(outputs);
  });

  it("gives the same inputs, packages included, when it runs again: a preview without changes", () => {
    expect(JSON.stringify(second.resources)).to.equal(JSON.stringify(first.resources));
    expect(second.outputs).to.deep.equal(first.outputs);
  });

  it("leaves planted secrets in nothing that the engine does not encrypt", () => {
    const whole = JSON.stringify(first);
    const plain = JSON.stringify(withoutSecrets([first.resources, first.outputs, first.log]));
    for (const [name, value] of Object.entries(PLANTED)) {
      expect(whole, name).to.include(value);
      expect(plain, name).not.to.include(value);
    }
  });

  it("needs neither a compiler nor settings that Pulumi.yaml does not make", async () => {
    const { runtime, main } = parse(await readFile(join(projectDirectory, "Pulumi.yaml"), "utf8"));
    const manifest = JSON.parse(await readFile(join(projectDirectory, "package.json"), "utf8"));

    expect(runtime).to.deep.equal({
      name: "nodejs",
      options: { typescript: false, packagemanager: "npm", nodeargs: "--require ./infra/node-24.cjs" },
    });
    expect([main, manifest.main, manifest.type]).to.deep.equal([undefined, "index.ts", "module"]);
    expect(await readFile(join(projectDirectory, "package-lock.json"), "utf8")).to.include(
      '"lockfileVersion"',
    );
  });

  async function update(): Promise<Update> {
    const { config } = await readStackConfig(projectDirectory, "stormwire", "dev", overrides);
    return runUpdate({
      directory: projectDirectory,
      project: "stormwire",
      stack: "dev",
      config,
      secretKeys: Object.keys(overrides),
      provider,
    });
  }
});

function withoutSecrets(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map(withoutSecrets);
  if (
    SECRET_MARK in value &&
    (value as Record<string, unknown>)[SECRET_MARK] === "1b47061264138c4ac30d75fd1eb44270"
  ) {
    return "(a secret)";
  }
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, withoutSecrets(item)]));
}
