import type { Permission, Principal } from "../endpoint/operation.ts";
import type { Bucket } from "./buckets.ts";
import type { ObjectEntry } from "./sidecar.ts";

/** What the operations of S3 work on. */
export interface S3Context {
  readonly region: string;
  findBucket(name: string): Bucket | undefined;
  /** @throws {AwsError} NoSuchBucket. */
  bucket(name: string): Bucket;
  /** Whether the caller may know that a key is not there. */
  mayList(principal: Principal, bucket: Bucket, key: string): boolean;
  /** ARN of the customer key a request names; undefined for the AWS-managed one. */
  keyArn(reference: string): string | undefined;
}

/** A permission on one object, which need not exist. */
export function objectPermission(action: string, bucket: string, key: string): Permission {
  return { action, resource: `arn:aws:s3:::${bucket}/${key}` };
}

export function bucketPermission(action: string, bucket: string): Permission {
  return { action, resource: `arn:aws:s3:::${bucket}` };
}

/** `prefix` is what policies can set conditions on. */
export function listPermission(bucket: string, prefix: string | undefined): Permission {
  const permission = bucketPermission("s3:ListBucket", bucket);
  return prefix === undefined ? permission : { ...permission, conditions: { "s3:prefix": prefix } };
}

/** What S3 asks of KMS in the caller's name. https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html */
export function keyPermissions(
  action: "kms:Decrypt" | "kms:GenerateDataKey",
  keyArn: string | undefined,
): Permission[] {
  return keyArn === undefined ? [] : [{ action, resource: keyArn }];
}

/** `ChecksumCRC32` and the like, as the object was written with; nothing when it was written without. */
export function checksumFields(entry: ObjectEntry): Record<string, string> {
  if (entry.checksum === undefined) return {};
  return { [`Checksum${entry.checksum.algorithm}`]: entry.checksum.value, ChecksumType: "FULL_OBJECT" };
}

export function encryptionFields(entry: ObjectEntry): Record<string, string> {
  if (entry.kmsKeyArn === undefined) return { ServerSideEncryption: "AES256" };
  return { ServerSideEncryption: "aws:kms", SSEKMSKeyId: entry.kmsKeyArn };
}

/** What GetObject and HeadObject say alike of an object. */
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
