import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { expect } from "chai";
import { parse as parseYaml } from "yaml";
import { removeCommand, setCommand } from "../../config/commands.ts";
import { structureOf } from "../../config/mask.ts";
import { AWKWARD_NAMES, AWKWARD_VALUES } from "../commands/awkward.ts";
import { documentedLines } from "../commands/documented.ts";
import { PulumiConfig, pulumiCommands } from "../commands/pulumi-words.ts";
import { createStack, findPulumi, type PulumiStack, type Step } from "./pulumi/cli.ts";
import { CommandError } from "./support/command.ts";
import { describeEngine } from "./support/unavailable.ts";

const project = fileURLToPath(new URL("../..", import.meta.url));
const STACK = "dev";
/** Values that only config and the provider may see in plain text. */
const PLANTED = {
  "stormwire:apiKey": "planted-key-8c1f6b",
  "stormwire:subscriptions.me.sms": "+12025550177",
  "stormwire:subscriptions.me.email": "planted-5d@example.org",
  "stormwire:webhooks.siren.url": "https://hooks.example.org/planted-path-4d2e",
  "stormwire:webhooks.siren.secret": "whsec_planted0AAAABBBBCCCCDDDDEEEEFFFF",
  "stormwire:opsEmail": "planted-ops@example.org",
};

interface Kept {
  readonly urn: string;
  readonly id: string;
}

