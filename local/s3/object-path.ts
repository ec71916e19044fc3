import { join } from "node:path";
import { AwsError, NotEmulatedError } from "../endpoint/error.ts";
import { KEY_LIMIT_BYTES, PATH_SEGMENT_LIMIT_BYTES } from "./limits.ts";

/**
 * Path of a key below `directory`, one folder a `/`. The path never leaves `directory`.
 * @throws {AwsError} KeyTooLongError, as S3.
 * @throws {NotEmulatedError} for a key that S3 takes and a file system does not hold under the same name.
 */
export function objectPath(directory: string, key: string): string {
  if (Buffer.byteLength(key) > KEY_LIMIT_BYTES) {
    throw new AwsError(
      "KeyTooLongError",
      `Your key is too long: ${Buffer.byteLength(key)} of at most ${KEY_LIMIT_BYTES} bytes`,
    );
  }
  const segments = key.split("/");
  const reason = segments.map(unsafeSegment).find((found) => found !== undefined);
  if (reason !== undefined)
    throw new NotEmulatedError(`S3 key ${JSON.stringify(key)}: ${reason}; such a key`);
  return join(directory, ...segments);
}

function unsafeSegment(segment: string): string | undefined {
  if (segment === "") return 'it begins or ends with "/", or has "//" in it';
  if (segment === "." || segment === "..") return `it has "${segment}" between slashes`;
  if (/[\p{Cc}\\]/u.test(segment)) return "it has a control character or a backslash";
  if (!segment.isWellFormed()) return "it is not well-formed Unicode";
  if (Buffer.byteLength(segment) > PATH_SEGMENT_LIMIT_BYTES) {
    return `a part between slashes is longer than ${PATH_SEGMENT_LIMIT_BYTES} bytes`;
  }
  return undefined;
}
