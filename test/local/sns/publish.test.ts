import { expect } from "chai";
import { rejection } from "../s3/support.ts";
import { openSns, subscriptionResource, TOPIC_ARN, topicResource } from "./support.ts";

const PHONE = "+12025550100";
const sms = subscriptionResource("phone", { protocol: "sms", endpoint: PHONE });
const email = subscriptionResource("mail", { protocol: "email", endpoint: "duty@example.org" });

const LEVEL = (level: number) => ({ level: { DataType: "Number", StringValue: String(level) } });
const structured = { default: "default text", sms: "short text", email: "long text" };

describe("SNS Publish", () => {
  it("gives every protocol its own text, with flattened attributes", async () => {
    using sns = openSns([topicResource(), sms, email]);

    await sns.call("Publish", {
      TopicArn: TOPIC_ARN,
      Subject: "Rain red",
      MessageStructure: "json",
      Message: JSON.stringify(structured),
      MessageAttributes: {
        ...LEVEL(3),
        audience: { DataType: "String.Array", StringValue: '["all", "duty"]' },
        kind: { DataType: "String", StringValue: "start" },
        bytes: { DataType: "Binary", BinaryValue: new Uint8Array([1, 2]) },
        "AWS.SNS.SMS.SMSType": { DataType: "String", StringValue: "Transactional" },
      },
    });

    const attributes = {
      level: 3,
      audience: ["all", "duty"],
      kind: "start",
      bytes: "AQI=",
      "AWS.SNS.SMS.SMSType": "Transactional",
    };
    const time = "2024-04-30T11:00:00.000Z";
    expect(sns.lines()).to.deep.equal([
      { time, protocol: "sms", endpoint: PHONE, message: "short text", attributes },
      {
        time,
        protocol: "email",
        endpoint: "duty@example.org",
        subject: "Rain red",
        message: "long text",
        attributes,
      },
    ]);
    expect(sns.outbox).to.deep.equal(sns.lines());
  });

  it("puts the topic's display name before an SMS, as AWS does", async () => {
    using sns = openSns([topicResource({ displayName: "MyTopic" }), sms, email]);

    await sns.call("Publish", { TopicArn: TOPIC_ARN, Message: "Hello World!" });

    expect(sns.outbox.map(({ message }) => message)).to.deep.equal(["MYTOPIC> Hello World!", "Hello World!"]);
  });

  it("delivers to subscriptions whose filter policy matches", async () => {
    const filterPolicy = JSON.stringify({
      level: [{ numeric: [">=", 2] }],
      location: ["porto-alegre"],
      audience: ["all", "duty"],
    });
    using sns = openSns([
      topicResource(),
      subscriptionResource("picky", { protocol: "sms", endpoint: PHONE, filterPolicy }),
      email,
    ]);
    const publish = (level: number, locations: string[], audience: string[]) =>
      sns.call("Publish", {
        TopicArn: TOPIC_ARN,
        Message: `${level} ${locations} ${audience}`,
        MessageAttributes: {
          ...LEVEL(level),
          location: { DataType: "String.Array", StringValue: JSON.stringify(locations) },
          audience: { DataType: "String.Array", StringValue: JSON.stringify(audience) },
        },
      });

    await publish(2, ["porto-alegre", "canoas"], ["all"]);
    await publish(1, ["porto-alegre"], ["all"]);
    await publish(3, ["canoas"], ["all"]);
    await publish(9, ["porto-alegre"], ["office"]);
    await sns.call("Publish", { TopicArn: TOPIC_ARN, Message: "no attributes" });

    const phone = sns.outbox.filter(({ protocol }) => protocol === "sms");
    expect(phone.map(({ message }) => message)).to.deep.equal(["2 porto-alegre,canoas all"]);
    expect(sns.outbox).to.have.lengthOf(6);
  });

  it("sends to a phone number directly", async () => {
    using sns = openSns([]);

    await sns.call("Publish", { PhoneNumber: PHONE, Message: "hello" });

    expect(sns.outbox).to.have.lengthOf(1);
    expect(sns.outbox[0]).to.include({ protocol: "sms", endpoint: PHONE, message: "hello" });
  });

  it("invokes a subscribed function with AWS's event, and isolates its failure", async () => {
    const arn = "arn:aws:lambda:us-east-1:000000000000:function:orders";
    const calls: unknown[][] = [];
    const redrivePolicy = JSON.stringify({ deadLetterTargetArn: "arn:aws:sqs:us-east-1:000000000000:dead" });
    const lambda = subscriptionResource("function", { protocol: "lambda", endpoint: arn, redrivePolicy });
    using sns = openSns([topicResource(), lambda, sms], async (...call) => {
      calls.push(call);
      throw new Error("rejected");
    });

    const { MessageId } = await sns.call("Publish", {
      TopicArn: TOPIC_ARN,
      Message: "hello",
      MessageAttributes: LEVEL(1),
    });

    const [call] = calls;
    expect(call?.[0]).to.equal(arn);
    expect(call?.[2]).to.deep.equal({ principal: "sns.amazonaws.com", sourceArn: TOPIC_ARN });
    expect(call?.[1]).to.have.nested.property("Records[0].EventSource", "aws:sns");
    expect(call?.[1]).to.have.nested.property("Records[0].EventSubscriptionArn", `${TOPIC_ARN}:function`);
    expect(call?.[1])
      .to.have.nested.property("Records[0].Sns")
      .that.deep.includes({
        Type: "Notification",
        MessageId,
        TopicArn: TOPIC_ARN,
        Subject: null,
        Message: "hello",
        Timestamp: "2024-04-30T11:00:00.000Z",
        MessageAttributes: { level: { Type: "Number", Value: "1" } },
      });
    expect(sns.failures[0]).to.include({
      subscriptionArn: `${TOPIC_ARN}:function`,
      deadLetterTargetArn: "arn:aws:sqs:us-east-1:000000000000:dead",
    });
    expect(sns.failures[0]?.error.message).to.equal("rejected");
    expect(sns.outbox).to.have.lengthOf(1);
  });

  it("wraps the text of an email-json subscription", async () => {
    using sns = openSns([
      topicResource(),
      subscriptionResource("json", { protocol: "email-json", endpoint: "bot@example.org" }),
    ]);

    await sns.call("Publish", { TopicArn: TOPIC_ARN, Message: "hello", Subject: "Hi" });

    expect(sns.outbox[0]).to.include({ protocol: "email", subject: "Hi" });
    expect(JSON.parse(sns.outbox[0]?.message ?? "")).to.include({
      Type: "Notification",
      Message: "hello",
      Subject: "Hi",
    });
  });

  const attribute = (name: string, DataType: string, value = {}) => ({
    MessageAttributes: { [name]: { DataType, ...value } },
  });
  const rejected: [string, object, string, string][] = [
    ["an empty message", { Message: "" }, "InvalidParameter", "Invalid parameter: Empty message"],
    [
      "a long message",
      { Message: "ç".repeat(131_073) },
      "InvalidParameter",
      "Invalid parameter: Message too long",
    ],
    ["a subject of 100", { Subject: "x".repeat(100) }, "InvalidParameter", "Invalid parameter: Subject"],
    ["an empty subject", { Subject: "" }, "InvalidParameter", "Invalid parameter: Subject"],
    ["a subject with ç", { Subject: "preço" }, "InvalidParameter", "Invalid parameter: Subject"],
    ["a line break in the subject", { Subject: "a\nb" }, "InvalidParameter", "Invalid parameter: Subject"],
    [
      "a structure of no JSON",
      { MessageStructure: "json" },
      "InvalidParameter",
      "JSON message body failed to parse",
    ],
    [
      "a structure without default",
      { MessageStructure: "json", Message: '{"sms":"x"}' },
      "InvalidParameter",
      "Invalid parameter: Message Structure - No default entry in JSON message body",
    ],
    ["another structure", { MessageStructure: "xml" }, "InvalidParameter", "MessageStructure"],
    [
      "no topic",
      { TopicArn: undefined },
      "InvalidParameter",
      "TopicArn or TargetArn Reason: no value for required parameter",
    ],
    ["an unknown topic", { TopicArn: `${TOPIC_ARN}x` }, "NotFound", "Topic does not exist"],
    ["a topic and a number", { PhoneNumber: PHONE }, "InvalidParameter", "only one of them"],
    [
      "a bad number",
      { TopicArn: undefined, PhoneNumber: "051" },
      "InvalidParameter",
      "Invalid parameter: PhoneNumber Reason: 051 is not valid to publish to",
    ],
    [
      "an unknown type",
      attribute("a", "Text", { StringValue: "x" }),
      "ParameterValueInvalid",
      "invalid message attribute type",
    ],
    [
      "an empty value",
      attribute("a", "String", { StringValue: "" }),
      "ParameterValueInvalid",
      "must contain non-empty",
    ],
    ["no value", attribute("a", "String"), "ParameterValueInvalid", "must contain non-empty"],
    [
      "a word as a number",
      attribute("a", "Number", { StringValue: "x" }),
      "ParameterValueInvalid",
      "Could not cast message attribute 'a' value to number.",
    ],
    [
      "text as bytes",
      attribute("a", "Binary", { StringValue: "x" }),
      "ParameterValueInvalid",
      "must use field 'Binary'",
    ],
    [
      "a space in a name",
      attribute("a b", "String", { StringValue: "x" }),
      "ParameterValueInvalid",
      "non-alphanumeric",
    ],
    ["two dots in a name", attribute("a..b", "String", { StringValue: "x" }), "ParameterValueInvalid", "dot"],
    [
      "a reserved name",
      attribute("AWS.x", "String", { StringValue: "x" }),
      "ParameterValueInvalid",
      "reserved",
    ],
    [
      "a wrong SMS type",
      attribute("AWS.SNS.SMS.SMSType", "String", { StringValue: "Urgent" }),
      "InvalidParameter",
      "Promotional, Transactional",
    ],
  ];
  for (const [what, input, name, message] of rejected) {
    it(`rejects ${what}`, async () => {
      using sns = openSns([topicResource(), sms]);

      const error = await rejection(sns.call("Publish", { TopicArn: TOPIC_ARN, Message: "hello", ...input }));

      expect(error.name).to.equal(name);
      expect(error.message).to.contain(message);
      expect(sns.outbox).to.deep.equal([]);
    });
  }
});
