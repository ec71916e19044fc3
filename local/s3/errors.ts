import { AwsError } from "../endpoint/error.ts";

// Codes, statuses and texts: https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html

/** No bucket of the program has that name. */
export function noSuchBucket(bucket: string): AwsError {
  return new AwsError("NoSuchBucket", `The specified bucket does not exist: ${bucket}`, { statusCode: 404 });
}

/** The key was never written, or it is deleted; also what a write with `If-Match` meets then. */
export function noSuchKey(key: string): AwsError {
  return new AwsError("NoSuchKey", `The specified key does not exist: ${key}`, { statusCode: 404 });
}

/** A HEAD has no body to carry a code, so that clients see the status' name. */
export function notFound(resource: string): AwsError {
  return new AwsError("NotFound", `Not Found: ${resource}`, { statusCode: 404 });
}

/** The precondition named did not hold: someone else wrote in between. */
export function preconditionFailed(condition: "If-Match" | "If-None-Match"): AwsError {
  return new AwsError(
    "PreconditionFailed",
    `At least one of the pre-conditions you specified did not hold. Condition: ${condition}`,
    { statusCode: 412 },
  );
}

/** Answer to a conditional read of what the client already has. */
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
 * What S3 answers for a key that is not there to who may not list the bucket, so that nobody learns names by asking.
 * https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html (Permissions)
 */
export function listDenied(principalArn: string, bucketArn: string): AwsError {
  return new AwsError(
    "AccessDenied",
    `User: ${principalArn} is not authorized to perform: s3:ListBucket on resource: "${bucketArn}" because no identity-based policy allows the s3:ListBucket action`,
    { statusCode: 403 },
  );
}
