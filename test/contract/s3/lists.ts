import {
  ListObjectsV2Command,
  type ListObjectsV2CommandInput,
  type ListObjectsV2CommandOutput,
} from "@aws-sdk/client-s3";
import { expect } from "chai";
import type { World } from "../backend.ts";
import { linesOf } from "../line.ts";
import { inBucketOf } from "./bucket.ts";

const LIST = "https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html";

const KEYS_1001 = Array.from({ length: 1001 }, (_, index) => `raw/${String(index).padStart(4, "0")}`);

function list({ clients }: World, Bucket: string, options: Partial<ListObjectsV2CommandInput> = {}) {
  return clients.s3.send(new ListObjectsV2Command({ Bucket, ...options }));
}

const keysOf = ({ Contents = [] }: ListObjectsV2CommandOutput) => Contents.map(({ Key }) => Key);

export const LISTS = linesOf("S3", [
  [
    "1000 keys are one page, in the order of UTF-8",
    LIST,
    inBucketOf(KEYS_1001.slice(0, 1000), async (world, bucket) => {
      const page = await list(world, bucket, { MaxKeys: 5000 });

      expect([page.KeyCount, page.IsTruncated], "page").to.deep.equal([1000, false]);
      expect(keysOf(page), "keys").to.deep.equal(KEYS_1001.slice(0, 1000));
    }),
  ],
  [
    "1001 keys are two pages, the second by the continuation token",
    LIST,
    inBucketOf(KEYS_1001, async (world, bucket) => {
      const first = await list(world, bucket);
      const second = await list(world, bucket, { ContinuationToken: first.NextContinuationToken });

      expect([first.KeyCount, first.IsTruncated], "first page").to.deep.equal([1000, true]);
      expect([second.KeyCount, second.IsTruncated], "second page").to.deep.equal([1, false]);
      expect(second.NextContinuationToken, "token of the last page").to.equal(undefined);
      expect([...keysOf(first), ...keysOf(second)], "keys").to.deep.equal(KEYS_1001);
    }),
  ],
  [
    "A delimiter rolls keys up into common prefixes, which count towards a page",
    LIST,
    inBucketOf(["raw/day=1/a", "raw/day=1/b", "raw/day=2/c", "raw/z"], async (world, bucket) => {
      const page = (ContinuationToken?: string) =>
        list(world, bucket, { Prefix: "raw/", Delimiter: "/", MaxKeys: 2, ContinuationToken });
      const first = await page();
      const second = await page(first.NextContinuationToken);

      expect(
        first.CommonPrefixes?.map(({ Prefix }) => Prefix),
        "prefixes",
      ).to.deep.equal(["raw/day=1/", "raw/day=2/"]);
      expect(keysOf(second), "keys").to.deep.equal(["raw/z"]);
    }),
  ],
]);
