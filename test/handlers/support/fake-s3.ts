import { createHash } from "node:crypto";
import { GetObjectCommand, PutObjectCommand, type S3Client, S3ServiceException } from "@aws-sdk/client-s3";
import type { Sends } from "../../../handlers/clients/dependencies.ts";

export interface FakeS3 extends Sends<S3Client> {
  /** Bodies by key. */
  readonly objects: Map<string, Uint8Array>;
  readonly puts: string[];
  /** Runs before a get; may throw. */
  beforeGet: (key: string) => void;
  /** Runs before a put; may throw, or write behind the caller's back. */
  beforePut: (key: string) => void;
  text(key: string): string;
}

/** S3 in memory with GetObject and PutObject, `If-Match` and `If-None-Match` honoured. */
export function createFakeS3(): FakeS3 {
  const objects = new Map<string, Uint8Array>();
  const puts: string[] = [];

  const get = (key: string) => {
    fake.beforeGet(key);
    const body = objects.get(key);
    if (body === undefined) throw s3Error("NoSuchKey", 404);
    return {
      ETag: etagOf(body),
      Body: { transformToString: async () => Buffer.from(body).toString("utf-8") },
    };
  };
  const put = ({ Key = "", Body, IfMatch, IfNoneMatch }: PutObjectCommand["input"]) => {
    fake.beforePut(Key);
    const current = objects.get(Key);
    if (IfNoneMatch === "*" && current !== undefined) throw s3Error("PreconditionFailed", 412);
    if (IfMatch !== undefined && current === undefined) throw s3Error("NoSuchKey", 404);
    if (IfMatch !== undefined && current !== undefined && etagOf(current) !== IfMatch) {
      throw s3Error("PreconditionFailed", 412);
    }
    const body = typeof Body === "string" ? Buffer.from(Body) : Buffer.from(Body as Uint8Array);
    objects.set(Key, body);
    puts.push(Key);
    return { ETag: etagOf(body) };
  };
  const send = async (command: unknown) => {
    if (command instanceof GetObjectCommand) return get(command.input.Key ?? "");
    if (command instanceof PutObjectCommand) return put(command.input);
    throw new Error("the fake knows GetObject and PutObject");
  };
  const fake: FakeS3 = {
    objects,
    puts,
    beforeGet: () => undefined,
    beforePut: () => undefined,
    text: (key) => Buffer.from(objects.get(key) ?? []).toString("utf-8"),
    send: send as S3Client["send"],
  };
  return fake;
}

export function s3Error(name: string, httpStatusCode: number): S3ServiceException {
  return new S3ServiceException({ name, message: name, $fault: "client", $metadata: { httpStatusCode } });
}

function etagOf(body: Uint8Array): string {
  return `"${createHash("md5").update(body).digest("hex")}"`;
}
