import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { stringify } from "yaml";
import { writeStackRecord } from "../../../local/cloud.ts";
import { openOutbox } from "../../../local/sns/outbox.ts";
import { createSns } from "../../../local/sns/sns.ts";
import { good } from "../../infra/stack-config.ts";
import { graphOf } from "../../local/endpoint/support.ts";
import { runCommandLine } from "../command-line.ts";
import { onTopic, TOPIC_ARN, temporaryFolder, topic } from "./support.ts";

const subscriptions = { ana: { sms: "+12025550101" }, bia: { email: "bia@example.org" } };
const both = [onTopic("1", "sms", "+12025550101"), onTopic("2", "email", "bia@example.org")];

describe("npm run subscriptions on a local run", () => {
  it("counts e-mail as confirmed and needs neither Pulumi nor an account", async () => {
    await using project = await openProject(subscriptions);
    project.leaveRun(both);

    const { code, out } = await project.run();

    expect(code).to.equal(0);
    expect(out)
      .to.match(/^ana .* confirmed$/m)
      .and.match(/^bia .* confirmed$/m);
    expect(out).to.include("A local run has no account");
  });

  it("tells who came into config since, and who left it", async () => {
    await using project = await openProject({ ana: subscriptions.ana, caio: { sms: "+12025550103" } });
    project.leaveRun(both);

    const { code, out } = await project.run("--json");

    const { subscriptions: channels, notInConfig, account } = JSON.parse(out);
    expect(code).to.equal(1);
    expect(channels.map(({ name, state }: Record<string, string>) => `${name} ${state}`)).to.deep.equal([
      "ana confirmed",
      "caio missing",
    ]);
    expect(notInConfig).to.have.length(1);
    expect(account).to.equal(undefined);
  });

  it("tells who has not confirmed", async () => {
    await using project = await openProject(subscriptions);
    project.leaveRun([
      onTopic("1", "sms", "+12025550101"),
      onTopic("2", "email", "bia@example.org", { pendingConfirmation: true }),
    ]);

    const { code, out } = await project.run();

    expect(code).to.equal(1);
    expect(out).to.match(/^bia .* pending$/m);
  });

  it("says that nobody is there when nobody is", async () => {
    await using project = await openProject({});
    project.leaveRun([]);

    const { code, out } = await project.run();

    expect(code).to.equal(0);
    expect(out).to.include("no subscriptions, neither in config nor on the topic");
  });

  it("asks for a run when there is none", async () => {
    await using project = await openProject(subscriptions);

    const { code, error } = await project.run();

    expect(code).to.equal(2);
    expect(error).to.match(
      /^no local run in .* yet: run "npm start" first, or name its folder with --out\n$/,
    );
  });

  it("does not take one stack's run for another's", async () => {
    await using project = await openProject(subscriptions, "dev");
    project.leaveRun(both);

    const { code, error } = await project.run("--stack", "dev");

    expect(code).to.equal(2);
    expect(error).to.include('holds a run of stack "local", not of "dev"');
  });

  it("rejects config that is wrong, and a stack that does not exist", async () => {
    await using project = await openProject({ ana: { sms: "051 9999" } });
    project.leaveRun(both);

    const answers = [await project.run(), await project.run("--stack", "prod")];

    expect(answers.map(({ code }) => code)).to.deep.equal([2, 2]);
    expect(answers.map(({ error }) => error).join("")).to.match(
      /subscriptions\.ana\.sms[\s\S]*stack "prod" does not exist/,
    );
  });
});

/** A project with config alone, and beside it the folder of a local run. */
async function openProject(people: Record<string, unknown>, stack = "local") {
  const folder = await temporaryFolder();
  const runDirectory = join(folder.path, "run");
  const config = Object.fromEntries(
    Object.entries({ ...good, subscriptions: people }).map(([key, value]) => [`stormwire:${key}`, value]),
  );
  await mkdir(runDirectory);
  await writeFile(join(folder.path, "Pulumi.yaml"), "name: stormwire\nruntime: nodejs\n");
  await writeFile(join(folder.path, `Pulumi.${stack}.yaml`), stringify({ config }));
  return {
    /** Leaves what `npm start` would leave of these subscriptions. */
    leaveRun(onIt: readonly ReturnType<typeof onTopic>[]) {
      const graph = {
        ...graphOf(topic, ...onIt),
        stack: "local",
        outputs: { bucket: "lake", topicArn: TOPIC_ARN },
      };
      const outbox = openOutbox(join(runDirectory, "outbox.ndjson"));
      writeStackRecord(runDirectory, graph, createSns({ graph, now: () => new Date(0), outbox }));
      outbox.close();
    },
    run: (...options: string[]) =>
      runCommandLine(["subscriptions", "--out", runDirectory, ...options], { projectDirectory: folder.path }),
    [Symbol.asyncDispose]: folder[Symbol.asyncDispose],
  };
}
