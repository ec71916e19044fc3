/** Thrown for a filter policy that SNS refuses; the message is what SNS says after `FilterPolicy: `. */
export class FilterPolicyError extends Error {
  override readonly name = "FilterPolicyError";
}
