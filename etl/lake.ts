import {
  DeleteObjectsCommand,
  GetObjectCommand,
  ListObjectsV2Command,
  PutObjectCommand,
  type S3Client,
} from "@aws-sdk/client-s3";
import type { ListedObject } from "./plan.ts";

/** Keys that one DeleteObjects takes; gold_lake.py has the same. https://docs.aws.amazon.com/AmazonS3/latest/API/API_DeleteObjects.html */
const DELETE_OBJECTS_KEYS = 1000;

/** The bucket as the ETL uses it. */
export interface Lake {
  list(prefix: string): Promise<ListedObject[]>;
  read(key: string): Promise<Uint8Array>;
  write(key: string, body: Uint8Array | string): Promise<void>;
  remove(keys: readonly string[]): Promise<void>;
}

/** Thrown when S3 answers without what it promises (an object without a body) or could not delete an object. */
class LakeError extends Error {
  override readonly name = "LakeError";
}

/** A lake in one S3 bucket. */
export function createS3Lake(s3: S3Client, bucket: string): Lake {
  return {
    list: (prefix) => listAll(s3, bucket, prefix),
    async read(key) {
      const { Body } = await s3.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      if (Body === undefined) throw new LakeError(`s3://${bucket}/${key} came without a body`);
      return Body.transformToByteArray();
    },
    async write(key, body) {
      await s3.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }));
    },
    async remove(keys) {
      for (let from = 0; from < keys.length; from += DELETE_OBJECTS_KEYS) {
        await removeBatch(s3, bucket, keys.slice(from, from + DELETE_OBJECTS_KEYS));
      }
    },
  };
}

async function listAll(s3: S3Client, bucket: string, prefix: string): Promise<ListedObject[]> {
  const objects: ListedObject[] = [];
  let token: string | undefined;
  do {
    const page = await s3.send(
      new ListObjectsV2Command({
        Bucket: bucket,
        Prefix: prefix,
        ...(token && { ContinuationToken: token }),
      }),
    );
    for (const { Key, ETag } of page.Contents ?? []) {
      if (Key !== undefined && ETag !== undefined) objects.push({ key: Key, etag: ETag });
    }
    token = page.NextContinuationToken;
  } while (token !== undefined);
  return objects;
}

async function removeBatch(s3: S3Client, bucket: string, keys: readonly string[]): Promise<void> {
  const Objects = keys.map((Key) => ({ Key }));
  const { Errors } = await s3.send(
    new DeleteObjectsCommand({ Bucket: bucket, Delete: { Objects, Quiet: true } }),
  );
  const [failed] = Errors ?? [];
  if (failed !== undefined)
    throw new LakeError(`s3://${bucket}/${failed.Key}: ${failed.Code} ${failed.Message}`);
}
