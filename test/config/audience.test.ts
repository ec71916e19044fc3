import type { PublishCommandInput } from "@aws-sdk/client-sns";
import { expect } from "chai";
import fc from "fast-check";
import { filterPolicy } from "../../config/subscribers.ts";
import { createNotifyHandler, type ScheduledMessage } from "../../handlers/notify.ts";
import { LANGUAGE_TAGS, type Language } from "../../handlers/weather/messages/tags.ts";
import { LEVEL_RANKS, LEVELS, type Level } from "../../handlers/weather/rules/rules.ts";
import { filterAttributes } from "../../local/sns/attributes.ts";
import { matchesFilterPolicy, parseFilterPolicy } from "../../local/sns/filter-policy.ts";
import { createFakeS3 } from "../handlers/support/fake-s3.ts";
import { createFakeSns } from "../handlers/support/fake-sns.ts";
import { createFakeLog } from "../handlers/support/log.ts";
import { createFakeMeter } from "../handlers/support/meter.ts";
import { portoAlegre } from "../handlers/support/places.ts";
import { presets } from "../handlers/support/presets.ts";

const PLACES = ["a", "b", "c"].map((id) => ({ ...portoAlegre, id, name: id.toUpperCase() }));
const NAMES = ["ana", "bia", "caio", "davi"] as const;
const GROUPS: Readonly<Record<string, readonly string[]>> = {
  "night-shift": ["ana", "bia"],
  harbour: ["bia", "davi"],
};

/** A subscription or webhook of config. */
interface Subscriber {
  readonly name: string;
  readonly level: Level;
  readonly locations?: string[];
  readonly language: Language;
}

const someOf = <T>(values: readonly T[]) => fc.subarray([...values], { minLength: 1 });
const subscribers = fc
  .tuple(
    ...NAMES.map((name) =>
      fc.record(
        {
          name: fc.constant(name),
          level: fc.constantFrom(...LEVELS),
          locations: someOf(PLACES.map(({ id }) => id)),
          language: fc.constantFrom(...LANGUAGE_TAGS),
        },
        { requiredKeys: ["name", "level", "language"] },
      ),
    ),
  )
  .map((people) => people as readonly Subscriber[]);

const content = fc.oneof(
  fc.constant({ kind: "text", text: "Test" } as const),
  fc.constant({ kind: "digest" } as const),
  fc.constantFrom(...LEVELS).map((level) => ({ kind: "drill", hazard: "rain", level }) as const),
);
const message = fc
  .record(
    {
      content,
      audience: fc.oneof(fc.constant("all" as const), someOf([...NAMES, ...Object.keys(GROUPS)])),
      locations: someOf(PLACES.map(({ id }) => id)),
    },
    { requiredKeys: ["content", "audience"] },
  )
  .map(({ content: what, ...rest }): ScheduledMessage => ({ ...what, ...rest }));

/** What each subscriber gets when the message is sent, by SNS's own filtering: languages, by name. */
async function deliveries(
  people: readonly Subscriber[],
  sent: ScheduledMessage,
): Promise<Record<string, string[]>> {
  const sns = createFakeSns();
  const options = {
    bucketName: "lake",
    topicArn: "arn:aws:sns:us-east-1:123456789012:alerts",
    locations: PLACES,
    languages: LANGUAGE_TAGS,
    maxPriceUsd: 0.5,
    rules: presets.inmet,
    capSender: "stormwire",
    messages: { sent },
  };
  const notify = createNotifyHandler(options, {
    s3: createFakeS3(),
    sns,
    log: createFakeLog(),
    meter: createFakeMeter(),
  });
  await notify({ message: "sent", scheduledTime: "2024-05-01T10:00:00Z" });
  return Object.fromEntries(
    people.map((one) => [one.name, sns.published.filter((input) => reaches(one, input)).map(languageOf)]),
  );
}

function reaches(one: Subscriber, { MessageAttributes }: PublishCommandInput): boolean {
  const policy = filterPolicy(one.name, one);
  const audience = [...policy.audience, ...Object.keys(GROUPS).filter((group) => isMember(group, one))];
  const attributes = Object.entries(MessageAttributes ?? {}).map(
    ([name, { DataType = "", StringValue = "" }]) => [name, { DataType, StringValue }] as const,
  );
  return matchesFilterPolicy(
    parseFilterPolicy(JSON.stringify({ ...policy, audience })),
    filterAttributes(Object.fromEntries(attributes)),
  );
}

function isMember(group: string, { name }: Subscriber): boolean {
  return GROUPS[group]?.includes(name) ?? false;
}

function languageOf({ MessageAttributes }: PublishCommandInput): string {
  return MessageAttributes?.language?.StringValue ?? "";
}

/** Said in words: people by name always; everybody by place, and for a drill by level, too. */
function isMeant(one: Subscriber, sent: ScheduledMessage): boolean {
  const { audience, locations } = sent;
  if (audience !== "all")
    return audience.includes(one.name) || audience.some((group) => isMember(group, one));
  const hearsOfPlace =
    locations === undefined ||
    one.locations === undefined ||
    one.locations.some((place) => locations.includes(place));
  const hearsOfLevel = sent.kind !== "drill" || LEVEL_RANKS[sent.level] >= LEVEL_RANKS[one.level];
  return hearsOfPlace && hearsOfLevel;
}

describe("the audience of a scheduled message", () => {
  it("gets it once, in its own language, and nobody else does", async () => {
    const property = fc.asyncProperty(subscribers, message, async (people, sent) => {
      const expected = people.map((one) => [one.name, isMeant(one, sent) ? [one.language] : []]);
      expect(await deliveries(people, sent)).to.deep.equal(Object.fromEntries(expected));
    });
    await fc.assert(property, { numRuns: 300 });
  });

  const picky: Subscriber = { name: "ana", level: "red", locations: ["c"], language: "en" };
  const cases: [string, ScheduledMessage, string[]][] = [
    [
      "by name, past level and place",
      { kind: "text", text: "x", audience: ["ana"], locations: ["a"] },
      ["en"],
    ],
    ["by group", { kind: "digest", audience: ["night-shift"] }, ["en"]],
    ["not by another's name", { kind: "text", text: "x", audience: ["bia", "harbour"] }, []],
    [
      "as one of all, of one of its places",
      { kind: "text", text: "x", audience: "all", locations: ["c"] },
      ["en"],
    ],
    [
      "not as one of all, of other places",
      { kind: "text", text: "x", audience: "all", locations: ["a"] },
      [],
    ],
    [
      "not by a drill below its level",
      { kind: "drill", hazard: "rain", level: "orange", audience: "all" },
      [],
    ],
    ["by a drill of its level", { kind: "drill", hazard: "rain", level: "red", audience: "all" }, ["en"]],
    [
      "by a drill to it by name",
      { kind: "drill", hazard: "rain", level: "yellow", audience: ["ana"] },
      ["en"],
    ],
    ["once, by name and group", { kind: "text", text: "x", audience: ["ana", "night-shift"] }, ["en"]],
  ];
  for (const [how, sent, expected] of cases) {
    it(`is reached ${how}`, async () => {
      expect((await deliveries([picky], sent)).ana).to.deep.equal(expected);
    });
  }
});
