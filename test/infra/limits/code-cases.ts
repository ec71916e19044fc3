import { readFile } from "node:fs/promises";
import { S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { createS3Lake } from "../../../etl/lake.ts";
import { putRecords } from "../../../handlers/aws/put-records.ts";
import { toSms, toSubject } from "../../../handlers/weather/messages/message.ts";
import { parseRecord } from "../../../handlers/weather/record.ts";
import { filterPolicy } from "../../../infra/filter-policy.ts";
import { createFakeKinesis } from "../../handlers/support/fake-kinesis.ts";
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
  putRecords: {
    figures: { maximum: 500 },
    cases: [
      {
        does: "500 records go in one call, one more in two",
        holds: async () => {
          expect((await putting(Array(500).fill(10))).calls).to.deep.equal([500]);
          expect((await putting(Array(501).fill(10))).calls).to.deep.equal([500, 1]);
        },
      },
    ],
  },
  putRecordsBytes: {
    figures: { maximum: 10 * MEBIBYTE },
    cases: [
      {
        does: "10 MiB go in one call, one byte more in two",
        holds: async () => {
          const nine = Array<number>(9).fill(MEBIBYTE);
          expect((await putting([...nine, MEBIBYTE - 2, 2])).calls).to.deep.equal([11]);
          expect((await putting([...nine, MEBIBYTE - 2, 3])).calls).to.deep.equal([10, 1]);
        },
      },
    ],
  },
  record: {
    figures: { maximum: MEBIBYTE },
    cases: [
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
  },
  partitionKey: {
    figures: { minimum: 1, maximum: 256 },
    cases: [
      {
        does: "a record whose place has a name of 1 or 256 characters is one, of none or 257 it is none",
        holds: async () => {
          const fits = (length: number) => parseRecord(recordOf("p".repeat(length))).ok;
          expect([0, 1, 256, 257].map(fits)).to.deep.equal([false, true, true, false]);
        },
      },
    ],
  },
  deleteObjects: {
    figures: { maximum: 1000 },
    cases: [
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
  },
  filterAttributes: {
    figures: { maximum: 5 },
    cases: [
      {
        does: "the fullest policy has no more names",
        holds: async () => {
          expect(Object.keys(filterPolicy("me", fullest)).length).to.be.within(4, 5);
        },
      },
    ],
  },
  sms: {
    figures: { maximum: 160 },
    cases: [
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
  },
  subject: {
    figures: { minimum: 1, maximum: 99 },
    cases: [
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
  },
};
