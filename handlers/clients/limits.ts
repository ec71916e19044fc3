/** What one PutRecords call takes. https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html */
export const PUT_RECORDS_RECORDS = 500;
/** Data and partition keys of all records. */
export const PUT_RECORDS_BYTES = 10 * 1024 * 1024;
/** Data and partition key of a record, on a stream that does not raise it. */
export const RECORD_BYTES = 1024 * 1024;