/** The tests build on each other: one stack's life from `up` to `destroy`. */
describeEngine(
  "Pulumi",
  { obtain: findPulumi, installMilliseconds: 60_000, timeoutMilliseconds: 600_000 },
  () => {
    let stack: PulumiStack;

    before(async () => {
      stack = await createStack(STACK);
      for (const [key, value] of Object.entries(PLANTED)) await setSecret(key, value);
    });
    after(() => stack?.remove());

    it("creates every resource of the list", async () => {
      await stack.run("up", "--yes", "--skip-preview");

      const { deployment } = JSON.parse(await stack.export()) as { deployment: { resources: Step[] } };
      const urns = deployment.resources.map(({ urn }) => urn);
      const listed = await readFile(join(project, "test/infra/golden/urns-dev.txt"), "utf8");
      expect(urns).to.include.members(listed.trim().split("\n"));
    });

    it("has nothing to do when nothing changed", async () => {
      expect(await stack.preview()).to.deep.equal([]);
    });

    it("keeps no secret in plain text, in its state or in what it prints", async () => {
      const state = await stack.export();
      for (const [key, value] of Object.entries(PLANTED)) {
        expect(state, key).not.to.include(value);
        expect(stack.printed(), key).not.to.include(value);
      }
    });

    it("gives the outputs that docs/outputs.md lists", async () => {
      const outputs = JSON.parse(await stack.run("stack", "output", "--json"));
      const text = await readFile(join(project, "docs/outputs.md"), "utf8");
      const listed = [...text.matchAll(/^\| `([^`.]+)` \|/gm)].map(([, name]) => name);

      expect(Object.keys(outputs)).to.have.members([...listed, "consoleLinks"]);
    });

    it("makes one subscription anew when one phone changes", async () => {
      await setSecret("stormwire:subscriptions.me.sms", "+12025550166");

      expect(named(await stack.preview())).to.deep.equal(["replace me-sms"]);
      await stack.run("up", "--yes", "--skip-preview");
      expect(await stack.preview()).to.deep.equal([]);
    });

    it("cannot rename a person without saying so: SNS refuses the second subscription, and the first stays", async () => {
      await stack.run("config", "rm", "--path", "stormwire:subscriptions.me");
      await setSecret("stormwire:subscriptions.officer.sms", "+12025550166");
      await setSecret("stormwire:subscriptions.officer.email", PLANTED["stormwire:subscriptions.me.email"]);
      const steps = named(await stack.preview());
      const before = await subscriptions();

      const refusal = await refusalOf("up", "--yes", "--skip-preview");

      expect(steps).to.deep.equal([
        "create officer-email",
        "create officer-sms",
        "delete me-email",
        "delete me-sms",
      ]);
      expect(refusal).to.match(/Subscription already exists with different attributes/);
      expect(await subscriptions()).to.deep.equal(before);
    });

    it("renames a person who says who they were, and keeps the subscriptions", async () => {
      const before = await subscriptions();
      await stack.run("config", "set", "--path", "stormwire:subscriptions.officer.was", "me");

      expect(named(await stack.preview())).to.deep.equal(["update officer-email", "update officer-sms"]);
      await stack.run("up", "--yes", "--skip-preview");
      expect(await stack.preview()).to.deep.equal([]);
      expect(await subscriptions()).to.deep.equal(
        Object.fromEntries(
          Object.entries(before).map(([name, id]) => [name.replace(/^me-/, "officer-"), id]),
        ),
      );
    });

    it("forgets a former name without touching anything", async () => {
      await stack.run("config", "rm", "--path", "stormwire:subscriptions.officer.was");

      expect(await stack.preview()).to.deep.equal([]);
    });

    it("touches the two functions that hold rules when a rule changes", async () => {
      await stack.run("config", "set", "--path", "stormwire:rules.preset", "nws");

      expect(named(await stack.preview())).to.deep.equal(["update alert", "update notify"]);
    });

    it("refuses a number of shards that AWS would refuse, in a preview and in an update", async () => {
      await stack.run("config", "set", "--path", "stormwire:stream.shards", "3");
      const problem = /stormwire:stream\.shards is 3, and the stream has 1: .* here 1 to 2\. Go by 2, 3/;

      expect(await refusalOf("preview")).to.match(problem);
      expect(await refusalOf("up", "--yes", "--skip-preview")).to.match(problem);
      await stack.run("config", "set", "--path", "stormwire:stream.shards", "2");
      expect(named(await stack.preview())).to.include("update observations");
      await stack.run("config", "rm", "--path", "stormwire:stream.shards");
    });

    it("refuses to destroy what is protected, and destroys all of it once it is not", async () => {
      await stack.run("config", "set", "stormwire:protect", "true");
      await stack.run("up", "--yes", "--skip-preview");
      expect(await refusalOf("destroy", "--yes", "--skip-preview")).to.match(/protect/);

      await stack.run("config", "set", "stormwire:protect", "false");
      await stack.run("up", "--yes", "--skip-preview");
      await stack.run("destroy", "--yes", "--skip-preview");

      const { deployment } = JSON.parse(await stack.export()) as { deployment: { resources?: Step[] } };
      expect(deployment.resources ?? []).to.deep.equal([]);
    });

    function setSecret(key: string, value: string): Promise<string> {
      return stack.run("config", "set", "--path", "--secret", key, value);
    }

    function refusalOf(...command: string[]): Promise<string> {
      return stack.run(...command).then(
        () => `${command[0]} was not refused`,
        (error: unknown) => (error instanceof CommandError ? error.output : String(error)),
      );
    }

    /** Ids of people's subscriptions in the state, by name. */
    async function subscriptions(): Promise<Record<string, string>> {
      const { deployment } = JSON.parse(await stack.export()) as { deployment: { resources: Kept[] } };
      const kept = deployment.resources.filter(({ urn }) =>
        urn.includes("AlertTopic$aws:sns/topicSubscription:"),
      );
      return Object.fromEntries(kept.map(({ urn, id }) => [urn.split("::").at(-1), id]));
    }
  },
);

/** What a person types, against the model of the CLI by which `npm test` reads the same lines. */
describeEngine(
  "Commands that Pulumi takes",
  { obtain: findPulumi, installMilliseconds: 60_000, timeoutMilliseconds: 600_000 },
  () => {
    let stack: PulumiStack;

    beforeEach(async () => {
      stack = await createStack(STACK);
    });
    afterEach(() => stack?.remove());

    /** Config as the program gets it. */
    async function stored(): Promise<Record<string, string>> {
      const config: Record<string, { value: string }> = JSON.parse(
        await stack.type("pulumi config --json --show-secrets"),
      );
      return Object.fromEntries(Object.entries(config).map(([key, { value }]) => [key, value]));
    }

    async function typeAll(lines: readonly string[], env: Readonly<Record<string, string>> = {}) {
      const model = new PulumiConfig(await devConfig());
      for (const line of lines) {
        await stack.type(line);
        for (const command of pulumiCommands(line, env)) model.run(command);
      }
      const asObjects = (values: Record<string, string>) =>
        Object.fromEntries(Object.entries(values).map(([key, text]) => [key, structureOf(text) ?? text]));
      expect(asObjects(await stored())).to.deep.equal(asObjects(model.asPassed()));
      return model;
    }

    it("are those that we print, whatever name and value they have", async () => {
      await typeAll([
        ...AWKWARD_VALUES.map((value, index) => setCommand(["locations", "rio", `value-${index}`], value)),
        ...AWKWARD_NAMES.flatMap((name) => [
          setCommand(["locations", name, "latitude"], -22.9),
          setCommand(["subscriptions", name, "sms"], "+12025550100"),
          removeCommand(["subscriptions", name]),
        ]),
      ]);
    });

    for (const file of [
      "README.md",
      "docs/first-deployment.md",
      "docs/subscriptions.md",
      "docs/webhooks.md",
    ]) {
      it(`are those of ${file}, up to a preview`, async () => {
        const env = { SECRET: "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw" };
        const config = documentedLines()
          .filter((line) => line.file === file && line.isBlock && line.text.includes("pulumi config "))
          .map(({ text }) => text.replace('"$SECRET"', env.SECRET));
        await typeAll(["pulumi config set --secret stormwire:apiKey -- KEY", ...config]);

        expect(await stack.type("pulumi preview --non-interactive")).to.match(/\d+ to create/);
      });
    }

    it("end, where config is wrong, with the message alone", async () => {
      await stack.type("pulumi config set --path stormwire:locations.rio.latitude -- -122.9");
      const error = await stack.type("pulumi preview --non-interactive --color never").then(
        () => "accepted",
        (refused: CommandError) => refused.output,
      );

      expect(error).to.include('error: The config of stack "dev" has');
      expect(error).not.to.match(/ConfigError|unhandled exception|\.ts:\d+|at .*\(/);
    });
  },
);

async function devConfig(): Promise<Record<string, unknown>> {
  return parseYaml(await readFile(join(project, "Pulumi.dev.yaml"), "utf8")).config;
}

/** `update me-sms`, in the order of names. */
function named(steps: readonly Step[]): string[] {
  return steps.map(({ op, urn }) => `${op} ${urn.split("::").at(-1)}`).sort();
}
