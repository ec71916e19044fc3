import * as z from "zod";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { bucketPermission, listPermission, type S3Context } from "../context.ts";
import { invalidArgument, notFound } from "../errors.ts";
import { LIST_LIMIT_KEYS } from "../limits.ts";
import { compareUtf8, type ObjectStore } from "../object-store.ts";
import type { ObjectEntry } from "../sidecar.ts";

const listObjectsInput = z.strictObject({
  Bucket: z.string(),
  ContinuationToken: z.string().optional(),
  Delimiter: z.string().optional(),
  EncodingType: z.literal("url").optional(),
  MaxKeys: z.int().min(0).optional(),
  Prefix: z.string().optional(),
  StartAfter: z.string().optional(),
});

type ListObjectsInput = z.infer<typeof listObjectsInput>;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
export function listObjectsV2(context: S3Context): Operation {
  return defineOperation({
    input: listObjectsInput,
    permissions: ({ Bucket, Prefix }: ListObjectsInput) => [listPermission(Bucket, Prefix)],
    run(input: ListObjectsInput) {
      const { objects } = context.bucket(input.Bucket);
      const maxKeys = Math.min(input.MaxKeys ?? LIST_LIMIT_KEYS, LIST_LIMIT_KEYS);
      const { Bucket: Name, Prefix = "", Delimiter = "" } = input;
      const page = listPage(objects, { ...input, Prefix, Delimiter, maxKeys });
      return {
        Name,
        Prefix,
        Delimiter: input.Delimiter,
        MaxKeys: maxKeys,
        KeyCount: page.entries.length + page.commonPrefixes.length,
        IsTruncated: page.nextToken !== undefined,
        EncodingType: input.EncodingType,
        StartAfter: input.StartAfter,
        ContinuationToken: input.ContinuationToken,
        NextContinuationToken: page.nextToken,
        Contents: page.entries.map((entry) => ({
          Key: entry.key,
          LastModified: entry.lastModified,
          ETag: entry.etag,
          Size: entry.sizeBytes,
          StorageClass: "STANDARD",
        })),
        CommonPrefixes: page.commonPrefixes.map((commonPrefix) => ({ Prefix: commonPrefix })),
      };
    },
  });
}

const bucketInput = z.strictObject({ Bucket: z.string() });

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_HeadBucket.html */
export function headBucket(context: S3Context): Operation {
  return defineOperation({
    input: bucketInput,
    permissions: ({ Bucket }) => [bucketPermission("s3:ListBucket", Bucket)],
    run({ Bucket }) {
      if (context.findBucket(Bucket) === undefined) throw notFound(Bucket);
      return { BucketRegion: context.region };
    },
  });
}

/**
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetBucketLocation.html
 * The location constraint of us-east-1 is empty.
 */
export function getBucketLocation(context: S3Context): Operation {
  return defineOperation({
    input: bucketInput,
    permissions: ({ Bucket }) => [bucketPermission("s3:GetBucketLocation", Bucket)],
    run({ Bucket }) {
      context.bucket(Bucket);
      return { LocationConstraint: context.region === "us-east-1" ? undefined : context.region };
    },
  });
}

interface ListPage {
  readonly entries: readonly ObjectEntry[];
  /** The distinct texts from the start of a key to the delimiter after the prefix. */
  readonly commonPrefixes: readonly string[];
  /** Absent on the last page. */
  readonly nextToken?: string;
}

/** The end of a page: after a key, or after all keys of a common prefix. */
type Position = z.infer<typeof positionSchema>;
const positionSchema = z.strictObject({ after: z.string(), folder: z.boolean() });

/** One page of a listing in S3's order. @throws {AwsError} InvalidArgument for an invalid token. */
function listPage(
  objects: ObjectStore,
  query: {
    Prefix: string;
    Delimiter: string;
    maxKeys: number;
    StartAfter?: string | undefined;
    ContinuationToken?: string | undefined;
  },
): ListPage {
  const { Prefix, Delimiter, maxKeys } = query;
  let position = startOf(query);
  const entries: ObjectEntry[] = [];
  const commonPrefixes: string[] = [];
  for (const entry of objects.from(lowerBound(Prefix, position))) {
    if (!entry.key.startsWith(Prefix)) break;
    if (position !== undefined && isBefore(entry.key, position)) continue;
    if (entries.length + commonPrefixes.length === maxKeys) {
      return { entries, commonPrefixes, ...(maxKeys === 0 ? {} : { nextToken: tokenOf(position) }) };
    }
    const end = Delimiter === "" ? -1 : entry.key.indexOf(Delimiter, Prefix.length);
    if (end < 0) {
      entries.push(entry);
      position = { after: entry.key, folder: false };
    } else {
      const commonPrefix = entry.key.slice(0, end + Delimiter.length);
      commonPrefixes.push(commonPrefix);
      position = { after: commonPrefix, folder: true };
    }
  }
  return { entries, commonPrefixes };
}

function lowerBound(prefix: string, position: Position | undefined): string {
  return position !== undefined && compareUtf8(position.after, prefix) > 0 ? position.after : prefix;
}

function isBefore(key: string, { after, folder }: Position): boolean {
  return folder ? key.startsWith(after) : key === after;
}

function startOf(query: {
  StartAfter?: string | undefined;
  ContinuationToken?: string | undefined;
}): Position | undefined {
  if (query.ContinuationToken !== undefined) return positionOf(query.ContinuationToken);
  return query.StartAfter === undefined ? undefined : { after: query.StartAfter, folder: false };
}

function tokenOf(position: Position | undefined): string {
  return Buffer.from(JSON.stringify(position)).toString("base64url");
}

function positionOf(token: string): Position {
  try {
    return positionSchema.parse(JSON.parse(Buffer.from(token, "base64url").toString()));
  } catch (cause) {
    throw invalidArgument("The continuation token provided is incorrect", cause);
  }
}
