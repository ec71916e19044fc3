/** UTF-8 bytes of a key. https://docs.aws.amazon.com/AmazonS3/latest/userguide/object-keys.html */
export const KEY_LIMIT_BYTES = 1024;

/** UTF-8 bytes of names and values of user metadata. https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingMetadata.html */
export const USER_METADATA_LIMIT_BYTES = 2048;

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
export const DELETE_OBJECTS_LIMIT = 1000;

/** A larger `max-keys` is answered as this. https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
export const LIST_LIMIT_KEYS = 1000;

/** Bytes of one path segment on the file systems of Linux, macOS and Windows; S3 itself has no such limit. */
export const PATH_SEGMENT_LIMIT_BYTES = 255;
