import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { projectDirectory, runCommand } from "./command.ts";

const FROM = ["--from", "2024-01-01T00:00:00Z"];
const PAST_ONE_FIRING = [...FROM, "--until", "2024-01-01T00:30:00Z"];

/** What a queue's policy says so that a service may send for one resource. */
const POLICY = `
const allow = (name: string, queue: aws.sqs.Queue, Service: string, source: pulumi.Output<string>) =>
  new aws.sqs.QueuePolicy(name, {
    queueUrl: queue.id,
    policy: pulumi.jsonStringify({
      Version: "2012-10-17",
      Statement: [{
        Effect: "Allow", Principal: { Service }, Action: "sqs:SendMessage", Resource: queue.arn,
        Condition: { ArnEquals: { "aws:SourceArn": source } },
      }],
    }),
  });`;

/** A function that keeps what it gets in the bucket, under its own name. */
const KEEP = `
const bucket = new aws.s3.Bucket("keptThings");
const keep = (name: string) => async (event: object) => {
  const { S3 } = await import("@aws-sdk/client-s3");
  await new S3({}).putObject({ Bucket: bucket.bucket.get(), Key: name, Body: JSON.stringify(event) });
};`;

describe("npm run local, programs as people write them", function () {
  this.timeout(60_000);
  let folder: string;

  beforeEach(async () => {
    // Below the project, so that the program finds the Pulumi SDK.
    folder = await mkdtemp(join(projectDirectory, "test/fixtures/.local-program-"));
  });
  afterEach(() => rm(folder, { recursive: true, force: true }));

  async function run(program: string, args: readonly string[] = PAST_ONE_FIRING) {
    await writeFile(join(folder, "Pulumi.yaml"), "name: mine\nruntime: nodejs\n");
    await writeFile(join(folder, "package.json"), "{}");
    await writeFile(
      join(folder, "index.ts"),
      `import * as aws from "@pulumi/aws";\nimport * as pulumi from "@pulumi/pulumi";\n${program}`,
    );
    const options = ["--program", folder, "--config", "aws:region=eu-west-1", ...args];
    const ended = await runCommand("local", ...options, "--json");
    return { ...ended, outcome: ended.stdout === "" ? undefined : JSON.parse(ended.stdout) };
  }

  /** What the program's bucket has under a key, parsed. */
  async function kept(key: string) {
    const buckets = join(folder, ".local/s3");
    const bucket = (await readdir(buckets)).find((name) => name.startsWith("keptthings-")) ?? "";
    return JSON.parse(await readFile(join(buckets, bucket, key), "utf8"));
  }

  it("carries a message from a schedule over a topic, filtered, to a queue and its function", async () => {
    const { outcome, stderr } = await run(`${POLICY}${KEEP}
      const news = new aws.sns.Topic("news");
      const paid = new aws.sqs.Queue("paid", { visibilityTimeoutSeconds: 180 });
      allow("paid", paid, "sns.amazonaws.com", news.arn);
      new aws.sns.TopicSubscription("paid", {
        topic: news, protocol: "sqs", endpoint: paid.arn, rawMessageDelivery: true,
        filterPolicyScope: "MessageBody", filterPolicy: JSON.stringify({ order: { state: ["paid"] } }),
      });
      paid.onEvent("keepPaid", keep("paid"));
      const tick = new aws.lambda.CallbackFunction("tick", {
        policies: [aws.iam.ManagedPolicy.AmazonSNSFullAccess, aws.iam.ManagedPolicy.AWSLambdaBasicExecutionRole],
        callback: async () => {
          const { SNS } = await import("@aws-sdk/client-sns");
          for (const state of ["open", "paid"])
            await new SNS({}).publish({ TopicArn: news.arn.get(), Message: JSON.stringify({ order: { state } }) });
        },
      });
      aws.cloudwatch.onSchedule("every", "rate(1 hour)", tick);
    `);

    expect(outcome, stderr).to.deep.include({ problems: [], notEmulated: [] });
    const { Records } = await kept("paid");
    expect(Records.map(({ body }: { body: string }) => body)).to.deep.equal(['{"order":{"state":"paid"}}']);
    expect(Records[0]).to.include({ eventSource: "aws:sqs", awsRegion: "eu-west-1" });
  });

  it("sends a rule's event to a queue, and from there to a function of an archive", async () => {
    const { outcome, stderr } = await run(`${POLICY}
      const jobs = new aws.sqs.Queue("jobs");
      const rule = new aws.cloudwatch.EventRule("hourly", { scheduleExpression: "rate(1 hour)" });
      allow("jobs", jobs, "events.amazonaws.com", rule.arn);
      new aws.cloudwatch.EventTarget("jobs", { rule: rule.name, arn: jobs.arn, input: '{"job":"count"}' });
      const role = new aws.iam.Role("plain", {
        assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "lambda.amazonaws.com" }),
      });
      new aws.iam.RolePolicyAttachment("plain", { role, policyArn: aws.iam.ManagedPolicy.AWSLambdaSQSQueueExecutionRole });
      const plain = new aws.lambda.Function("plain", {
        runtime: "nodejs20.x", role: role.arn, handler: "index.handler",
        code: new pulumi.asset.AssetArchive({
          "index.js": new pulumi.asset.StringAsset("exports.handler = async (e) => console.log('got ' + e.Records[0].body);"),
        }),
      });
      new aws.lambda.EventSourceMapping("jobs", { eventSourceArn: jobs.arn, functionName: plain.arn });
      export const name = plain.name;
    `);

    expect(outcome, stderr).to.deep.include({ problems: [], notEmulated: [] });
    const logs = await readLogs(outcome.outputs.name);
    expect(logs).to.include('got {"job":"count"}');
  });

  async function readLogs(functionName: string): Promise<string> {
    const directory = join(folder, ".local/logs");
    const files = await readdir(directory, { recursive: true, withFileTypes: true });
    const own = files.filter(
      (file) => file.isFile() && join(file.parentPath, file.name).includes(functionName),
    );
    return (await Promise.all(own.map((file) => readFile(join(file.parentPath, file.name), "utf8")))).join(
      "",
    );
  }

  it("says so when a queue's policy does not let the topic in", async () => {
    const { code, outcome } = await run(`
      const news = new aws.sns.Topic("news");
      const queue = new aws.sqs.Queue("shut");
      new aws.sns.TopicSubscription("shut", { topic: news, protocol: "sqs", endpoint: queue.arn });
    `);

    expect(code).to.equal(1);
    const [problem] = outcome.problems;
    expect(problem.message).to.match(
      /shut-[0-9a-f]{7}.*sns\.amazonaws\.com is not authorized to perform: sqs:SendMessage/,
    );
  });

  it("retries a message until it is a dead letter, and tries those again that a function reports", async () => {
    const { outcome, stderr } = await run(`
      const dead = new aws.sqs.Queue("dead");
      const jobs = new aws.sqs.Queue("jobs", {
        visibilityTimeoutSeconds: 200,
        redrivePolicy: pulumi.jsonStringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 2 }),
      });
      const work = new aws.lambda.CallbackFunction("work", {
        callback: async (event: aws.sqs.QueueEvent) => ({
          batchItemFailures: event.Records.filter(({ body }) => body === "bad")
            .map(({ messageId }) => ({ itemIdentifier: messageId })),
        }),
      });
      new aws.lambda.EventSourceMapping("jobs", {
        eventSourceArn: jobs.arn, functionName: work.name, functionResponseTypes: ["ReportBatchItemFailures"],
      });
      aws.cloudwatch.onSchedule("send", "rate(1 hour)", async () => {
        const { SQS } = await import("@aws-sdk/client-sqs");
        const Entries = ["good", "bad"].map((text) => ({ Id: text, MessageBody: text }));
        await new SQS({}).sendMessageBatch({ QueueUrl: jobs.url.get(), Entries });
      });
    `);

    const queues = Object.entries(outcome?.queues ?? {}).map(([name, count]) => [
      name.replace(/-.*/, ""),
      count,
    ]);
    expect(Object.fromEntries(queues), stderr).to.deep.equal({ dead: 1, jobs: 0 });
    expect(outcome.problems).to.have.lengthOf(1);
    expect(outcome.problems[0]).to.include({ kind: "batch", lost: false });
    expect(outcome.problems[0].message).to.match(/reported in batchItemFailures; message .* is in .*dead-/);
    const work = Object.entries(outcome.functions).find(([name]) => name.startsWith("work-"));
    expect(work?.[1]).to.deep.equal({ invocations: 2, errors: 0 });
  });

  it("notifies of a bucket's objects: a function, a queue and a rule", async () => {
    const { outcome, stderr } = await run(`${POLICY}${KEEP}
      const inbox = new aws.s3.Bucket("inbox");
      inbox.onObjectCreated("keepCreated", keep("created"), { filterSuffix: ".txt" });
      inbox.onObjectRemoved("keepRemoved", keep("removed"));
      const outbox = new aws.s3.Bucket("outbox");
      const seen = new aws.sqs.Queue("seen");
      const policy = allow("seen", seen, "s3.amazonaws.com", outbox.arn);
      new aws.s3.BucketNotification("seen", {
        bucket: outbox.id, eventbridge: true, queues: [{ queueArn: seen.arn, events: ["s3:ObjectCreated:Put"] }],
      }, { dependsOn: [policy] });
      const rule = new aws.cloudwatch.EventRule("created", {
        eventPattern: JSON.stringify({ source: ["aws.s3"], "detail-type": ["Object Created"] }),
      });
      rule.onEvent("keepEvent", keep("event"));
      aws.cloudwatch.onSchedule("write", "rate(1 hour)", async () => {
        const { S3 } = await import("@aws-sdk/client-s3");
        const s3 = new S3({});
        const Bucket = inbox.id.get();
        for (const Key of ["a b.txt", "c.png"]) await s3.putObject({ Bucket, Key, Body: "text" });
        await s3.deleteObject({ Bucket, Key: "c.png" });
        await s3.putObject({ Bucket: outbox.id.get(), Key: "d", Body: "text" });
      });
    `);

    expect(outcome, stderr).to.deep.include({ problems: [], notEmulated: [] });
    const [created] = (await kept("created")).Records;
    expect([created.eventName, created.s3.object.key, created.s3.object.size]).to.deep.equal([
      "ObjectCreated:Put",
      "a+b.txt",
      4,
    ]);
    const [removed] = (await kept("removed")).Records;
    expect([removed.eventName, removed.s3.object.key]).to.deep.equal(["ObjectRemoved:Delete", "c.png"]);
    expect((await kept("event")).detail).to.deep.include({ reason: "PutObject" });
    expect(Object.values(outcome.queues)).to.deep.equal([1]);
  });

  it("names what is not emulated, leaves it out and runs the rest", async () => {
    const { code, outcome, stderr } = await run(`
      const table = new aws.dynamodb.Table("t", { attributes: [{ name: "id", type: "S" }], hashKey: "id", billingMode: "PAY_PER_REQUEST", streamEnabled: true });
      const role = new aws.iam.Role("r", {
        assumeRolePolicy: aws.iam.assumeRolePolicyForPrincipal({ Service: "lambda.amazonaws.com" }),
        managedPolicyArns: [aws.iam.ManagedPolicy.AmazonRDSFullAccess],
      });
      new aws.iam.RolePolicyAttachment("ec2", { role, policyArn: aws.iam.ManagedPolicy.AmazonEC2FullAccess });
      const python = new aws.lambda.Function("python", {
        runtime: "python3.13", role: role.arn, handler: "a.b",
        code: new pulumi.asset.AssetArchive({ "a.py": new pulumi.asset.StringAsset("pass") }),
      });
      const rule = new aws.cloudwatch.EventRule("hourly", { scheduleExpression: "rate(1 hour)" });
      new aws.cloudwatch.EventTarget("python", { rule: rule.name, arn: python.arn });
      new aws.cloudwatch.EventTarget("bus", { rule: rule.name, arn: "arn:aws:events:eu-west-1:123456789012:event-bus/b" });
      const ordered = new aws.sqs.Queue("ordered", { fifoQueue: true });
      const news = new aws.sns.Topic("news");
      new aws.sns.TopicSubscription("web", { topic: news, protocol: "https", endpoint: "https://example.org" });
      new aws.lambda.CallbackFunction("works", { callback: async () => table.name.get() });
      aws.cloudwatch.onSchedule("every", "rate(1 hour)", async () => {});
    `);

    expect(code, stderr).to.equal(1);
    const named = [
      "aws:dynamodb/table:Table",
      "AmazonRDSFullAccess",
      "AmazonEC2FullAccess",
      "Function python",
      "EventTarget python",
      "event-bus/b",
      "The FIFO queue ordered",
      "protocol https",
    ];
    for (const what of named) expect(outcome.notEmulated.join("\n")).to.include(what);
    expect(outcome.problems).to.deep.equal([]);
    const every = Object.entries(outcome.functions).find(([name]) => name.startsWith("every-"));
    expect(every?.[1]).to.deep.equal({ invocations: 1, errors: 0 });
  });

  const refused: [string, string, RegExp][] = [
    [
      "a bucket's name that AWS refuses",
      'new aws.s3.Bucket("b", { bucket: "tpsReports" });',
      /^.*bucket is "tpsReports"; allowed are 3-63 lower-case letters.*\n$/,
    ],
    [
      "a visibility timeout below the function's",
      'new aws.sqs.Queue("jobs").onEvent("work", async () => {});',
      /^.*visibility timeout is 30 seconds, less than the function's timeout of 180 seconds.*\n$/,
    ],
    [
      "a program that throws",
      'throw new Error("no luck");',
      /^Error: no luck\n {4}at .*index\.ts:3:\d+\)\n$/,
    ],
  ];
  for (const [name, program, message] of refused)
    it(`refuses in a line ${name}`, async () => {
      const { code, stderr } = await run(program);

      expect(stderr).to.match(message);
      expect(code).to.equal(2);
    });

  it("refuses --config that is no value, and a missing region, in a line", async () => {
    const none = await runCommand("local", "--program", folder, "--config", "region");
    await mkdir(join(folder, "x"));
    await writeFile(join(folder, "x/Pulumi.yaml"), "name: mine\nruntime: nodejs\n");
    await writeFile(join(folder, "x/index.ts"), "");
    const nowhere = await runCommand("local", "--program", join(folder, "x"));

    expect([none.code, none.stderr]).to.deep.equal([
      2,
      "--config region is not KEY=VALUE, for example aws:region=us-east-1\n",
    ]);
    expect(nowhere.stderr).to.match(/^Stack "local" .*aws:region.*\n$/);
  });
});
