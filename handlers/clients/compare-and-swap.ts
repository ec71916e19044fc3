import { GetObjectCommand, PutObjectCommand, type S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import type { Sends } from "./dependencies.ts";

/** An object as it was read or written. Without text and ETag, the object does not exist. */
interface Snapshot {
  readonly text?: string;
  readonly etag?: string;
}

/** Thrown when the object has changed since it was read. Read it again and retry. */
export class ConflictError extends Error {
  override readonly name = "ConflictError";
}

/** Texts in S3 that are replaced only if unchanged since they were read. Both methods throw the errors of S3. */
interface SwapStore {
  read(key: string): Promise<Snapshot>;
  /** Replaces what was read. Throws {@link ConflictError}. */
  replace(key: string, text: string, contentType: string, replaced: Snapshot): Promise<Snapshot>;
}

/** 412: the condition failed; 409: a concurrent write is under way; 404: If-Match on an object that has gone. */
const CONFLICT_STATUSES: readonly (number | undefined)[] = [404, 409, 412];

export function createSwapStore(s3: Sends<S3Client>, bucketName: string): SwapStore {
  return {
    async read(key) {
      try {
        const { Body, ETag } = await s3.send(new GetObjectCommand({ Bucket: bucketName, Key: key }));
        return snapshot((await Body?.transformToString("utf-8")) ?? "", ETag);
      } catch (error) {
        if (error instanceof S3ServiceException && error.name === "NoSuchKey") return {};
        throw error;
      }
    },

    async replace(key, text, contentType, { etag }) {
      const condition = etag === undefined ? { IfNoneMatch: "*" } : { IfMatch: etag };
      const command = new PutObjectCommand({
        Bucket: bucketName,
        Key: key,
        Body: text,
        ContentType: contentType,
        ...condition,
      });
      try {
        const { ETag } = await s3.send(command);
        return snapshot(text, ETag);
      } catch (cause) {
        if (!(cause instanceof S3ServiceException) || !isConflict(cause)) throw cause;
        throw new ConflictError(`${key} was written by another`, { cause });
      }
    },
  };
}

function snapshot(text: string, etag: string | undefined): Snapshot {
  return { text, ...(etag !== undefined && { etag }) };
}

function isConflict(error: S3ServiceException): boolean {
  return error.name !== "NoSuchBucket" && CONFLICT_STATUSES.includes(error.$metadata.httpStatusCode);
}
