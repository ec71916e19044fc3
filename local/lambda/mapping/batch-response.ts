/**
 * The first record of a batch to retry, according to the answer of a function with ReportBatchItemFailures.
 *
 * The record with the lowest reported sequence number and all later records are retried. No answer and an empty list mean
 * success. An identifier that is missing, empty or unknown fails the whole batch.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
 *
 * @param sequenceNumbers the sequence numbers of the batch, in order
 * @param response the function's parsed answer
 * @returns the index of the first record to retry, or the batch's length after success
 */
export function firstFailure(sequenceNumbers: readonly string[], response: unknown): number {
  const failures = property(response, "batchItemFailures");
  if (failures === undefined || failures === null) return sequenceNumbers.length;
  if (!Array.isArray(failures)) return 0;
  const indexes = failures.map((failure) => {
    const identifier = property(failure, "itemIdentifier");
    return typeof identifier === "string" ? Math.max(0, sequenceNumbers.indexOf(identifier)) : 0;
  });
  return Math.min(sequenceNumbers.length, ...indexes);
}

/**
 * The messages of a queue's batch that the function reports as failed. An identifier that is missing, empty or unknown
 * fails the whole batch. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
 */
export function failedItems(messageIds: readonly string[], response: unknown): ReadonlySet<string> {
  const failures = property(response, "batchItemFailures");
  if (failures === undefined || failures === null) return new Set();
  const identifiers = Array.isArray(failures)
    ? failures.map((one) => property(one, "itemIdentifier"))
    : [null];
  const isWhole = identifiers.some((id) => typeof id !== "string" || !messageIds.includes(id));
  return new Set(isWhole ? messageIds : (identifiers as string[]));
}

function property(value: unknown, key: string): unknown {
  return typeof value === "object" && value !== null ? (value as Record<string, unknown>)[key] : undefined;
}
