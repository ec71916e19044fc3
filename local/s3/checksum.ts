import { createHash } from "node:crypto";
import { crc32 } from "node:zlib";
import { AwsError } from "../endpoint/error.ts";

/** The emulated checksums. CRC32C and CRC64NVME are rejected by name when a client sends them. */
export const CHECKSUM_ALGORITHMS = ["CRC32", "SHA1", "SHA256"] as const;
type ChecksumAlgorithm = (typeof CHECKSUM_ALGORITHMS)[number];

/** A checksum of a whole object, with its value in base64. */
export interface Checksum {
  readonly algorithm: ChecksumAlgorithm;
  readonly value: string;
}

function checksumOf(algorithm: ChecksumAlgorithm, body: Uint8Array): string {
  if (algorithm === "CRC32") {
    const bytes = Buffer.alloc(4);
    bytes.writeUInt32BE(crc32(body));
    return bytes.toString("base64");
  }
  return createHash(algorithm.toLowerCase()).update(body).digest("base64");
}

/** @throws {AwsError} BadDigest when the checksum does not match `body`. */
export function verifyChecksum(checksum: Checksum, body: Uint8Array): void {
  if (checksumOf(checksum.algorithm, body) === checksum.value) return;
  throw new AwsError(
    "BadDigest",
    `The ${checksum.algorithm} you specified did not match the calculated checksum.`,
  );
}

/** @throws {AwsError} BadDigest when the Content-MD5 header does not match `body`. */
export function verifyContentMd5(contentMd5: string, body: Uint8Array): void {
  if (createHash("md5").update(body).digest("base64") === contentMd5) return;
  throw new AwsError("BadDigest", "The Content-MD5 you specified did not match what we received.");
}

/** The quoted MD5, which S3 uses as ETag for an object that is written by one PutObject without a KMS key. */
export function etagOf(body: Uint8Array): string {
  return `"${createHash("md5").update(body).digest("hex")}"`;
}
