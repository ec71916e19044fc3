import { createHash } from "node:crypto";
import { gunzipSync } from "node:zlib";
import type { Lake } from "../../etl/lake.ts";

export interface Requests {
  /** Of 1000 keys, as S3 lists. */
  readonly listPages: number;
  readonly reads: number;
  readonly writes: number;
}

/** A lake in memory that counts what S3 would be asked. */
export interface CountedLake extends Lake {
  requests(): Requests;
  /** Objects below a prefix and their bytes, which cost no request here. */
  sizes(prefix: string): { bytes: number; objects: number };
  /** The lines below a prefix as files of their own, without compression. */
  recordBytes(prefix: string): Promise<{ bytes: number; objects: number }>;
}

/** ListObjectsV2 answers with at most 1000 keys: https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
const LIST_LIMIT = 1000;

export function createCountedLake(): CountedLake {
  const objects = new Map<string, { body: Uint8Array; etag: string }>();
  const requests = { listPages: 0, reads: 0, writes: 0 };
  const below = (prefix: string) => [...objects].filter(([key]) => key.startsWith(prefix));
  return {
    async list(prefix) {
      const found = below(prefix);
      requests.listPages += Math.max(1, Math.ceil(found.length / LIST_LIMIT));
      return found.map(([key, { etag }]) => ({ key, etag }));
    },
    async read(key) {
      requests.reads++;
      const object = objects.get(key);
      if (object === undefined) throw new Error(`no object ${key}`);
      return object.body;
    },
    async write(key, text) {
      requests.writes++;
      const body = Buffer.from(text);
      objects.set(key, { body, etag: `"${createHash("md5").update(body).digest("hex")}"` });
    },
    async remove(keys) {
      for (const key of keys) objects.delete(key);
    },
    requests: () => ({ ...requests }),
    sizes(prefix) {
      const found = below(prefix);
      return { bytes: found.reduce((sum, [, { body }]) => sum + body.length, 0), objects: found.length };
    },
    async recordBytes(prefix) {
      const lines = below(prefix).flatMap(([, { body }]) =>
        gunzipSync(body).toString("utf8").trimEnd().split("\n"),
      );
      return { bytes: lines.reduce((sum, line) => sum + Buffer.byteLength(line), 0), objects: lines.length };
    },
  };
}
