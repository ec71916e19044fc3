import type { MessageAttributeValue } from "@aws-sdk/client-sns";
import { expect } from "chai";
import {
  ATTRIBUTE_NAME_LIMIT_CHARACTERS,
  MESSAGE_LIMIT_BYTES,
  SUBJECT_LIMIT_CHARACTERS,
} from "../../../local/sns/limits.ts";
import { answerOf } from "../answer.ts";
import { linesOf } from "../line.ts";
import { array, deliveriesOf, INVALID, number, onTopic, publish, text } from "./topic.ts";

const PUBLISH = "https://docs.aws.amazon.com/sns/latest/api/API_Publish.html";
const ATTRIBUTES = "https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html";
const STRUCTURE =
  "https://docs.aws.amazon.com/sns/latest/dg/sns-send-custom-platform-specific-payloads-mobile-devices.html";

export const MESSAGES = linesOf("SNS", [
  [
    "A message has 256 KiB with its attributes at most",
    PUBLISH,
    onTopic(async (world) => {
      // Name, type and value count: "a", "String" and "v" are 8 bytes.
      const MessageAttributes = { a: text("v") };
      const of = (bytes: number) =>
        answerOf(publish(world, { Message: "m".repeat(bytes - 8), MessageAttributes }));
      expect(await of(MESSAGE_LIMIT_BYTES), "256 KiB").to.equal("taken");
      expect(await of(MESSAGE_LIMIT_BYTES + 1), "one more").to.match(INVALID);
    }),
  ],
  [
    "A message is not empty",
    PUBLISH,
    onTopic(async (world) => {
      expect(await answerOf(publish(world, { Message: "" })), "answer").to.match(INVALID);
    }),
  ],
  [
    "A subject is ASCII without line breaks, of less than 100 characters",
    PUBLISH,
    onTopic(async (world) => {
      const subject = (Subject: string) => answerOf(publish(world, { Message: "m", Subject }));
      expect(await subject("s".repeat(SUBJECT_LIMIT_CHARACTERS - 1)), "99").to.equal("taken");
      expect(await subject("s".repeat(SUBJECT_LIMIT_CHARACTERS)), "100").to.match(INVALID);
      expect(await subject("são"), "not ASCII").to.match(INVALID);
      expect(await subject("a\nb"), "a line break").to.match(INVALID);
    }),
  ],
  [
    "Attributes of type String, String.Array, Number and Binary arrive as they were sent",
    ATTRIBUTES,
    onTopic(async (world) => {
      const MessageAttributes = {
        text: text("red"),
        list: array("a", 1, true, null),
        number: number(-1.5),
        bytes: { DataType: "Binary", BinaryValue: Buffer.from([1, 2, 255]) },
      };
      await publish(world, { Message: "m", MessageAttributes });
      const [delivered] = await deliveriesOf(world, 1);
      expect(delivered?.MessageAttributes, "attributes").to.deep.equal({
        text: { Type: "String", Value: "red" },
        list: { Type: "String.Array", Value: '["a",1,true,null]' },
        number: { Type: "Number", Value: "-1.5" },
        bytes: { Type: "Binary", Value: "AQL/" },
      });
    }),
  ],
  [
    "An attribute of another type, a Number that is none and an empty value are rejected",
    ATTRIBUTES,
    onTopic(async (world) => {
      const attribute = (value: MessageAttributeValue) =>
        answerOf(publish(world, { Message: "m", MessageAttributes: { a: value } }));
      expect(await attribute({ DataType: "Word", StringValue: "x" }), "another type").to.match(INVALID);
      expect(await attribute({ DataType: "Number", StringValue: "many" }), "no number").to.match(INVALID);
      expect(await attribute({ DataType: "String", StringValue: "" }), "empty").to.match(INVALID);
    }),
  ],
  [
    "An attribute's name has 256 characters at most, no space, and does not begin with AWS.",
    ATTRIBUTES,
    onTopic(async (world) => {
      const named = (name: string) =>
        answerOf(publish(world, { Message: "m", MessageAttributes: { [name]: text("x") } }));
      expect(await named("n".repeat(ATTRIBUTE_NAME_LIMIT_CHARACTERS)), "256").to.equal("taken");
      expect(await named("n".repeat(ATTRIBUTE_NAME_LIMIT_CHARACTERS + 1)), "257").to.match(INVALID);
      expect(await named("a b"), "a space").to.match(INVALID);
      expect(await named("AWS.level"), "AWS.").to.match(INVALID);
    }),
  ],
  [
    "MessageStructure json: a protocol gets its own text, else the default",
    STRUCTURE,
    onTopic(async (world) => {
      const json = (texts: object) =>
        publish(world, { Message: JSON.stringify(texts), MessageStructure: "json" });
      await json({ default: "default", lambda: "for functions" });
      await json({ default: "default", sms: "for phones" });
      expect(
        (await deliveriesOf(world, 2)).map(({ Message }) => Message),
        "texts",
      ).to.have.members(["for functions", "default"]);
    }),
  ],
  [
    "MessageStructure json without a default, or over what is no JSON object of strings, is rejected",
    PUBLISH,
    onTopic(async (world) => {
      const structured = (Message: string) => answerOf(publish(world, { Message, MessageStructure: "json" }));
      expect(await structured('{"sms": "text"}'), "no default").to.match(INVALID);
      expect(await structured("text"), "no JSON").to.match(INVALID);
    }),
  ],
  [
    "A topic that is not there is answered with NotFoundException",
    PUBLISH,
    onTopic(async (world) => {
      const TopicArn = `${world.topicArn("alerts")}-not`;
      expect(await answerOf(publish(world, { TopicArn, Message: "m" })), "answer").to.equal(
        "NotFoundException",
      );
    }),
  ],
]);
