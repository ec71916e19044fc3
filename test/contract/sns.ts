import {
  type MessageAttributeValue,
  PublishBatchCommand,
  type PublishBatchRequestEntry,
  PublishCommand,
  type PublishCommandInput,
} from "@aws-sdk/client-sns";
import { expect } from "chai";
import {
  ATTRIBUTE_NAME_LIMIT_CHARACTERS,
  BATCH_ENTRY_ID_LIMIT_CHARACTERS,
  BATCH_LIMIT_ENTRIES,
  FILTER_ATTRIBUTE_NAMES_LIMIT,
  FILTER_COMBINATIONS_LIMIT,
  MESSAGE_LIMIT_BYTES,
  SUBJECT_LIMIT_CHARACTERS,
} from "../../local/sns/limits.ts";
import { answerOf } from "./answer.ts";
import { linesOf } from "./line.ts";
import type { Place, World } from "./place.ts";

const STRINGS = "https://docs.aws.amazon.com/sns/latest/dg/string-value-matching.html";
const NUMBERS = "https://docs.aws.amazon.com/sns/latest/dg/numeric-value-matching.html";
const KEYS = "https://docs.aws.amazon.com/sns/latest/dg/attribute-key-matching.html";
const LOGIC = "https://docs.aws.amazon.com/sns/latest/dg/and-or-logic.html";
const CONSTRAINTS = "https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html";
const BATCH = "https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html";
const PUBLISH = "https://docs.aws.amazon.com/sns/latest/api/API_Publish.html";
const ATTRIBUTES = "https://docs.aws.amazon.com/sns/latest/dg/sns-message-attributes.html";
const STRUCTURE =
  "https://docs.aws.amazon.com/sns/latest/dg/sns-send-custom-platform-specific-payloads-mobile-devices.html";

const INVALID = /^InvalidParameter(Value)?Exception$/;

type Attributes = Readonly<Record<string, MessageAttributeValue>>;

const text = (StringValue: string): MessageAttributeValue => ({ DataType: "String", StringValue });
const number = (value: number): MessageAttributeValue => ({ DataType: "Number", StringValue: String(value) });
const array = (...values: unknown[]): MessageAttributeValue => ({
  DataType: "String.Array",
  StringValue: JSON.stringify(values),
});

/** A line on which messages, named as their texts, pass a filter policy: those of `expected` do. */
const filters =
  (policy: object, messages: Readonly<Record<string, Attributes>>, expected: readonly string[]) =>
  async (place: Place): Promise<void> => {
    await using world = await place.open({ topics: { alerts: policy } });
    for (const [Message, MessageAttributes] of Object.entries(messages))
      await publish(world, { Message, MessageAttributes });

    const delivered = (await deliveriesOf(world, expected.length)).map(({ Message }) => Message);

    expect(delivered, "delivered").to.have.members(expected);
  };

/** A line over a topic without a filter. */
const onTopic = (check: (world: World) => Promise<void>) => async (place: Place) => {
  await using world = await place.open({ topics: { alerts: null } });
  await check(world);
};

function publish(world: World, input: PublishCommandInput) {
  return world.clients.sns.send(new PublishCommand({ TopicArn: world.topicArn("alerts"), ...input }));
}

function publishBatch(world: World, entries: PublishBatchRequestEntry[]) {
  return world.clients.sns.send(
    new PublishBatchCommand({ TopicArn: world.topicArn("alerts"), PublishBatchRequestEntries: entries }),
  );
}

/** What the subscribed function was given, when as many messages have come, and none comes after them. */
async function deliveriesOf(world: World, count: number) {
  await world.pass(10, { until: async () => (await world.events()).length >= count });
  await world.pass(0.5);
  return (await world.events()).map((event) => event.Records[0].Sns);
}

const entries = (count: number, size = 1) =>
  Array.from({ length: count }, (_, index) => ({ Id: String(index), Message: "m".repeat(size) }));

const level = (value: string) => ({ level: text(value) });

