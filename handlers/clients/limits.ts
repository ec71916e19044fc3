/** What one call takes. Where AWS says so is in config/limits/aws.ts, which docs/limits.md is made of. */
export const PUT_RECORDS_RECORDS = 500;
/** Data and partition keys of all records. */
export const PUT_RECORDS_BYTES = 10 * 1024 * 1024;
/** Data and partition key of a record, on a stream that does not raise it. */
export const RECORD_BYTES = 1024 * 1024;
