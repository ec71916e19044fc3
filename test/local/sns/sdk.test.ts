import {
  GetSMSAttributesCommand,
  GetSMSSandboxAccountStatusCommand,
  GetTopicAttributesCommand,
  ListSubscriptionsByTopicCommand,
  type ListSubscriptionsByTopicCommandOutput,
  PublishBatchCommand,
  PublishCommand,
  SNSClient,
  SubscribeCommand,
} from "@aws-sdk/client-sns";
import { expect } from "chai";
import { graphOf, rejection, resource, serve } from "../s3/support.ts";
import { openSns, subscriptionResource, TOPIC_ARN, topicResource } from "./support.ts";

const resources = [
  topicResource({ displayName: "" }),
  subscriptionResource("mail", {
    protocol: "email",
    endpoint: "duty@example.org",
    filterPolicy: '{"level":[3]}',
  }),
];

async function openClient(more: Parameters<typeof openSns>[0] = [], isInSmsSandbox = false) {
  const all = [...resources, ...more];
  const sns = openSns(all, undefined, { isInSmsSandbox });
  const server = await serve(sns.service, graphOf(...all));
  const client = new SNSClient(server.config);
  return {
    sns,
    client,
    async [Symbol.asyncDispose]() {
      client.destroy();
      await server[Symbol.asyncDispose]();
      sns[Symbol.dispose]();
    },
  };
}

