import type { AwsError } from "../endpoint/error.ts";
import type { Permission, Principal } from "../endpoint/operation.ts";
import type { Bucket } from "./buckets.ts";
import { listDenied, noSuchKey } from "./errors.ts";
import type { ObjectEntry } from "./sidecar.ts";

/** The state that the operations share. */
export interface S3Context {
  readonly region: string;
  findBucket(name: string): Bucket | undefined;
  /** @throws {AwsError} NoSuchBucket. */
  bucket(name: string): Bucket;
  /** Whether the caller may learn that a key does not exist. */
  mayList(principal: Principal, bucket: Bucket, key: string): boolean;
  /** ARN of the customer key in a request; undefined for the AWS-managed key. */
  keyArn(reference: string): string | undefined;
}

/** A permission on one object, which need not exist. */
export function objectPermission(action: string, bucket: string, key: string): Permission {
  return { action, resource: `arn:aws:s3:::${bucket}/${key}` };
}

export function bucketPermission(action: string, bucket: string): Permission {
  return { action, resource: `arn:aws:s3:::${bucket}` };
}

/** A permission to list keys with a prefix, on which policies can set conditions. */
export function listPermission(bucket: string, prefix: string | undefined): Permission {
  const permission = bucketPermission("s3:ListBucket", bucket);
  return prefix === undefined ? permission : { ...permission, conditions: { "s3:prefix": prefix } };
}

/** The KMS permissions that the caller of S3 needs. https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html */
export function keyPermissions(
  action: "kms:Decrypt" | "kms:GenerateDataKey",
  keyArn: string | undefined,
): Permission[] {
  return keyArn === undefined ? [] : [{ action, resource: keyArn }];
}

/** The checksum that the object was written with, e.g. `ChecksumCRC32`; empty without a checksum. */
export function checksumFields(entry: ObjectEntry): Record<string, string> {
  if (entry.checksum === undefined) return {};
  return { [`Checksum${entry.checksum.algorithm}`]: entry.checksum.value, ChecksumType: "FULL_OBJECT" };
}

export function encryptionFields(entry: ObjectEntry): Record<string, string> {
  if (entry.kmsKeyArn === undefined) return { ServerSideEncryption: "AES256" };
  return { ServerSideEncryption: "aws:kms", SSEKMSKeyId: entry.kmsKeyArn };
}

/** The common output of GetObject and HeadObject. */
export function describeObject(entry: ObjectEntry) {
  return {
    AcceptRanges: "bytes",
    CacheControl: entry.cacheControl,
    ContentDisposition: entry.contentDisposition,
    ContentEncoding: entry.contentEncoding,
    ContentLanguage: entry.contentLanguage,
    ContentLength: entry.sizeBytes,
    ContentType: entry.contentType,
    ETag: entry.etag,
    LastModified: entry.lastModified,
    Metadata: entry.metadata,
    ...encryptionFields(entry),
  };
}

/** The error for a missing object. Only a caller who may list the bucket learns that the key does not exist. */
export function missingObject(
  context: S3Context,
  principal: Principal,
  bucket: Bucket,
  key: string,
  notFoundError = noSuchKey,
): AwsError {
  return context.mayList(principal, bucket, key) ? notFoundError(key) : listDenied(principal.arn, bucket.arn);
}
