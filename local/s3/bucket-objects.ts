import { readFile } from "node:fs/promises";
import { NotEmulatedError } from "../endpoint/error.ts";
import { type Graph, type Resource, resourcesOfType } from "../graph.ts";
import type { Bucket } from "./buckets.ts";
import { etagOf } from "./checksum.ts";
import { DEFAULT_CONTENT_TYPE } from "./object-store.ts";

export const BUCKET_OBJECT_TYPES = [
  "aws:s3/bucketObject:BucketObject",
  "aws:s3/bucketObjectv2:BucketObjectv2",
];

/**
 * Puts the objects that the program itself declares, as `pulumi up` does; one that is there unchanged stays as it is.
 * @throws {Error} naming the resource, when its bucket is unknown or its content cannot be read.
 */
export async function uploadBucketObjects(graph: Graph, buckets: ReadonlyMap<string, Bucket>): Promise<void> {
  for (const resource of BUCKET_OBJECT_TYPES.flatMap((type) => resourcesOfType(graph, type))) {
    const { bucket: bucketName, key = resource.name, metadata, ...inputs } = resource.inputs;
    const bucket = buckets.get(String(bucketName));
    if (bucket === undefined || typeof key !== "string") {
      throw new Error(
        `${resource.urn}: bucket is ${JSON.stringify(bucketName)}; this program makes no such bucket`,
      );
    }
    const body = await contentOf(resource);
    const contentType = text(inputs.contentType) ?? DEFAULT_CONTENT_TYPE;
    const current = bucket.objects.get(key);
    if (current?.etag === etagOf(body) && current.contentType === contentType) continue;
    bucket.objects.put(key, body, {
      contentType,
      contentEncoding: text(inputs.contentEncoding),
      cacheControl: text(inputs.cacheControl),
      contentDisposition: text(inputs.contentDisposition),
      contentLanguage: text(inputs.contentLanguage),
      metadata: Object.fromEntries(
        Object.entries(metadata ?? {}).map(([name, value]) => [name.toLowerCase(), String(value)]),
      ),
      kmsKeyArn: bucket.kmsKeyArn,
    });
  }
}

async function contentOf(resource: Resource): Promise<Buffer> {
  const { source, content, contentBase64 } = resource.inputs;
  if (typeof content === "string") return Buffer.from(content);
  if (typeof contentBase64 === "string") return Buffer.from(contentBase64, "base64");
  if (typeof source !== "object" || source === null) {
    throw new Error(`${resource.urn}: none of source, content and contentBase64 is given`);
  }
  if ("path" in source) return await readSource(resource, String(source.path));
  if ("text" in source) return Buffer.from(String(source.text));
  throw new NotEmulatedError(`${resource.urn}: a source that is neither a file nor a string asset`);
}

async function readSource(resource: Resource, path: string): Promise<Buffer> {
  try {
    return await readFile(path);
  } catch (cause) {
    throw new Error(`${resource.urn}: source ${path} cannot be read`, { cause });
  }
}

function text(value: unknown): string | undefined {
  return typeof value === "string" ? value : undefined;
}
