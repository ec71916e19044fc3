import {
  ChangeMessageVisibilityCommand,
  DeleteMessageBatchCommand,
  DeleteMessageCommand,
  GetQueueAttributesCommand,
  GetQueueUrlCommand,
  PurgeQueueCommand,
  ReceiveMessageCommand,
  SendMessageBatchCommand,
  SendMessageCommand,
  SQSClient,
} from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { createSqs } from "../../local/sqs/sqs.ts";
import { rejection } from "./endpoint/rejection.ts";
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
const JOBS = ARN.replace("failed", "jobs");
const QueueUrl = "https://sqs.eu-central-1.amazonaws.com/123456789012/failed";

describe("SQS over the SDK", () => {
  let now = new Date("2024-04-30T11:00:00Z");
  let started: Started;
  let clients: SQSClient[];

  beforeEach(async () => {
    const graph = graphOf(
      resource("aws:sqs/queue:Queue", "failed", {}, { arn: ARN }),
      resource(
        "aws:sqs/queue:Queue",
        "jobs",
        { redrivePolicy: JSON.stringify({ deadLetterTargetArn: ARN, maxReceiveCount: 1 }) },
        { arn: JOBS },
      ),
      ...role("owner", allow("sqs:*", [ARN, JOBS])),
      ...role("sender", allow("sqs:SendMessage", ARN)),
    );
    started = await start(graph, createSqs({ graph, now: () => now }).service);
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

  it("stores attributes, delays, hides and counts messages", async () => {
    const [owner] = clients as [SQSClient];
    const counts = async () => {
      const asked = { QueueUrl, AttributeNames: ["All" as const] };
      const { Attributes = {} } = await owner.send(new GetQueueAttributesCommand(asked));
      return ["", "Delayed", "NotVisible"].map(
        (of) => (Attributes as Record<string, string>)[`ApproximateNumberOfMessages${of}`],
      );
    };
    const MessageAttributes = { size: { DataType: "Number", StringValue: "2" } };
    await owner.send(
      new SendMessageBatchCommand({
        QueueUrl,
        Entries: [
          { Id: "now", MessageBody: "now", MessageAttributes },
          { Id: "later", MessageBody: "later", DelaySeconds: 60 },
        ],
      }),
    );
    const all = { QueueUrl, MessageAttributeNames: ["All"], MessageSystemAttributeNames: ["All" as const] };

    const { Messages = [] } = await owner.send(
      new ReceiveMessageCommand({ ...all, MaxNumberOfMessages: 10 }),
    );
    const [message] = Messages;
    const hidden = await counts();
    const ReceiptHandle = message?.ReceiptHandle;
    await owner.send(new ChangeMessageVisibilityCommand({ QueueUrl, ReceiptHandle, VisibilityTimeout: 0 }));
    const shown = await counts();
    const { Messages: again } = await owner.send(new ReceiveMessageCommand(all));
    await owner.send(new DeleteMessageBatchCommand({ QueueUrl, Entries: [{ Id: "now", ReceiptHandle }] }));

    expect(Messages.map(({ Body }) => Body)).to.deep.equal(["now"]);
    expect(message?.MessageAttributes).to.deep.equal(MessageAttributes);
    expect(again?.[0]?.Attributes).to.include({
      ApproximateReceiveCount: "2",
      SentTimestamp: String(now.getTime()),
    });
    expect([hidden, shown, await counts()]).to.deep.equal([
      ["0", "1", "1"],
      ["1", "1", "0"],
      ["0", "1", "0"],
    ]);
  });

  it("names a queue's URL and empties it", async () => {
    const [owner] = clients as [SQSClient];
    await owner.send(new SendMessageCommand({ QueueUrl, MessageBody: "m" }));
    await owner.send(new PurgeQueueCommand({ QueueUrl }));

    const { QueueUrl: url } = await owner.send(new GetQueueUrlCommand({ QueueName: "failed" }));
    expect(url).to.equal(QueueUrl);
    expect((await owner.send(new ReceiveMessageCommand({ QueueUrl }))).Messages).to.equal(undefined);
  });

  it("moves messages received too often to the dead-letter queue, and removes old ones", async () => {
    const [owner] = clients as [SQSClient];
    const receive = async (name: string) =>
      (await owner.send(new ReceiveMessageCommand({ QueueUrl: QueueUrl.replace("failed", name) })))
        .Messages?.[0];
    await owner.send(
      new SendMessageCommand({ QueueUrl: QueueUrl.replace("failed", "jobs"), MessageBody: "bad" }),
    );

    const first = await receive("jobs");
    now = new Date(now.getTime() + 30_000);
    const second = await receive("jobs");
    const dead = await receive("failed");
    now = new Date(now.getTime() + 5 * 86_400_000);

    expect([first?.Body, second, dead?.MessageId]).to.deep.equal(["bad", undefined, first?.MessageId]);
    expect(await receive("failed")).to.equal(undefined);
  });

  it("checks permissions, and rejects an unknown queue", async () => {
    const [owner, sender] = clients as [SQSClient, SQSClient];
    const denied = await rejection(() => sender.send(new ReceiveMessageCommand({ QueueUrl })));
    const unknown = await rejection(() =>
      owner.send(new SendMessageCommand({ QueueUrl: `${QueueUrl}2`, MessageBody: "m" })),
    );
    expect([denied.name, unknown.name]).to.deep.equal(["AccessDeniedException", "AccessDeniedException"]);
  });
});
