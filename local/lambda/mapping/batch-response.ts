/**
 * Where a batch has to be taken up again after the function answered without an error.
 *
 * Only with ReportBatchItemFailures does the answer count: the lowest sequence number it names, and all records after
 * it, are retried. No answer and an empty list are success; an identifier that is missing, empty or not of the batch
 * fails the batch as a whole.
 * Source: https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html
 *
 * @param sequenceNumbers of the batch, in order
 * @param response the function's answer, parsed
 * @returns the index of the first record to retry, or the batch's length when all is done.
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
 * Which messages of a queue's batch the function reports as failed; an identifier that is missing, empty or not of the
 * batch fails the batch as a whole. https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-errorhandling.html
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
