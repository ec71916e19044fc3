import type { ObjectEntry } from "./sidecar.ts";

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
