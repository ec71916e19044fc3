import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { sequence } from "../../handlers/support/kinesis-event.ts";
import { temporaryFolder } from "../subscriptions/support.ts";
import { BUCKET, FUNCTION, openStack } from "./aws-support.ts";
import { ARRIVED, arriving, FOLDER, reading } from "./support.ts";

const SHARD = "shardId-000000000000";
const warm = `quarantine/reason=not-a-record/${FOLDER}/${SHARD}-${sequence(1)}.json`;
const garbage = `quarantine/reason=not-json/${FOLDER}/${SHARD}-${sequence(2)}.json`;

describe("npm run failed on AWS", function () {
  this.timeout(60_000);

  it("lists, repairs and retries rejected records, with no more permissions than its help says", async () => {
    await using stack = await openStack();
    await using folder = await temporaryFolder();
    const file = join(folder.path, "repaired.json");
    await writeFile(file, reading(19.4));
    await stack.deliver(arriving(reading("warm")), arriving("garb\u001bage"));

    const list = await stack.run([]);
    const one = await stack.run(["--cause", "not-json", "--details"]);
    const repaired = await stack.run(["--repair", warm, file]);
    const retried = await stack.run(["--retry", "--json"]);

    expect(list.stderr + one.stderr + repaired.stderr + retried.stderr).to.equal("");
    expect([list.code, one.code, repaired.code, retried.code]).to.deep.equal([1, 1, 0, 1]);
    expect(list.stdout.split("\n").slice(0, 6)).to.deep.equal([
      `Failed records and events of stack "dev", s3://${BUCKET}`,
      "",
      "function  cause         objects  records  first                     last",
      "────────  ────────────  ───────  ───────  ────────────────────────  ────────────────────────",
      `archive   not-a-record        1        1  ${ARRIVED}  ${ARRIVED}`,
      `archive   not-json            1        1  ${ARRIVED}  ${ARRIVED}`,
    ]);
    expect(one.stdout)
      .to.include(garbage)
      .and.match(/bytes +8: garb·age\n/);
    const { done, remaining } = JSON.parse(retried.stdout);
    expect(done).to.deep.equal([warm]);
    expect(remaining).to.have.length(1);
    expect(remaining[0]).to.include({ key: garbage, function: "archive" });
    expect(remaining[0].problem).to.match(/^not-json: /);
    expect([...(stack.s3?.from("") ?? [])].map(({ key }) => key)).to.deep.equal([
      garbage,
      `raw/${FOLDER}/hour=11/${SHARD}-${sequence(1)}-${sequence(1)}.ndjson.gz`,
    ]);
  });

  it("gives the function what Kinesis gave it", async () => {
    await using stack = await openStack();
    await stack.deliver(arriving("garbage"));

    await stack.run(["--retry"]);

    expect(stack.invocations).to.deep.equal([
      {
        fromQuarantine: true,
        Records: [
          {
            kinesis: {
              kinesisSchemaVersion: "1.0",
              partitionKey: "porto-alegre",
              sequenceNumber: sequence(1),
              data: Buffer.from("garbage").toString("base64"),
              approximateArrivalTimestamp: Date.parse(ARRIVED) / 1000,
            },
            eventSource: "aws:kinesis",
            eventVersion: "1.0",
            eventID: `${SHARD}:${sequence(1)}`,
            eventName: "aws:kinesis:record",
            invokeIdentityArn: "",
            awsRegion: "us-east-1",
            eventSourceARN: "arn:aws:kinesis:us-east-1:123456789012:stream/observations",
          },
        ],
      },
    ]);
  });

  it("names what the function ended with, and keeps the record", async () => {
    await using stack = await openStack();
    await using folder = await temporaryFolder();
    const file = join(folder.path, "repaired.json");
    await writeFile(file, reading(19.4));
    await stack.deliver(arriving(reading("warm")));
    await stack.run(["--repair", warm, file]);
    // A folder where the object's file should be: S3 refuses the key.
    stack.s3?.put(`raw/${FOLDER}/hour=11`, Buffer.of(), { contentType: "text/plain", metadata: {} });

    const { code, stdout } = await stack.run(["--retry"]);

    expect(code).to.equal(1);
    expect(stdout)
      .to.match(/0 done, 1 left/)
      .and.match(/archive: the function ended with ArchiveError/);
    expect(stack.s3?.get(warm)).to.not.equal(undefined);
  });

  const refused: readonly [string, string[], Record<string, string>, RegExp][] = [
    ["a role that may not list", [], { as: "stranger" }, /^S3 says AccessDenied: .*s3:ListBucket/],
    ["no credentials", [], { AWS_ACCESS_KEY_ID: "" }, /^there are no AWS credentials in this shell/],
    ["an S3 out of reach", [], { AWS_ENDPOINT_URL_S3: "http://127.0.0.1:1" }, /^S3 cannot be reached/],
    ["no pulumi", [], { PATH: "/nowhere" }, /^pulumi is not on PATH/],
    [
      "a key that is not there",
      ["--retry", "--key", `${warm}x`],
      {},
      /does not exist; npx stormwire failed --details lists the keys\n$/,
    ],
  ];
  for (const [what, parameters, environment, message] of refused) {
    it(`says what to do about ${what}`, async () => {
      await using stack = await openStack();

      const { code, stdout, stderr } = await stack.run(parameters, environment);

      expect({ code, stdout }, stderr).to.deep.equal({ code: 2, stdout: "" });
      expect(stderr)
        .to.match(message)
        .and.not.match(/\n\s+at /);
    });
  }

  it("names a function that is gone", async () => {
    await using stack = await openStack({ functionName: "archive-0000000" });
    await stack.deliver(arriving("garbage"));

    const { code, stdout } = await stack.run(["--retry"]);

    expect([code, stdout.includes(FUNCTION)]).to.deep.equal([1, false]);
    expect(stdout).to.match(/Lambda says ResourceNotFoundException: .*archive-0000000.*pulumi up --refresh/);
  });
});
