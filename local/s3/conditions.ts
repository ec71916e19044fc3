import { invalidArgument, noSuchKey, notModified, preconditionFailed } from "./errors.ts";

/** The ETag of the current object; undefined when the object does not exist. */
type CurrentEtag = string | undefined;

/**
 * Preconditions of a write. https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 * @throws {AwsError} PreconditionFailed (412); NoSuchKey (404) for If-Match without an object.
 */
export function checkWrite(
  key: string,
  current: CurrentEtag,
  conditions: { ifMatch: string | undefined; ifNoneMatch: string | undefined },
): void {
  const { ifMatch, ifNoneMatch } = conditions;
  if (ifNoneMatch !== undefined) {
    if (ifNoneMatch !== "*")
      throw invalidArgument(`If-None-Match of a write is ${ifNoneMatch}; allowed is *`);
    if (current !== undefined) throw preconditionFailed("If-None-Match");
  }
  if (ifMatch === undefined) return;
  if (current === undefined) throw noSuchKey(key);
  if (!matches(ifMatch, current)) throw preconditionFailed("If-Match");
}

/**
 * Preconditions of a read. https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-reads.html
 * @throws {AwsError} PreconditionFailed (412), NotModified (304).
 */
export function checkRead(
  current: string,
  conditions: { ifMatch: string | undefined; ifNoneMatch: string | undefined },
): void {
  const { ifMatch, ifNoneMatch } = conditions;
  if (ifMatch !== undefined && !matches(ifMatch, current)) throw preconditionFailed("If-Match");
  if (ifNoneMatch !== undefined && matches(ifNoneMatch, current)) throw notModified();
}

/** Clients send one or several ETags with or without quotes, or `*`. */
function matches(condition: string, etag: string): boolean {
  return condition.split(",").some((candidate) => {
    const trimmed = candidate.trim();
    return trimmed === "*" || trimmed === etag || `"${trimmed}"` === etag;
  });
}
