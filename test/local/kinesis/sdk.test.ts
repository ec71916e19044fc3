import {
  DescribeStreamCommand,
  DescribeStreamSummaryCommand,
  GetRecordsCommand,
  GetShardIteratorCommand,
  KinesisClient,
  ListShardsCommand,
  PutRecordCommand,
  PutRecordsCommand,
} from "@aws-sdk/client-kinesis";
import { expect } from "chai";
import { createKinesis, type Kinesis } from "../../../local/kinesis/kinesis.ts";
import { rejection } from "../endpoint/rejection.ts";
import {
  allow,
  clientConfig,
  graphOf,
  KEY_ARN,
  NOW,
  role,
  roleArn,
  STREAM_ARN,
  type Started,
  start,
  stream,
} from "../endpoint/support.ts";

describe("Kinesis through the AWS SDK over HTTP/2", () => {
  let endpoint: Started;
  let kinesis: Kinesis;
  let client: KinesisClient;

  const clientOf = (name: string) =>
    new KinesisClient(clientConfig(endpoint.url, endpoint.identities.forRole(roleArn(name), "test")));
  const bytes = (text: string) => Buffer.from(text);

  beforeEach(async () => {
    const everything = [
      allow("kinesis:*", STREAM_ARN),
      allow(["kms:GenerateDataKey", "kms:Decrypt"], KEY_ARN),
    ];
    const graph = graphOf(
      stream({ shardCount: 2, encryptionType: "KMS", kmsKeyId: KEY_ARN }),
      ...role("owner", ...everything),
      ...role("writer-without-key", allow("kinesis:PutRecords", STREAM_ARN)),
      ...role("reader-without-key", allow("kinesis:Get*", STREAM_ARN)),
      ...role("stranger"),
    );
    kinesis = createKinesis({ graph, now: () => NOW });
    endpoint = await start(graph, kinesis.service);
    client = clientOf("owner");
  });

  afterEach(async () => {
    client.destroy();
    await endpoint.stop();
  });

  it("returns records in order, with bytes, key and arrival time", async () => {
    const put = await client.send(
      new PutRecordsCommand({
        StreamName: "orders",
        Records: [
          { PartitionKey: "a", Data: bytes("first ã") },
          { PartitionKey: "a", Data: Uint8Array.of(0, 255, 128) },
        ],
      }),
    );
    const shardId = put.Records?.[0]?.ShardId;
    const { ShardIterator } = await client.send(
      new GetShardIteratorCommand({
        StreamARN: STREAM_ARN,
        ShardId: shardId,
        ShardIteratorType: "TRIM_HORIZON",
      }),
    );
    const page = await client.send(new GetRecordsCommand({ ShardIterator }));

    expect(put.FailedRecordCount).to.equal(0);
    expect(page.Records?.map(({ Data }) => [...(Data ?? [])])).to.deep.equal([
      [...bytes("first ã")],
      [0, 255, 128],
    ]);
    expect(page.Records?.map(({ SequenceNumber }) => SequenceNumber)).to.deep.equal(
      put.Records?.map(({ SequenceNumber }) => SequenceNumber),
    );
    expect(page.Records?.[0]?.PartitionKey).to.equal("a");
    expect(page.Records?.[0]?.ApproximateArrivalTimestamp).to.deep.equal(NOW);
    expect(page.MillisBehindLatest).to.equal(0);
    expect(page.NextShardIterator).to.be.a("string");
  });

  it("accepts a request of 10 MiB, and records the used permissions", async () => {
    const Data = Buffer.alloc(1024 * 1024 - 1, 0xa5);
    const Records = Array.from({ length: 10 }, () => ({ PartitionKey: "a", Data }));
    const answer = await client.send(new PutRecordsCommand({ StreamName: "orders", Records }));

    expect(answer.FailedRecordCount).to.equal(0);
    expect([...endpoint.gateway.allowed]).to.deep.equal([
      `${roleArn("owner")} kinesis:PutRecords ${STREAM_ARN}`,
      `${roleArn("owner")} kms:GenerateDataKey ${KEY_ARN}`,
    ]);
  });

  it("processes several calls at once on one connection", async () => {
    const answers = await Promise.all(
      ["a", "b", "c", "d", "e"].map((PartitionKey) =>
        client.send(new PutRecordCommand({ StreamName: "orders", PartitionKey, Data: bytes(PartitionKey) })),
      ),
    );

    expect(new Set(answers.map(({ SequenceNumber }) => SequenceNumber)).size).to.equal(5);
    expect(answers.every(({ SequenceNumber }) => /^\d{56}$/.test(SequenceNumber ?? ""))).to.equal(true);
  });

  it("describes the stream", async () => {
    const { StreamDescription } = await client.send(new DescribeStreamCommand({ StreamName: "orders" }));
    const { StreamDescriptionSummary } = await client.send(
      new DescribeStreamSummaryCommand({ StreamName: "orders" }),
    );
    const first = await client.send(new ListShardsCommand({ StreamName: "orders", MaxResults: 1 }));
    const second = await client.send(new ListShardsCommand({ NextToken: first.NextToken }));

    expect(StreamDescription?.Shards?.[1]?.HashKeyRange?.EndingHashKey).to.equal(String(2n ** 128n - 1n));
    expect(StreamDescription?.KeyId).to.equal(KEY_ARN);
    expect(StreamDescriptionSummary?.OpenShardCount).to.equal(2);
    expect(StreamDescriptionSummary?.StreamCreationTimestamp).to.deep.equal(NOW);
    expect([...(first.Shards ?? []), ...(second.Shards ?? [])].map(({ ShardId }) => ShardId)).to.deep.equal([
      "shardId-000000000000",
      "shardId-000000000001",
    ]);
    expect(second.NextToken).to.equal(undefined);
  });

  it("denies with AWS's words and records the denial", async () => {
    const Records = [{ PartitionKey: "a", Data: bytes("x") }];
    const stranger = clientOf("stranger");
    const error = await rejection(() =>
      stranger.send(new PutRecordsCommand({ StreamName: "orders", Records })),
    );
    stranger.destroy();

    expect(error.name).to.equal("AccessDeniedException");
    expect(error.message).to.equal(
      "User: arn:aws:sts::123456789012:assumed-role/stranger/test is not authorized to perform: kinesis:PutRecords " +
        `on resource: ${STREAM_ARN} because no identity-based policy allows the kinesis:PutRecords action`,
    );
    expect(endpoint.gateway.denials).to.deep.equal([
      {
        principal: "arn:aws:sts::123456789012:assumed-role/stranger/test",
        action: "kinesis:PutRecords",
        resource: STREAM_ARN,
        explicit: false,
      },
    ]);
  });

  it("asks for the stream's KMS key on both sides", async () => {
    const writer = clientOf("writer-without-key");
    const reader = clientOf("reader-without-key");
    const Records = [{ PartitionKey: "a", Data: bytes("x") }];
    const putError = await rejection(() =>
      writer.send(new PutRecordsCommand({ StreamName: "orders", Records })),
    );
    const { ShardIterator } = await reader.send(
      new GetShardIteratorCommand({
        StreamName: "orders",
        ShardId: "shardId-000000000000",
        ShardIteratorType: "LATEST",
      }),
    );
    const getError = await rejection(() => reader.send(new GetRecordsCommand({ ShardIterator })));
    writer.destroy();
    reader.destroy();

    expect(putError.name).to.equal("KMSAccessDeniedException");
    expect(putError.message).to.contain(`kms:GenerateDataKey on resource: ${KEY_ARN}`);
    expect(getError.name).to.equal("KMSAccessDeniedException");
    expect(getError.message).to.contain(`kms:Decrypt on resource: ${KEY_ARN}`);
  });

  it("names the field that is wrong", async () => {
    const Records = [
      { PartitionKey: "a", Data: bytes("x") },
      { PartitionKey: "k".repeat(257), Data: bytes("x") },
    ];
    const error = await rejection(() =>
      client.send(new PutRecordsCommand({ StreamName: "orders", Records })),
    );

    expect(error.name).to.equal("ValidationException");
    expect(error.message).to.match(
      /^1 validation error detected: Value 'k+' at 'records\.2\.member\.partitionKey'/,
    );
    expect(error.message).to.match(/less than or equal to 256$/);
  });

  it("throttles chosen entries", async () => {
    kinesis.throttle(({ partitionKey }) => partitionKey === "b");
    const answer = await client.send(
      new PutRecordsCommand({
        StreamName: "orders",
        Records: ["a", "b", "c"].map((PartitionKey) => ({ PartitionKey, Data: bytes("x") })),
      }),
    );

    expect(answer.FailedRecordCount).to.equal(1);
    expect(answer.Records?.map(({ ErrorCode }) => ErrorCode)).to.deep.equal([
      undefined,
      "ProvisionedThroughputExceededException",
      undefined,
    ]);
  });
});
