import { AwsError } from "../endpoint/error.ts";

// Codes, statuses and texts: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html

/** The program does not have a bucket with this name. */
export function noSuchBucket(bucket: string): AwsError {
  return new AwsError("NoSuchBucket", `The specified bucket does not exist: ${bucket}`, { statusCode: 404 });
}

/** The key does not exist. A write with `If-Match` fails with this error, too. */
export function noSuchKey(key: string): AwsError {
  return new AwsError("NoSuchKey", `The specified key does not exist: ${key}`, { statusCode: 404 });
}

/** A response to HEAD has no body with a code, so clients see the name of the status. */
export function notFound(resource: string): AwsError {
  return new AwsError("NotFound", `Not Found: ${resource}`, { statusCode: 404 });
}

/** The precondition failed because another writer changed the object. */
export function preconditionFailed(condition: "If-Match" | "If-None-Match"): AwsError {
  return new AwsError(
    "PreconditionFailed",
    `At least one of the pre-conditions you specified did not hold. Condition: ${condition}`,
    { statusCode: 412 },
  );
}

/** The answer to a conditional read when the client already has the current object. */
export function notModified(): AwsError {
  return new AwsError("NotModified", "Not Modified", { statusCode: 304 });
}

export function invalidArgument(message: string, cause?: unknown): AwsError {
  return new AwsError("InvalidArgument", message, { cause });
}

export function malformedXml(cause?: unknown): AwsError {
  return new AwsError(
    "MalformedXML",
    "The XML you provided was not well-formed or did not validate against our published schema",
    { cause },
  );
}

/**
 * S3's answer for a missing key when the caller may not list the bucket, so that the caller cannot find out names.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html (Permissions)
 */
export function listDenied(principalArn: string, bucketArn: string): AwsError {
  return new AwsError(
    "AccessDenied",
    `User: ${principalArn} is not authorized to perform: s3:ListBucket on resource: "${bucketArn}" because no identity-based policy allows the s3:ListBucket action`,
    { statusCode: 403 },
  );
}
