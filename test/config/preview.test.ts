import { execFile } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { projectDirectory } from "../infra/program.ts";

const place = { name: "A", latitude: 0, longitude: 0, timeZone: "UTC" };
const config = {
  "stormwire:apiKey": "key",
  "stormwire:protect": "false",
  "stormwire:locations": JSON.stringify({ harbour: place, hill: { ...place, rules: { off: ["dry-air"] } } }),
};

/**
 * Reads the config as the program does; in a process of its own, for Pulumi's runtime is global.
 * @param directory of the stack's file
 */
async function readIn(
  mode: "preview" | "update",
  own: Readonly<Record<string, string>> = {},
  directory = "",
) {
  const script = `
    import { RunError, runtime } from "@pulumi/pulumi";
    const mocks = { newResource: () => ({ id: "", state: {} }), call: () => ({}) };
    await runtime.setMocks(mocks, "stormwire", "dev", ${mode === "preview"});
    runtime.setAllConfig(${JSON.stringify({ ...config, ...own })});
    const { readConfig } = await import("./config/config.ts");
    try {
      const { locations, alerting } = readConfig();
      console.log("\\n" + JSON.stringify({ locations, alerting }));
    } catch (error) {
      console.log("\\n" + JSON.stringify({ isRunError: RunError.isInstance(error), message: error.message }));
    }`;
  const argv = ["--input-type=module", "--eval", script];
  const { stdout, stderr } = await promisify(execFile)(process.execPath, argv, {
    cwd: projectDirectory,
    env: { ...process.env, PULUMI_NODEJS_ROOT_DIRECTORY: directory },
  });
  const lines = stdout.trimEnd().split("\n");
  return { printed: lines.slice(0, -1).join("\n"), warned: stderr, read: JSON.parse(lines.at(-1) ?? "") };
}

describe("config of a stack", () => {
  it("shows at preview which rules each place has", async () => {
    const { printed } = await readIn("preview");

    expect(printed).to.include('Rules of stack "dev"');
    expect(printed).to.match(/^harbour +rain +rain in 1h +>= 20 mm/m);
    expect(printed).to.match(/^ +dry-air +off +preset inmet, off by the location$/m);
  });

  it("warns of alarms that notify no person", async () => {
    const unheard = await readIn("preview");
    const heard = await readIn("preview", { "stormwire:opsEmail": "ops@example.org" });

    expect(unheard.warned).to.include("stormwire:opsEmail is not set");
    expect(unheard.warned).to.include("pulumi config set --secret stormwire:opsEmail -- ops@example.org");
    expect(heard.warned).not.to.include("opsEmail");
  });

  it("refuses at preview a protected stack whose alarms notify no person, by an error that Pulumi prints without a stack trace", async () => {
    const { read } = await readIn("preview", { "stormwire:protect": "true" });

    expect(read.isRunError).to.equal(true);
    expect(read.message).to.equal(
      [
        'The config of stack "dev" has 1 problem:\n',
        "  stormwire:opsEmail",
        "    found    nothing",
        "    allowed  an e-mail address that receives the alarms; a stack with protect: true needs one",
        "    fix      pulumi config set --secret stormwire:opsEmail -- ops@example.org",
      ].join("\n"),
    );
  });

  it("warns of config that it refuses, too", async () => {
    const { read, warned } = await readIn("preview", { "stormwire:protect": "true" });

    expect(read.isRunError).to.equal(true);
    expect(warned).to.include("stormwire:locations.harbour (latitude 0, longitude 0) lies in the sea");
  });

  it("warns of persons whom only SMS reaches", async () => {
    const subscriptions = {
      ana: { sms: "+12025550101" },
      bia: { sms: "+12025550102", email: "bia@example.org" },
      caio: { email: "caio@example.org" },
      "dora-2": { sms: "+12025550104" },
    };
    const { warned } = await readIn("preview", { "stormwire:subscriptions": JSON.stringify(subscriptions) });

    expect(warned).to.include("SMS is the only way to ana, dora-2, and");
    expect(warned).to.include(
      "pulumi config set --path --secret stormwire:subscriptions.ana.email -- MAILBOX",
    );
  });

  describe("with a stack's file", () => {
    let directory: string;

    before(async () => {
      directory = await mkdtemp(join(tmpdir(), "stormwire-preview-"));
    });
    after(() => rm(directory, { recursive: true, force: true }));

    async function warnedOf(file: string): Promise<string> {
      await writeFile(join(directory, "Pulumi.dev.yaml"), `config:\n${file}`);
      return (await readIn("preview", {}, directory)).warned;
    }

    it("warns of each secret in plain text, by its key and the command that encrypts it", async () => {
      const warned = await warnedOf(`
  stormwire:apiKey: planted-key
  stormwire:sms: { maxPriceUsd: 0.05 }
  stormwire:subscriptions:
    ana: { sms: { secure: v1:abc }, email: planted@example.org }
    bia: { sms: +12025550177, level: red }
  stormwire:webhooks: '{"siren":{"url":"https://planted.example.org"}}'
  other:apiKey: planted-key
`);

      expect(warned).to.include(
        [
          "Pulumi.dev.yaml holds in plain text what should be encrypted. Set it again as a secret:",
          "  pulumi config set --secret stormwire:apiKey -- VALUE",
          "  pulumi config set --path --secret stormwire:subscriptions.ana.email -- VALUE",
          "  pulumi config set --path --secret stormwire:subscriptions.bia.sms -- VALUE",
          "  edit the text of stormwire:webhooks in the stack's Pulumi.*.yaml: stormwire:webhooks.siren.url lies in it",
        ].join("\n"),
      );
      expect(warned).not.to.match(/planted|88887777|other:/);
    });

    it("is silent about one whose secrets are encrypted", async () => {
      const warned = await warnedOf(`
  stormwire:apiKey: { secure: v1:abc }
  stormwire:subscriptions: { secure: v1:abc }
`);

      expect(warned).not.to.include("plain text");
    });
  });

  it("warns of polls that the plan of the weather API does not carry", async () => {
    const often = await readIn("preview", { "stormwire:poll": "rate(1 minute)" });
    const seldom = await readIn("preview", { "stormwire:poll": "rate(1 hour)" });

    expect(often.warned).to.include("rate(1 minute)");
    expect(seldom.warned).not.to.include("rate(");
  });

  it("gives functions the stack's rules, and those of the locations that have their own", async () => {
    const { printed, read } = await readIn("update");

    expect(printed.trim(), "nothing is shown once more while it is deployed").to.equal("");
    const hazards = (rules: { hazard: string }[]) => rules.map(({ hazard }) => hazard);
    expect(hazards(read.alerting.rules)).to.deep.equal(["rain", "rain", "wind", "dry-air"]);
    expect(Object.keys(read.alerting.rulesByLocation)).to.deep.equal(["hill"]);
    expect(hazards(read.alerting.rulesByLocation.hill)).to.deep.equal(["rain", "rain", "wind"]);
    expect(read.locations).to.deep.equal([
      { id: "harbour", ...place },
      { id: "hill", ...place },
    ]);
  });
});