export const SNS = linesOf("SNS", [
  [
    "Filter policy: one of several strings, in its own case",
    STRINGS,
    filters(
      { level: ["orange", "red"] },
      { orange: level("orange"), red: level("red"), yellow: level("yellow"), Red: level("Red"), none: {} },
      ["orange", "red"],
    ),
  ],
  [
    "Filter policy: one element of a String.Array is enough",
    STRINGS,
    filters(
      { place: ["here"] },
      { both: { place: array("there", "here") }, other: { place: array("there") } },
      ["both"],
    ),
  ],
  [
    "Filter policy: prefix",
    STRINGS,
    filters(
      { place: [{ prefix: "porto-" }] },
      { a: { place: text("porto-alegre") }, b: { place: text("o-porto-") }, c: { place: text("porto") } },
      ["a"],
    ),
  ],
  [
    "Filter policy: suffix and equals-ignore-case",
    STRINGS,
    filters(
      { place: [{ suffix: "-sul" }, { "equals-ignore-case": "here" }] },
      { a: { place: text("rio-sul") }, b: { place: text("HERE") }, c: { place: text("sul-rio") } },
      ["a", "b"],
    ),
  ],
  [
    "Filter policy: anything-but values, which wants the attribute to be there",
    STRINGS,
    filters(
      { level: [{ "anything-but": ["yellow", "green"] }] },
      { red: level("red"), yellow: level("yellow"), green: level("green"), none: { other: text("red") } },
      ["red"],
    ),
  ],
  [
    "Filter policy: anything-but a prefix",
    STRINGS,
    filters(
      { place: [{ "anything-but": { prefix: "test-" } }] },
      { a: { place: text("porto") }, b: { place: text("test-porto") } },
      ["a"],
    ),
  ],
  [
    "Filter policy: a number equals 5 and 5.0, not the string 5",
    NUMBERS,
    filters(
      { rain: [{ numeric: ["=", 5] }] },
      {
        five: { rain: number(5) },
        decimal: { rain: { DataType: "Number", StringValue: "5.0" } },
        text: { rain: text("5") },
        more: { rain: number(5.1) },
      },
      ["five", "decimal"],
    ),
  ],
  [
    "Filter policy: numbers in a range, each bound in or out of it",
    NUMBERS,
    filters(
      { rain: [{ numeric: [">", 0, "<=", 5] }] },
      {
        zero: { rain: number(0) },
        one: { rain: number(1) },
        five: { rain: number(5) },
        six: { rain: number(5.01) },
      },
      ["one", "five"],
    ),
  ],
  [
    "Filter policy: exists true",
    KEYS,
    filters({ test: [{ exists: true }] }, { is: { test: text("x") }, not: level("red") }, ["is"]),
  ],
  [
    "Filter policy: exists false, which wants another attribute",
    KEYS,
    filters({ test: [{ exists: false }] }, { is: { test: text("x") }, not: level("red"), none: {} }, ["not"]),
  ],
  [
    "Filter policy: every name must match, one of its values, and of $or one side",
    LOGIC,
    filters(
      { level: ["orange", "red"], $or: [{ place: ["here"] }, { rain: [{ numeric: [">", 9] }] }] },
      {
        first: { level: text("red"), place: text("here") },
        second: { level: text("orange"), rain: number(10) },
        neither: { level: text("red"), place: text("there"), rain: number(1) },
        level: { level: text("yellow"), place: text("here") },
      },
      ["first", "second"],
    ),
  ],
  [
    `Filter policy: ${FILTER_ATTRIBUTE_NAMES_LIMIT} names are taken, one more is refused`,
    CONSTRAINTS,
    async (place) => {
      const named = (count: number) => ({
        topics: {
          alerts: Object.fromEntries(Array.from({ length: count }, (_, index) => [`n${index}`, ["x"]])),
        },
      });
      expect(await place.refusal(named(FILTER_ATTRIBUTE_NAMES_LIMIT)), "at the limit").to.equal(undefined);
      expect(await place.refusal(named(FILTER_ATTRIBUTE_NAMES_LIMIT + 1)), "one more").to.be.a("string");
    },
  ],
  [
    `Filter policy: ${FILTER_COMBINATIONS_LIMIT} combinations of values are taken, one more is refused`,
    CONSTRAINTS,
    async (place) => {
      const values = (count: number) => ({
        topics: { alerts: { level: Array.from({ length: count }, (_, index) => `v${index}`) } },
      });
      expect(await place.refusal(values(FILTER_COMBINATIONS_LIMIT)), "at the limit").to.equal(undefined);
      expect(await place.refusal(values(FILTER_COMBINATIONS_LIMIT + 1)), "one more").to.be.a("string");
    },
  ],
  [
    "Filter policy: an operator that there is not, and a value that is no list, are refused",
    CONSTRAINTS,
    async (place) => {
      const topics = (alerts: object) => ({ topics: { alerts } });
      expect(await place.refusal(topics({ level: [{ like: "r" }] })), "operator").to.be.a("string");
      expect(await place.refusal(topics({ level: "red" })), "no list").to.be.a("string");
    },
  ],
  [
    `PublishBatch takes ${BATCH_LIMIT_ENTRIES} entries and refuses one more`,
    BATCH,
    onTopic(async (world) => {
      const { Successful, Failed = [] } = await publishBatch(world, entries(BATCH_LIMIT_ENTRIES));
      expect([Successful?.length, Failed.length], "answers").to.deep.equal([BATCH_LIMIT_ENTRIES, 0]);
      expect(await answerOf(publishBatch(world, entries(BATCH_LIMIT_ENTRIES + 1))), "one more").to.equal(
        "TooManyEntriesInBatchRequestException",
      );
    }),
  ],
  [
    "PublishBatch takes 256 KiB in all and refuses one byte more",
    BATCH,
    onTopic(async (world) => {
      const half = { Id: "half", Message: "m".repeat(MESSAGE_LIMIT_BYTES / 2) };
      const over = { Id: "over", Message: "m".repeat(MESSAGE_LIMIT_BYTES / 2 + 1) };
      expect(await answerOf(publishBatch(world, [half, { ...half, Id: "other" }])), "256 KiB").to.equal(
        "taken",
      );
      expect(await answerOf(publishBatch(world, [half, over])), "one more").to.equal(
        "BatchRequestTooLongException",
      );
    }),
  ],
  [
    "PublishBatch refuses no entries, two of one Id, and an Id of other characters or more than 80",
    BATCH,
    onTopic(async (world) => {
      const [entry] = entries(1);
      if (entry === undefined) throw new Error("no entry");
      const withId = (Id: string) => answerOf(publishBatch(world, [{ ...entry, Id }]));
      expect(await answerOf(publishBatch(world, [])), "none").to.equal("EmptyBatchRequestException");
      expect(await answerOf(publishBatch(world, [entry, entry])), "one Id").to.equal(
        "BatchEntryIdsNotDistinctException",
      );
      expect(await withId("a b"), "a space").to.equal("InvalidBatchEntryIdException");
      expect(await withId("i".repeat(BATCH_ENTRY_ID_LIMIT_CHARACTERS)), "80").to.equal("taken");
      expect(await withId("i".repeat(BATCH_ENTRY_ID_LIMIT_CHARACTERS + 1)), "81").to.equal(
        "InvalidBatchEntryIdException",
      );
    }),
  ],
  [
    "PublishBatch: a bad entry fails alone, with its Id, a code and SenderFault",
    BATCH,
    onTopic(async (world) => {
      const { Successful = [], Failed = [] } = await publishBatch(world, [
        { Id: "good", Message: "good" },
        { Id: "bad", Message: "bad", MessageAttributes: { level: { DataType: "Word", StringValue: "x" } } },
      ]);
      expect(
        Successful.map(({ Id }) => Id),
        "successful",
      ).to.deep.equal(["good"]);
      expect(
        Failed.map(({ Id, SenderFault }) => [Id, SenderFault]),
        "failed",
      ).to.deep.equal([["bad", true]]);
      expect(
        (await deliveriesOf(world, 1)).map(({ Message }) => Message),
        "delivered",
      ).to.deep.equal(["good"]);
    }),
  ],
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
    "An attribute of another type, a Number that is none and an empty value are refused",
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
    "MessageStructure json without a default, or over what is no JSON object of strings, is refused",
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
