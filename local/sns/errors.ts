import { AwsError } from "../endpoint/error.ts";

// Codes as on the wire: https://docs.aws.amazon.com/sns/latest/api/API_Publish.html#API_Publish_Errors

/** A parameter of the request is not what SNS takes. */
export function invalidParameter(detail: string, cause?: unknown): AwsError {
  return new AwsError("InvalidParameter", `Invalid parameter: ${detail}`, { cause });
}

/** A message attribute has a wrong name, type or value. */
export function invalidAttribute(detail: string): AwsError {
  return new AwsError("ParameterValueInvalid", detail);
}

/** The topic is none of the program's. */
export function topicNotFound(): AwsError {
  return new AwsError("NotFound", "Topic does not exist", { statusCode: 404 });
}
