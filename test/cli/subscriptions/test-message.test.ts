import { readFile } from "node:fs/promises";
import { expect } from "chai";
import { filterPolicy } from "../../../config/subscribers.ts";
import { onTopic, printedConfig, runSubscriptions, serveSns, standInPulumi, TOPIC_ARN } from "./support.ts";

const ana = { sms: "+12025550101", email: "ana@example.org", level: "red", locations: ["porto-alegre"] };
const bia = { sms: "+12025550102", language: "en" };
const caio = { email: "caio@example.org" };
const answers = {
  config: printedConfig({ subscriptions: { ana, bia, caio }, groups: { night: ["ana", "bia"] } }),
  "stack output": { topicArn: TOPIC_ARN },
};
const hears = { level: "red", language: "pt-BR", groups: ["night"], locations: ["porto-alegre"] } as const;
const onTopicAlready = [
  onTopic("1", "sms", ana.sms, {}, filterPolicy("ana", hears)),
  onTopic("2", "email", ana.email, {}, filterPolicy("ana", hears)),
  onTopic(
    "3",
    "sms",
    bia.sms,
    {},
    filterPolicy("bia", { level: "yellow", language: "en", groups: ["night"] }),
  ),
  onTopic("4", "email", caio.email, { pendingConfirmation: true }),
];

describe("npm run subscriptions -- --test", function () {
  this.timeout(60_000);

  async function test(...parameters: string[]) {
    await using sns = await serveSns(onTopicAlready);
    await using pulumi = await standInPulumi(answers);
    const environment = { ...sns.environment(), PATH: pulumi.directory };
    const result = await runSubscriptions(["--stack", "dev", "--test", ...parameters], environment);
    const outbox = await readFile(sns.outboxFile, "utf8");
    return {
      ...result,
      sent: outbox
        .split("\n")
        .filter(Boolean)
        .map((line) => JSON.parse(line)),
    };
  }

  it("sends to the subscriber's phone and mailbox, in their language, and to no one else", async () => {
    const { code, stdout, sent } = await test("ana");

    expect(code).to.equal(0);
    expect(sent.map(({ protocol, endpoint }) => [protocol, endpoint])).to.deep.equal([
      ["sms", ana.sms],
      ["email", ana.email],
    ]);
    expect(sent[0].message).to.match(/^TESTE do Stormwire \(dev\): /);
    expect(stdout).to.match(/^sent {6}sms .*\nsent {6}email .*\n\nTESTE do Stormwire/);
    expect(stdout).not.to.contain(ana.sms);
  });

  it("sends in English to who reads English", async () => {
    const { sent } = await test("bia");

    expect(sent).to.have.length(1);
    expect(sent[0].message).to.match(/^TEST of Stormwire \(dev\): /);
  });

  it("says which mailbox is not confirmed, sends nothing to it, and exits with 1", async () => {
    const { code, stdout, sent } = await test("caio");

    expect([code, sent]).to.deep.equal([1, []]);
    expect(stdout).to.match(/^not sent {2}email {4}c…@example\.org: the subscription is pending/);
  });

  it("refuses an unknown name, and names the nearest and all", async () => {
    const { code, stderr, sent } = await test("anna");

    expect([code, sent]).to.deep.equal([2, []]);
    expect(stderr).to.equal("--test anna is not in config: did you mean ana? Allowed are ana, bia, caio\n");
  });

  it("refuses a local run, which sends nothing", async () => {
    const { code, stderr } = await runSubscriptions(["--test", "ana"], {});

    expect(code).to.equal(2);
    expect(stderr).to.match(/^--test sends from a deployed stack: name it with --stack\./);
  });
});
