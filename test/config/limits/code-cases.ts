import { readFile } from "node:fs/promises";
import { S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { filterPolicy } from "../../../config/subscribers.ts";
import { createS3Lake } from "../../../etl/lake.ts";
import { createPublisher, LEVEL_OF_SCHEDULED } from "../../../handlers/clients/publisher.ts";
import { putRecords } from "../../../handlers/clients/put-records.ts";
import { INITIAL_STATE } from "../../../handlers/weather/alerts/state.ts";
import { digestMessage } from "../../../handlers/weather/messages/digest-message.ts";
import { wordsOf } from "../../../handlers/weather/messages/language.ts";
import { toSms, toSubject } from "../../../handlers/weather/messages/message.ts";
import { parseRecord } from "../../../handlers/weather/observation/record.ts";
import { createFakeKinesis } from "../../handlers/support/fake-kinesis.ts";
import { createFakeSns } from "../../handlers/support/fake-sns.ts";
import { portoAlegre } from "../../handlers/support/places.ts";
import type { Cases } from "./case.ts";

/** What code does at a limit and one past it. */
export interface CodeCase {
  readonly does: string;
  readonly holds: () => Promise<void>;
}

const MEBIBYTE = 1024 * 1024;

/** Records of each call, and what was not put, of data of so many bytes each. */
async function putting(sizes: readonly number[]) {
  const kinesis = createFakeKinesis();
  const records = sizes.map((size) => ({ partitionKey: "k", bytes: new Uint8Array(size - 1) }));
  const options = { kinesis, streamName: "s", sleep: async () => undefined, random: () => 0 };
  const unput = await putRecords(records, options);
  return { calls: kinesis.calls.map(({ length }) => length), errors: unput.map(({ error }) => error) };
}

/** Keys of each DeleteObjects call. */
async function deleting(count: number): Promise<number[]> {
  const calls: number[] = [];
  const s3 = new S3Client({ region: "us-east-1" });
  s3.middlewareStack.add(
    () =>
      async ({ input }) => {
        if ("Delete" in input) calls.push(input.Delete?.Objects?.length ?? 0);
        return { output: { $metadata: {} }, response: {} };
      },
    { step: "initialize", priority: "high" },
  );
  await createS3Lake(s3, "lake").remove(Array.from({ length: count }, (_, index) => `k${index}`));
  return calls;
}

/** The mail of a digest of so many places, each after a day of twenty events, and what SNS would count of its message. */
async function digesting(count: number) {
  const time = new Date("2024-05-01T10:00:00Z");
  const event = {
    id: "a/wind/2024-04-30T17:00:00Z/start",
    time: "2024-04-30T17:00:00Z",
    location: "a",
    hazard: "wind",
    level: "orange",
    kind: "start",
    value: 70,
    threshold: 60,
    measure: { metric: "windGust", unit: "km/h" },
    below: false,
    scale: "INMET",
    since: "2024-04-30T17:00:00Z",
  } as const;
  const state = {
    ...INITIAL_STATE,
    lastSeconds: time.getTime() / 1000,
    latest: { time: time.toISOString(), values: { windGust: 19 } },
    events: Array(20).fill(event),
  };
  const places = Array.from({ length: count }, (_, index) => ({
    location: { ...portoAlegre, id: `place-${index}`.padEnd(40, "x"), name: `Place ${index}` },
    state,
    watches: [{ hazard: "wind", kind: "watched" as const, since: null }],
  }));
  const message = digestMessage(places, time, wordsOf("en"));
  const sns = createFakeSns();
  await createPublisher(sns, { topicArn: "t", maxPriceUsd: 0.5 })(message, {
    audience: "all",
    level: LEVEL_OF_SCHEDULED,
    location: places.map(({ location: { id } }) => id),
    language: "en",
    hazard: "none",
    kind: "digest",
  });
  const { Message = "", MessageAttributes = {} } = sns.at(0);
  const attributes = Object.entries(MessageAttributes)
    .map(([name, { DataType, StringValue }]) => `${name}${DataType}${StringValue}`)
    .join("");
  return { mail: message.email, messageBytes: Buffer.byteLength(Message + attributes) };
}

const recordOf = (id: string) =>
  Buffer.from(
    JSON.stringify({
      data: { time: "2024-04-30T11:00:00Z", values: {} },
      location: { id, name: "A", lat: 0, lon: 0 },
      source: "test",
    }),
  );

const fullest = {
  level: "red",
  locations: ["a"],
  language: "en",
  groups: ["night-shift"],
} as const;

/** Of limits that no config reaches. */
export const CODE_CASES: Cases<CodeCase> = {
  putRecords: [
    {
      does: "500 records go in one call, one more in two",
      holds: async () => {
        expect((await putting(Array(500).fill(10))).calls).to.deep.equal([500]);
        expect((await putting(Array(501).fill(10))).calls).to.deep.equal([500, 1]);
      },
    },
  ],
  putRecordsBytes: [
    {
      does: "10 MiB go in one call, one byte more in two",
      holds: async () => {
        const nine = Array<number>(9).fill(MEBIBYTE);
        expect((await putting([...nine, MEBIBYTE - 2, 2])).calls).to.deep.equal([11]);
        expect((await putting([...nine, MEBIBYTE - 2, 3])).calls).to.deep.equal([10, 1]);
      },
    },
  ],
  record: [
    {
      does: "a record of 1 MiB is put, one byte more comes back with both figures",
      holds: async () => {
        expect(await putting([MEBIBYTE])).to.deep.equal({ calls: [1], errors: [] });
        expect(await putting([MEBIBYTE + 1])).to.deep.equal({
          calls: [],
          errors: ["1048577 bytes; allowed are 1048576"],
        });
      },
    },
  ],
  partitionKey: [
    {
      does: "a record whose place has a name of 1 or 256 characters is one, of none or 257 it is none",
      holds: async () => {
        const fits = (length: number) => parseRecord(recordOf("p".repeat(length))).ok;
        expect([0, 1, 256, 257].map(fits)).to.deep.equal([false, true, true, false]);
      },
    },
  ],
  deleteObjects: [
    {
      does: "1000 keys are deleted in one call, one more in two",
      holds: async () => {
        expect(await deleting(1000)).to.deep.equal([1000]);
        expect(await deleting(1001)).to.deep.equal([1000, 1]);
      },
    },
    {
      does: "the job's Python has the same figure",
      holds: async () => {
        const source = new URL("../../../etl/gold_lake.py", import.meta.url);
        expect(await readFile(source, "utf8")).to.match(/^DELETE_LIMIT = 1000$/m);
      },
    },
  ],
  filterAttributes: [
    {
      does: "the fullest policy has no more names",
      holds: async () => {
        expect(Object.keys(filterPolicy("me", fullest)).length).to.be.within(4, 5);
      },
    },
  ],
  message: [
    {
      does: "a digest of so many places fits, its mail as long as it may be; no place is left out",
      holds: async () => {
        const { mail, messageBytes } = await digesting(400);

        expect(Buffer.byteLength(mail)).to.be.within(127 * 1024, 129 * 1024);
        expect(messageBytes).to.be.at.most(256 * 1024);
        const told = mail.match(/^Place \d+\b/gm) ?? [];
        expect(new Set(told).size).to.equal(400);
        expect(mail, "the first in full").to.match(/\nPlace 0: no alerts\n {2}Now, /);
        expect(mail, "the last on a line").to.match(/\nPlace 398 .*had ORANGE.*\nPlace 399 .*\n\n/);
      },
    },
    {
      does: "a digest of few places tells them all in full",
      holds: async () => {
        const { mail } = await digesting(50);

        expect(mail.match(/^ {4}.*orange/gim)).to.have.length(50 * 20);
      },
    },
  ],
  sms: [
    {
      does: "a text of 160 characters stays, a longer one is shortened to them",
      holds: async () => {
        expect(toSms("x".repeat(160))).to.equal("x".repeat(160));
        expect(toSms("x".repeat(161))).to.equal(`${"x".repeat(157)}...`);
        expect(toSms("€".repeat(80)), "two septets each").to.equal("€".repeat(80));
        expect(toSms("€".repeat(81))).to.equal(`${"€".repeat(78)}...`);
      },
    },
  ],
  subject: [
    {
      does: "a subject of 99 characters stays, a longer one is shortened to them, and none is empty",
      holds: async () => {
        expect(toSubject("x".repeat(99))).to.equal("x".repeat(99));
        expect(toSubject("x".repeat(100))).to.equal(`${"x".repeat(96)}...`);
        expect(toSubject("x")).to.equal("x");
        expect(toSubject("")).not.to.equal("");
      },
    },
  ],
};
