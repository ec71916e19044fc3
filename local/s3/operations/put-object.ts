import * as z from "zod";
import { AwsError, NotEmulatedError } from "../../endpoint/error.ts";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { type Checksum, verifyChecksum, verifyContentMd5 } from "../checksum.ts";
import { checkWrite } from "../conditions.ts";
import {
  checksumFields,
  encryptionFields,
  keyPermissions,
  missingObject,
  objectPermission,
  type S3Context,
} from "../context.ts";
import { invalidArgument } from "../errors.ts";
import { USER_METADATA_LIMIT_BYTES } from "../limits.ts";
import { DEFAULT_CONTENT_TYPE } from "../object-store.ts";
import { readPermissions } from "./get-object.ts";

const putInput = z.strictObject({
  Bucket: z.string(),
  Key: z.string().min(1),
  Body: z.union([z.instanceof(Uint8Array), z.string().transform((text) => Buffer.from(text))]).optional(),
  CacheControl: z.string().optional(),
  ContentDisposition: z.string().optional(),
  ContentEncoding: z.string().optional(),
  ContentLanguage: z.string().optional(),
  ContentMD5: z.string().optional(),
  ContentType: z.string().optional(),
  ChecksumCRC32: z.string().optional(),
  ChecksumSHA1: z.string().optional(),
  ChecksumSHA256: z.string().optional(),
  IfMatch: z.string().optional(),
  IfNoneMatch: z.string().optional(),
  Metadata: z.record(z.string(), z.string()).optional(),
  ServerSideEncryption: z.enum(["AES256", "aws:kms"]).optional(),
  SSEKMSKeyId: z.string().optional(),
});

type PutInput = z.infer<typeof putInput>;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html */
export function putObject(context: S3Context): Operation {
  return defineOperation({
    input: putInput,
    permissions: (input: PutInput) => [
      objectPermission("s3:PutObject", input.Bucket, input.Key),
      // https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes-enforce.html
      ...(input.IfMatch === undefined ? [] : [objectPermission("s3:GetObject", input.Bucket, input.Key)]),
      ...keyPermissions("kms:GenerateDataKey", encryptionKey(context, input)),
    ],
    run(input: PutInput) {
      const { objects } = context.bucket(input.Bucket);
      const body = input.Body ?? new Uint8Array();
      const checksum = verifiedChecksum(input, body);
      const metadata = userMetadata(input.Metadata ?? {});
      checkWrite(input.Key, objects.get(input.Key)?.etag, {
        ifMatch: input.IfMatch,
        ifNoneMatch: input.IfNoneMatch,
      });
      const entry = objects.put(input.Key, body, {
        contentType: input.ContentType ?? DEFAULT_CONTENT_TYPE,
        contentEncoding: input.ContentEncoding,
        cacheControl: input.CacheControl,
        contentDisposition: input.ContentDisposition,
        contentLanguage: input.ContentLanguage,
        metadata,
        checksum,
        kmsKeyArn: encryptionKey(context, input),
      });
      return { ETag: entry.etag, ...checksumFields(entry), ...encryptionFields(entry) };
    },
  });
}

/** The key in the request, or the default key of the bucket. */
function encryptionKey(context: S3Context, input: PutInput): string | undefined {
  if (input.ServerSideEncryption === "AES256") return undefined;
  if (input.SSEKMSKeyId !== undefined) return context.keyArn(input.SSEKMSKeyId);
  return context.findBucket(input.Bucket)?.kmsKeyArn;
}

function verifiedChecksum(input: PutInput, body: Uint8Array): Checksum | undefined {
  if (input.ContentMD5 !== undefined) verifyContentMd5(input.ContentMD5, body);
  const given: Checksum[] = [
    { algorithm: "CRC32" as const, value: input.ChecksumCRC32 },
    { algorithm: "SHA1" as const, value: input.ChecksumSHA1 },
    { algorithm: "SHA256" as const, value: input.ChecksumSHA256 },
  ].flatMap(({ algorithm, value }) => (value === undefined ? [] : [{ algorithm, value }]));
  for (const checksum of given) verifyChecksum(checksum, body);
  return given[0];
}

function userMetadata(metadata: Readonly<Record<string, string>>): Record<string, string> {
  const entries = Object.entries(metadata).map(([name, value]) => [name.toLowerCase(), value] as const);
  const sizeBytes = entries.reduce((sum, [name, value]) => sum + Buffer.byteLength(name + value), 0);
  if (sizeBytes > USER_METADATA_LIMIT_BYTES) {
    throw new AwsError(
      "MetadataTooLarge",
      `Your metadata headers are ${sizeBytes} bytes and exceed the maximum allowed metadata size of ${USER_METADATA_LIMIT_BYTES} bytes`,
    );
  }
  return Object.fromEntries(entries);
}

const copyInput = z.strictObject({
  Bucket: z.string(),
  Key: z.string().min(1),
  /** `bucket/key`, percent-encoded. */
  CopySource: z.string(),
});

type CopyInput = z.infer<typeof copyInput>;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_CopyObject.html; the metadata is copied with the object. */
export function copyObject(context: S3Context): Operation {
  return defineOperation({
    input: copyInput,
    permissions: (input: CopyInput) => [
      ...readPermissions(context, parseCopySource(input.CopySource)),
      objectPermission("s3:PutObject", input.Bucket, input.Key),
      ...keyPermissions("kms:GenerateDataKey", context.findBucket(input.Bucket)?.kmsKeyArn),
    ],
    run(input: CopyInput, { principal }) {
      const source = parseCopySource(input.CopySource);
      const from = context.bucket(source.Bucket);
      const to = context.bucket(input.Bucket);
      const entry = from.objects.get(source.Key);
      if (entry === undefined) throw missingObject(context, principal, from, source.Key);
      const { key: _key, etag: _etag, sizeBytes: _size, lastModified: _time, ...attributes } = entry;
      const copy = to.objects.put(input.Key, from.objects.read(entry), {
        ...attributes,
        kmsKeyArn: to.kmsKeyArn,
      });
      return {
        CopyObjectResult: { ETag: copy.etag, LastModified: copy.lastModified },
        ...encryptionFields(copy),
      };
    },
  });
}

/**
 * Reads `x-amz-copy-source`: `[/]bucket/key`, percent-encoded.
 * @throws {AwsError} InvalidArgument when it has another form.
 */
function parseCopySource(copySource: string): { Bucket: string; Key: string } {
  if (copySource.includes("?versionId=")) throw new NotEmulatedError("S3 CopyObject of a version");
  const match = /^\/?([^/]+)\/(.+)$/s.exec(decode(copySource));
  if (match === null) throw invalidCopySource(copySource);
  const [, Bucket = "", Key = ""] = match;
  return { Bucket, Key };
}

function decode(copySource: string): string {
  try {
    return decodeURIComponent(copySource);
  } catch (cause) {
    throw invalidCopySource(copySource, cause);
  }
}

function invalidCopySource(copySource: string, cause?: unknown): AwsError {
  return invalidArgument(`Copy Source must mention the source bucket and key: ${copySource}`, cause);
}
