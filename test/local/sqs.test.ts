import {
  DeleteMessageCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { createSqs } from "../../local/sqs/sqs.ts";
import { refusal } from "./endpoint/refusal.ts";
import {
  allow,
  clientConfig,
  graphOf,
  resource,
  role,
  roleArn,
  type Started,
  start,
} from "./endpoint/support.ts";

const ARN = "arn:aws:sqs:eu-central-1:123456789012:failed";
const QueueUrl = "https://sqs.eu-central-1.amazonaws.com/123456789012/failed";

describe("SQS over the SDK", () => {
  let now = new Date("2024-04-30T11:00:00Z");
  let started: Started;
  let clients: SQSClient[];

  beforeEach(async () => {
    const graph = graphOf(
      resource("aws:sqs/queue:Queue", "failed", {}, { arn: ARN }),
      ...role("owner", allow(["sqs:SendMessage", "sqs:ReceiveMessage", "sqs:DeleteMessage"], ARN)),
      ...role("sender", allow("sqs:SendMessage", ARN)),
    );
    started = await start(graph, createSqs({ graph, now: () => now }));
    clients = ["owner", "sender"].map(
      (name) =>
        new SQSClient({
          ...clientConfig(started.url, started.identities.forRole(roleArn(name), "test")),
          useQueueUrlAsEndpoint: false,
        }),
    );
  });
  afterEach(async () => {
    for (const client of clients) client.destroy();
    await started.stop();
  });

  it("gives a message again after its visibility timeout, until it is deleted", async () => {
    const [owner] = clients as [SQSClient];
    const receive = async () => (await owner.send(new ReceiveMessageCommand({ QueueUrl }))).Messages ?? [];
    await owner.send(new SendMessageCommand({ QueueUrl, MessageBody: "são" }));

    const [first] = await receive();
    const hidden = await receive();
    now = new Date(now.getTime() + 30_000);
    const [again] = await receive();
    await owner.send(new DeleteMessageCommand({ QueueUrl, ReceiptHandle: again?.ReceiptHandle }));
    now = new Date(now.getTime() + 30_000);

    expect([first?.Body, hidden.length, again?.MessageId, (await receive()).length]).to.deep.equal([
      "são",
      0,
      first?.MessageId,
      0,
    ]);
  });

  it("asks IAM, and knows no other queue", async () => {
    const [owner, sender] = clients as [SQSClient, SQSClient];
    const denied = await refusal(() => sender.send(new ReceiveMessageCommand({ QueueUrl })));
    const unknown = await refusal(() =>
      owner.send(new SendMessageCommand({ QueueUrl: `${QueueUrl}2`, MessageBody: "m" })),
    );
    expect([denied.name, unknown.name]).to.deep.equal(["AccessDeniedException", "AccessDeniedException"]);
  });
});
