import { expect } from "chai";
import { allow, resource, role } from "../../local/endpoint/support.ts";
import {
  onTopic,
  type PulumiAnswers,
  printedConfig,
  runSubscriptions,
  serveSns,
  standInPulumi,
  TOPIC_ARN,
} from "./support.ts";

const ana = { sms: "+12025550101", level: "orange", locations: ["porto-alegre"] };
const bia = { email: "bia@example.org", language: "en" };
const caio = { sms: "+12025550103", email: "caio@example.org" };
const config = printedConfig({
  subscriptions: { ana, bia, caio },
  groups: { "night-shift": ["bia", "ana"] },
});
const output = { topicArn: TOPIC_ARN, bucket: "lake-1a2b3c4" };
const answers = {
  config,
  "stack output": output,
  "stack export": exported("bia-email", "2024-05-01T10:00:31Z"),
};

const onTopicAlready = [
  onTopic("1", "sms", "+12025550101"),
  onTopic("2", "email", "bia@example.org", { pendingConfirmation: true }),
  onTopic("3", "email", "caio@example.org"),
  onTopic("4", "email", "ex-colleague@example.org"),
];
const raised = resource("aws:sns/smsPreferences:SmsPreferences", "sms", { monthlySpendLimit: 20 });

describe("npm run subscriptions on AWS", function () {
  this.timeout(60_000);

  it("tells who is confirmed, pending and since when, missing, and not in config", async () => {
    await using sns = await serveSns([...onTopicAlready, raised]);
    await using pulumi = await standInPulumi(answers);

    const { code, stdout } = await run(sns.environment(), pulumi.directory);

    expect(code).to.equal(1);
    expect(stdout.split("\n").slice(0, 8)).to.deep.equal([
      `Subscriptions of stack "dev", ${TOPIC_ARN}`,
      "",
      "name  channel  endpoint        level   places        language  groups       state",
      "────  ───────  ──────────────  ──────  ────────────  ────────  ───────────  ──────────────────────────────────",
      "ana   sms      +12…01          orange  porto-alegre  pt-BR     night-shift  confirmed",
      "bia   email    b…@example.org  yellow  all           en        night-shift  pending since 2024-05-01 10:00 UTC",
      "caio  sms      +12…03          yellow  all           pt-BR     –            missing",
      "caio  email    c…@example.org  yellow  all           pt-BR     –            confirmed",
    ]);
    expect(stdout).to.match(/^– {5}email {4}e…@example.org {2}.* {2}not in config \(confirmed\)$/m);
    expect(stdout).to.match(/^ {2}pending .*48 hours.*pulumi up --refresh --stack dev/m);
    expect(stdout).to.match(/^ {3}spend limit {3}\$20 a month/m);
    expect(stdout).not.to.match(/20255501|bia@|caio@|colleague/);
  });

  it("says the same as JSON", async () => {
    await using sns = await serveSns([...onTopicAlready, raised]);
    await using pulumi = await standInPulumi(answers);

    const { stdout } = await run(sns.environment(), pulumi.directory, "--json");

    const report = JSON.parse(stdout);
    expect(report.subscriptions[1]).to.deep.equal({
      name: "bia",
      protocol: "email",
      endpoint: "b…@example.org",
      level: "yellow",
      language: "en",
      groups: ["night-shift"],
      state: "pending",
      since: "2024-05-01T10:00:31Z",
    });
    expect(report.notInConfig).to.deep.equal([
      { arn: `${TOPIC_ARN}:4`, protocol: "email", endpoint: "e…@example.org", state: "confirmed" },
    ]);
    expect(report.account.map(({ subject }: { subject: string }) => subject)).to.deep.equal([
      "sandbox",
      "spend limit",
      "default type",
    ]);
  });

  it("reads all pages of a long list, and the stack's state only when somebody is pending", async () => {
    const numbers = Array.from({ length: 150 }, (_, index) => `+1202555010${100 + index}`);
    await using sns = await serveSns(numbers.map((number, index) => onTopic(`${index}`, "sms", number)));
    const subscriptions = Object.fromEntries(numbers.map((sms, index) => [`p${index}`, { sms }]));
    await using pulumi = await standInPulumi({ ...answers, config: printedConfig({ subscriptions }) });

    const { code, stdout } = await run(sns.environment(), pulumi.directory);

    expect(code).to.equal(0);
    expect(stdout.match(/ confirmed$/gm)).to.have.length(150);
    expect(await pulumi.calls()).to.deep.equal([
      ["config", "--show-secrets", "--json", "--stack", "dev", "--non-interactive"],
      ["stack", "output", "--json", "--stack", "dev", "--non-interactive"],
    ]);
  });

  it("warns of the sandbox and of the first spend limit, as far as there are phones", async () => {
    await using sns = await serveSns([onTopic("1", "sms", ana.sms)], { isInSmsSandbox: true });
    await using withPhone = await standInPulumi({
      ...answers,
      config: printedConfig({ subscriptions: { ana } }),
    });
    await using without = await standInPulumi({ ...answers, config: printedConfig({}) });

    const phone = await run(sns.environment(), withPhone.directory);
    const none = await run(sns.environment(), without.directory);

    expect(phone.code, "a warning is no missing subscription").to.equal(0);
    expect(phone.stdout).to.match(/^! {2}sandbox .*only numbers that are verified/m);
    expect(phone.stdout).to.match(/^! {2}spend limit .*\$1 a month/m);
    expect(none.stdout)
      .to.match(/^ {3}sandbox /m)
      .and.match(/^ {3}spend limit /m);
  });

  it("shows what it may not ask as that", async () => {
    const reader = role("reader", allow("sns:ListSubscriptionsByTopic", TOPIC_ARN));
    await using sns = await serveSns([...reader, onTopic("1", "sms", ana.sms)]);
    await using pulumi = await standInPulumi({
      ...answers,
      config: printedConfig({ subscriptions: { ana } }),
    });

    const { code, stdout } = await run(sns.environment("reader"), pulumi.directory);

    expect(code).to.equal(0);
    expect(stdout).to.match(/sandbox +unknown: .*not authorized to perform: sns:GetSMSSandboxAccountStatus/);
    expect(stdout).to.match(/spend limit +unknown: .*not authorized to perform: sns:GetSMSAttributes/);
  });

  const refused: [string, PulumiAnswers, Record<string, string> | undefined, RegExp][] = [
    [
      "a topic that is gone",
      { ...answers, "stack output": { topicArn: `${TOPIC_ARN}x` } },
      undefined,
      /does not exist any more.*pulumi up --refresh/,
    ],
    [
      "a stack that is not deployed",
      { ...answers, "stack output": {} },
      undefined,
      /stack "dev" has no output topicArn yet: run pulumi up --stack dev first/,
    ],
    [
      "a stack that Pulumi does not know",
      { failing: { command: "config", stderr: "warning: new version\nerror: no stack named 'dev' found\n" } },
      undefined,
      /^pulumi config --show-secrets --json --stack dev failed: no stack named 'dev' found\n$/,
    ],
    [
      "an answer that is no JSON, without quoting it",
      { ...answers, config: "secret: +12025550101" },
      undefined,
      /did not answer as expected/,
    ],
    [
      "config that is wrong",
      { ...answers, config: printedConfig({ subscriptions: { ana: { sms: "51999990001" } } }) },
      undefined,
      /stormwire:subscriptions\.ana\.sms/,
    ],
    ["no credentials", answers, {}, /no AWS credentials in this shell/],
    [
      "foreign credentials",
      answers,
      { AWS_ACCESS_KEY_ID: "AKIAFOREIGN", AWS_SECRET_ACCESS_KEY: "x" },
      /SNS says InvalidClientTokenId/,
    ],
    [
      "an SNS out of reach",
      answers,
      { AWS_ENDPOINT_URL: "http://127.0.0.1:1", AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "x" },
      /SNS cannot be reached/,
    ],
  ];
  for (const [what, pulumiAnswers, shell, message] of refused) {
    it(`says what to do about ${what}`, async () => {
      await using sns = await serveSns([]);
      await using pulumi = await standInPulumi(pulumiAnswers);
      const { AWS_ENDPOINT_URL, ...operator } = sns.environment();

      const { code, stdout, stderr } = await run(
        { AWS_ENDPOINT_URL, ...(shell ?? operator) },
        pulumi.directory,
      );

      expect({ code, stdout }, stderr).to.deep.equal({ code: 2, stdout: "" });
      expect(stderr)
        .to.match(message)
        .and.not.match(/999990001|\n\s+at /);
    });
  }

  it("says which permission it lacks when it may not list", async () => {
    await using sns = await serveSns([...role("stranger")]);
    await using pulumi = await standInPulumi(answers);

    const { code, stderr } = await run(sns.environment("stranger"), pulumi.directory);

    expect(code).to.equal(2);
    expect(stderr).to.match(/SNS says AuthorizationErrorException: .*sns:ListSubscriptionsByTopic/);
  });

  it("says where to get Pulumi when it is not there", async () => {
    const { code, stdout, stderr } = await run({}, "/nowhere");

    expect({ code, stdout }).to.deep.equal({ code: 2, stdout: "" });
    expect(stderr).to.match(/^pulumi is not on PATH.*https:\/\/www\.pulumi\.com\/docs\/install\/.*\n$/);
  });
});

function run(environment: Record<string, string>, path: string, ...options: string[]) {
  return runSubscriptions(["--stack", "dev", ...options], { ...environment, PATH: path });
}

/** State as `pulumi stack export` prints it. */
function exported(name: string, created: string) {
  const type = "aws:sns/topicSubscription:TopicSubscription";
  const urn = `urn:pulumi:dev::stormwire::stormwire:infra:AlertTopic$${type}::${name}`;
  const endpoint = {
    "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270",
    ciphertext: "v1:x",
  };
  return {
    version: 3,
    deployment: {
      manifest: {},
      resources: [
        { urn: "urn:pulumi:dev::stormwire::pulumi:pulumi:Stack::stormwire-dev", type: "pulumi:pulumi:Stack" },
        { urn, type, custom: true, id: `${TOPIC_ARN}:2`, inputs: { endpoint }, created, modified: created },
      ],
    },
  };
}
