import { expect } from "chai";
import { resource } from "../s3/support.ts";
import { openSns, subscriptionResource, TOPIC_ARN, topicResource } from "./support.ts";

const PHONE = "+12025550100";

describe("SNS subscriptions at start", () => {
  const rejected: [string, Record<string, unknown>, string][] = [
    [
      "another protocol",
      { protocol: "firehose", endpoint: "arn:aws:firehose:x" },
      "The protocol firehose of the SNS subscription bad",
    ],
    ["a number without +", { protocol: "sms", endpoint: "555-SECRET" }, "a phone number in E.164 form"],
    ["a bad address", { protocol: "email", endpoint: "555-SECRET" }, "an e-mail address"],
    ["a bad policy", { protocol: "sms", endpoint: PHONE, filterPolicy: '{"a":"x"}' }, "filterPolicy"],
    [
      "an unknown scope of a policy",
      { protocol: "sms", endpoint: PHONE, filterPolicy: "{}", filterPolicyScope: "Message" },
      "filterPolicyScope",
    ],
    [
      "raw delivery by SMS",
      { protocol: "sms", endpoint: PHONE, rawMessageDelivery: true },
      "rawMessageDelivery",
    ],
    [
      "a function and no Lambda",
      { protocol: "lambda", endpoint: "arn:aws:lambda:x" },
      "no option invokeFunction",
    ],
    ["a queue and no SQS", { protocol: "sqs", endpoint: "arn:aws:sqs:x" }, "no option sendToQueue"],
    [
      "another program's topic",
      { topic: "arn:other", protocol: "sms", endpoint: PHONE },
      "does not declare this topic",
    ],
  ];
  for (const [what, inputs, message] of rejected) {
    it(`rejects ${what}, naming the subscription and not its endpoint`, () => {
      const open = () => openSns([topicResource(), subscriptionResource("bad", inputs)]);

      expect(open)
        .to.throw(message)
        .with.property("message")
        .that.contains("bad")
        .and.not.contains("555-SECRET");
    });
  }

  it("names a FIFO topic as not emulated", () => {
    expect(() => openSns([topicResource({ fifoTopic: true })])).to.throw(
      "The FIFO topic alerts is not emulated",
    );
  });

  it("rejects more than 200 filter policies on a topic", () => {
    const many = Array.from({ length: 201 }, (_, index) =>
      subscriptionResource(`s${index}`, { protocol: "sms", endpoint: PHONE, filterPolicy: '{"a":["x"]}' }),
    );

    expect(() => openSns([topicResource(), ...many])).to.throw("a topic takes 200");
  });

  it("needs the topic's customer key to publish", () => {
    const keyArn = "arn:aws:kms:us-east-1:000000000000:key/1111";
    using sns = openSns([
      topicResource({ kmsMasterKeyId: "1111" }),
      resource("aws:kms/key:Key", "key", {}, { arn: keyArn, keyId: "1111" }),
    ]);

    expect(sns.service.operations.Publish?.permissions({ TopicArn: TOPIC_ARN })).to.deep.equal([
      { action: "sns:Publish", resource: TOPIC_ARN },
      { action: "kms:GenerateDataKey", resource: keyArn },
      { action: "kms:Decrypt", resource: keyArn },
    ]);
  });
});
