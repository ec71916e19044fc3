import { expect } from "chai";
import { FILTER_ATTRIBUTE_NAMES_LIMIT, FILTER_COMBINATIONS_LIMIT } from "../../../local/sns/limits.ts";
import type { Backend } from "../backend.ts";
import { linesOf } from "../line.ts";
import { type Attributes, array, deliveriesOf, number, publish, text } from "./topic.ts";

const STRINGS = "https://docs.aws.amazon.com/sns/latest/dg/string-value-matching.html";
const NUMBERS = "https://docs.aws.amazon.com/sns/latest/dg/numeric-value-matching.html";
const KEYS = "https://docs.aws.amazon.com/sns/latest/dg/attribute-key-matching.html";
const LOGIC = "https://docs.aws.amazon.com/sns/latest/dg/and-or-logic.html";
const CONSTRAINTS = "https://docs.aws.amazon.com/sns/latest/dg/subscription-filter-policy-constraints.html";

/** A line on which messages, named as their texts, pass a filter policy: those of `expected` do. */
const filters =
  (policy: object, messages: Readonly<Record<string, Attributes>>, expected: readonly string[]) =>
  async (backend: Backend): Promise<void> => {
    await using world = await backend.open({ topics: { alerts: policy } });
    for (const [Message, MessageAttributes] of Object.entries(messages))
      await publish(world, { Message, MessageAttributes });

    const delivered = (await deliveriesOf(world, expected.length)).map(({ Message }) => Message);

    expect(delivered, "delivered").to.have.members(expected);
  };

const level = (value: string) => ({ level: text(value) });

export const FILTER_POLICIES = linesOf("SNS", [
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
    `Filter policy: ${FILTER_ATTRIBUTE_NAMES_LIMIT} names are taken, one more is rejected`,
    CONSTRAINTS,
    async (backend) => {
      const named = (count: number) => ({
        topics: {
          alerts: Object.fromEntries(Array.from({ length: count }, (_, index) => [`n${index}`, ["x"]])),
        },
      });
      expect(await backend.rejectionOf(named(FILTER_ATTRIBUTE_NAMES_LIMIT)), "at the limit").to.equal(
        undefined,
      );
      expect(await backend.rejectionOf(named(FILTER_ATTRIBUTE_NAMES_LIMIT + 1)), "one more").to.be.a(
        "string",
      );
    },
  ],
  [
    `Filter policy: ${FILTER_COMBINATIONS_LIMIT} combinations of values are taken, one more is rejected`,
    CONSTRAINTS,
    async (backend) => {
      const values = (count: number) => ({
        topics: { alerts: { level: Array.from({ length: count }, (_, index) => `v${index}`) } },
      });
      expect(await backend.rejectionOf(values(FILTER_COMBINATIONS_LIMIT)), "at the limit").to.equal(
        undefined,
      );
      expect(await backend.rejectionOf(values(FILTER_COMBINATIONS_LIMIT + 1)), "one more").to.be.a("string");
    },
  ],
  [
    "Filter policy: an operator that there is not, and a value that is no list, are rejected",
    CONSTRAINTS,
    async (backend) => {
      const topics = (alerts: object) => ({ topics: { alerts } });
      expect(await backend.rejectionOf(topics({ level: [{ like: "r" }] })), "operator").to.be.a("string");
      expect(await backend.rejectionOf(topics({ level: "red" })), "no list").to.be.a("string");
    },
  ],
]);
