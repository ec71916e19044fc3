import { type AwsError, NotEmulatedError } from "../endpoint/error.ts";
import { invalidArgument } from "./errors.ts";

/**
 * Reads `x-amz-copy-source`: `[/]bucket/key`, percent-encoded.
 * @throws {AwsError} InvalidArgument when it is no such thing.
 */
export function parseCopySource(copySource: string): { Bucket: string; Key: string } {
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
