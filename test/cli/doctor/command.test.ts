import { expect } from "chai";
import { allow, role } from "../../local/endpoint/support.ts";
import {
  onTopic,
  printedConfig,
  runCommand,
  serveSns,
  standInPulumi,
  TOPIC_ARN,
} from "../subscriptions/support.ts";

const ana = { email: "ana@example.org" };

describe("npm run doctor on AWS", function () {
  this.timeout(60_000);

  it("tells what it may not ask beside what it may", async () => {
    const reader = role("reader", allow("sns:ListSubscriptionsByTopic", TOPIC_ARN));
    await using sns = await serveSns([
      ...reader,
      onTopic("1", "email", ana.email, { pendingConfirmation: true }),
    ]);
    await using pulumi = await standInPulumi({
      config: printedConfig({ subscriptions: { ana } }),
      "stack output": { topicArn: TOPIC_ARN, bucket: "lake-1a2b3c4" },
      "stack export": { version: 3, deployment: { resources: [] } },
    });

    const { code, stdout, stderr } = await runCommand("doctor", ["--stack", "dev"], {
      ...sns.environment("reader"),
      PATH: pulumi.directory,
      AWS_ENDPOINT_URL_S3: "http://127.0.0.1:1",
      AWS_MAX_ATTEMPTS: "1",
    });

    expect(code, stderr).to.equal(1);
    expect(stdout).to.match(/^warn +subscriptions +0 confirmed; pending: ana email$/m);
    expect(stdout).to.match(/^unknown +sms sandbox +User: .*not authorized/m);
    expect(stdout).to.match(/^unknown +job .*run pulumi up --stack dev$/m);
    expect(stdout).to.match(/^unknown +given up +S3 cannot be reached/m);
    expect(stdout).to.not.include("ana@");
  });

  it("says what to do without credentials, and before a stack is deployed", async () => {
    const output = { topicArn: TOPIC_ARN, bucket: "lake-1a2b3c4" };
    const config = printedConfig({});
    const answers = { config, "stack export": { version: 3, deployment: {} } };
    await using deployed = await standInPulumi({ ...answers, "stack output": output });
    await using empty = await standInPulumi({ ...answers, "stack output": {} });

    const [stranger, early] = await Promise.all([
      runCommand("doctor", ["--stack", "dev"], { PATH: deployed.directory }),
      runCommand("doctor", ["--stack", "dev"], { PATH: empty.directory }),
    ]);

    expect([stranger.code, early.code]).to.deep.equal([2, 2]);
    expect(stranger.stderr).to.match(/^there are no AWS credentials in this shell/);
    expect(early.stderr).to.match(/^stack "dev" has no output bucket yet: run pulumi up --stack dev first/);
  });
});