describe("SNS over the AWS SDK", () => {
  it("publishes with attributes of every type", async () => {
    await using fixture = await openClient();
    const { client, sns } = fixture;

    const { MessageId } = await client.send(
      new PublishCommand({
        TopicArn: TOPIC_ARN,
        Subject: "Rain & wind",
        Message: '{"default":"short","email":"chuva às 8 h\\n& vento"}',
        MessageStructure: "json",
        MessageAttributes: {
          level: { DataType: "Number", StringValue: "3" },
          audience: { DataType: "String.Array", StringValue: '["all"]' },
          bytes: { DataType: "Binary", BinaryValue: new Uint8Array([1, 2]) },
        },
      }),
    );

    expect(MessageId).to.match(/^[0-9a-f-]{36}$/);
    expect(sns.outbox).to.deep.equal([
      {
        time: "2024-04-30T11:00:00.000Z",
        protocol: "email",
        endpoint: "duty@example.org",
        subject: "Rain & wind",
        message: "chuva às 8 h\n& vento",
        attributes: { level: 3, audience: ["all"], bytes: "AQI=" },
      },
    ]);
  });

  it("publishes a batch, in which a bad entry fails alone", async () => {
    await using fixture = await openClient();
    const { client, sns } = fixture;
    const MessageAttributes = { level: { DataType: "Number", StringValue: "3" } };

    const answer = await client.send(
      new PublishBatchCommand({
        TopicArn: TOPIC_ARN,
        PublishBatchRequestEntries: [
          { Id: "good", Message: "one", MessageAttributes },
          { Id: "bad", Message: "two", Subject: "ç", MessageAttributes },
          { Id: "other", Message: "three", MessageAttributes },
        ],
      }),
    );

    expect(answer.Successful?.map(({ Id }) => Id)).to.deep.equal(["good", "other"]);
    expect(answer.Failed).to.deep.equal([
      { Id: "bad", Code: "InvalidParameter", Message: "Invalid parameter: Subject", SenderFault: true },
    ]);
    expect(sns.outbox.map(({ message }) => message)).to.deep.equal(["one", "three"]);
  });

  it("rejects batches as AWS does", async () => {
    await using fixture = await openClient();
    const { client } = fixture;
    const send = (ids: string[], Message = "x") =>
      rejection(
        client.send(
          new PublishBatchCommand({
            TopicArn: TOPIC_ARN,
            PublishBatchRequestEntries: ids.map((Id) => ({ Id, Message })),
          }),
        ),
      );

    const errors = [
      await send(Array.from({ length: 11 }, (_, index) => `id-${index}`)),
      await send(["a", "a"]),
      await send(["a b"]),
      await send(["a", "b"], "x".repeat(200_000)),
    ];

    expect(errors.map(({ name }) => name.replace(/Exception$/, ""))).to.deep.equal([
      "TooManyEntriesInBatchRequest",
      "BatchEntryIdsNotDistinct",
      "InvalidBatchEntryId",
      "BatchRequestTooLong",
    ]);
  });

  it("answers errors with the names of the SDK", async () => {
    await using fixture = await openClient();
    const { client } = fixture;

    const unknown = await rejection(
      client.send(new PublishCommand({ TopicArn: `${TOPIC_ARN}x`, Message: "x" })),
    );
    const invalid = await rejection(
      client.send(new PublishCommand({ TopicArn: TOPIC_ARN, Message: "x", Subject: "ç" })),
    );
    const missing = await rejection(
      client.send(new SubscribeCommand({ TopicArn: TOPIC_ARN, Protocol: "sms" })),
    );

    expect(unknown).to.include({ name: "NotFoundException", message: "Topic does not exist" });
    expect(invalid).to.include({ name: "InvalidParameterException", message: "Invalid parameter: Subject" });
    expect(missing.message).to.contain("sns:Subscribe is not emulated");
  });

  it("answers the attributes of the topic and its subscriptions", async () => {
    await using fixture = await openClient();
    const { client } = fixture;

    const { Attributes } = await client.send(new GetTopicAttributesCommand({ TopicArn: TOPIC_ARN }));
    const { Subscriptions } = await client.send(new ListSubscriptionsByTopicCommand({ TopicArn: TOPIC_ARN }));

    expect(Attributes).to.include({ TopicArn: TOPIC_ARN, SubscriptionsConfirmed: "1" });
    expect(Subscriptions).to.deep.equal([
      {
        SubscriptionArn: `${TOPIC_ARN}:mail`,
        Owner: "000000000000",
        Protocol: "email",
        Endpoint: "duty@example.org",
        TopicArn: TOPIC_ARN,
      },
    ]);
  });

  it("lists who has not confirmed as pending, and sends them nothing", async () => {
    const endpoint = "late@example.org";
    await using fixture = await openClient([
      subscriptionResource("late", { protocol: "email", endpoint }, { pendingConfirmation: true }),
    ]);
    const { client, sns } = fixture;

    await client.send(
      new PublishCommand({
        TopicArn: TOPIC_ARN,
        Message: "x",
        MessageAttributes: { level: { DataType: "Number", StringValue: "3" } },
      }),
    );
    const { Attributes } = await client.send(new GetTopicAttributesCommand({ TopicArn: TOPIC_ARN }));
    const { Subscriptions } = await client.send(new ListSubscriptionsByTopicCommand({ TopicArn: TOPIC_ARN }));

    expect(sns.outbox.map((message) => message.endpoint)).to.deep.equal(["duty@example.org"]);
    expect(Attributes).to.include({ SubscriptionsConfirmed: "1", SubscriptionsPending: "1" });
    expect(Subscriptions?.map(({ SubscriptionArn, Endpoint }) => [SubscriptionArn, Endpoint])).to.deep.equal([
      [`${TOPIC_ARN}:mail`, "duty@example.org"],
      ["PendingConfirmation", endpoint],
    ]);
  });

  it("lists a hundred subscriptions a page", async () => {
    const phones = Array.from({ length: 199 }, (_, index) =>
      subscriptionResource(`p${index}`, { protocol: "sms", endpoint: `+1202555010${100 + index}` }),
    );
    await using fixture = await openClient(phones);

    const pages: number[] = [];
    let NextToken: string | undefined;
    do {
      const page: ListSubscriptionsByTopicCommandOutput = await fixture.client.send(
        new ListSubscriptionsByTopicCommand({ TopicArn: TOPIC_ARN, NextToken }),
      );
      pages.push(page.Subscriptions?.length ?? 0);
      NextToken = page.NextToken;
    } while (NextToken !== undefined);

    expect(pages).to.deep.equal([100, 100]);
  });

  it("answers whether the account is in the SMS sandbox", async () => {
    const answers: (boolean | undefined)[] = [];
    for (const isInSmsSandbox of [true, false]) {
      await using fixture = await openClient([], isInSmsSandbox);
      answers.push((await fixture.client.send(new GetSMSSandboxAccountStatusCommand({}))).IsInSandbox);
    }

    expect(answers).to.deep.equal([true, false]);
  });

  it("answers the SMS settings of AWS's default or of the program", async () => {
    await using plain = await openClient();
    await using declared = await openClient([
      resource("aws:sns/smsPreferences:SmsPreferences", "sms", {
        monthlySpendLimit: 20,
        defaultSmsType: "Transactional",
      }),
    ]);
    const settings = async ({ client }: typeof plain, attributes?: string[]) =>
      (await client.send(new GetSMSAttributesCommand({ attributes }))).attributes;

    expect(await settings(plain)).to.deep.equal({ MonthlySpendLimit: "1" });
    expect(await settings(declared)).to.deep.equal({
      MonthlySpendLimit: "20",
      DefaultSMSType: "Transactional",
    });
    expect(await settings(declared, ["DefaultSMSType", "DefaultSenderID"])).to.deep.equal({
      DefaultSMSType: "Transactional",
    });
    expect(await rejection(settings(declared, ["Colour"]))).to.include({
      name: "InvalidParameterException",
      message: "Invalid parameter: attributes Reason: Colour is not an SMS attribute",
    });
  });
});
