import { readFile } from "node:fs/promises";
import { isObject } from "../../lib/json.ts";
import { NotEmulatedError } from "../endpoint/error.ts";
import { type Graph, type Resource, resourcesOfType } from "../graph.ts";
import { customerKeyArn } from "../iam/service-policy.ts";
import { etagOf } from "./checksum.ts";
import { DEFAULT_CONTENT_TYPE, type ObjectStore, openObjectStore } from "./object-store.ts";

export interface Bucket {
  readonly name: string;
  readonly arn: string;
  /** ARN of the customer's key that encrypts new objects; absent for SSE-S3 and the AWS-managed key. */
  readonly kmsKeyArn?: string;
  /** Policy document, JSON text or object. */
  readonly policy?: unknown;
  readonly objects: ObjectStore;
}

export const BUCKET_TYPES = ["aws:s3/bucket:Bucket", "aws:s3/bucketV2:BucketV2"];
export const POLICY_TYPE = "aws:s3/bucketPolicy:BucketPolicy";
export const ENCRYPTION_TYPES = [
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "aws:s3/bucketServerSideEncryptionConfigurationV2:BucketServerSideEncryptionConfigurationV2",
];

/**
 * Opens the buckets of the program, by name.
 * @throws {Error} naming the resource, for a bucket without a name or with an unknown key.
 */
export function openBuckets(options: {
  graph: Graph;
  directory: string;
  now: () => Date;
}): ReadonlyMap<string, Bucket> {
  const { graph, directory, now } = options;
  const policies = byBucket(resourcesOf(graph, [POLICY_TYPE]));
  const encryptions = byBucket(resourcesOf(graph, ENCRYPTION_TYPES));
  return new Map(
    resourcesOf(graph, BUCKET_TYPES).map((resource) => {
      const name = bucketName(resource);
      const encryption = encryptions.get(name)?.inputs ?? resource.inputs.serverSideEncryptionConfiguration;
      const kmsKeyArn = defaultKeyArn(graph, encryption);
      const policy = policies.get(name)?.inputs.policy ?? resource.inputs.policy;
      const bucket: Bucket = {
        name,
        arn: `arn:aws:s3:::${name}`,
        objects: openObjectStore({ directory, bucket: name, now }),
        ...(kmsKeyArn === undefined ? {} : { kmsKeyArn }),
        ...(policy === undefined ? {} : { policy }),
      };
      return [name, bucket];
    }),
  );
}

function resourcesOf(graph: Graph, types: readonly string[]): readonly Resource[] {
  return types.flatMap((type) => resourcesOfType(graph, type));
}

function byBucket(resources: readonly Resource[]): ReadonlyMap<unknown, Resource> {
  return new Map(resources.map((resource) => [resource.inputs.bucket, resource]));
}

// https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html
const BUCKET_NAME = /^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

function bucketName(resource: Resource): string {
  const name = resource.outputs.bucket ?? resource.inputs.bucket;
  if (typeof name === "string" && BUCKET_NAME.test(name)) return name;
  throw new Error(
    `${resource.urn}: bucket is ${JSON.stringify(name)}; allowed are 3-63 lower-case letters, digits, dots and hyphens`,
  );
}

/** A separate encryption resource has a list `rules`; the inline form of the bucket has one object `rule`. */
function defaultKeyArn(graph: Graph, configuration: unknown): string | undefined {
  const rules = member(configuration, "rules");
  const rule = Array.isArray(rules) ? rules[0] : member(configuration, "rule");
  const encryption = member(rule, "applyServerSideEncryptionByDefault");
  const algorithm = member(encryption, "sseAlgorithm");
  if (algorithm === undefined || algorithm === "AES256") return undefined;
  return customerKeyArn(graph, member(encryption, "kmsMasterKeyId"));
}

function member(value: unknown, name: string): unknown {
  return isObject(value) ? value[name] : undefined;
}

export const BUCKET_OBJECT_TYPES = [
  "aws:s3/bucketObject:BucketObject",
  "aws:s3/bucketObjectv2:BucketObjectv2",
];

/**
 * Uploads the objects that the program declares, as `pulumi up` does. Unchanged objects are not written again.
 * @throws {Error} naming the resource, when its bucket is unknown or its content cannot be read.
 */
export async function uploadBucketObjects(graph: Graph, buckets: ReadonlyMap<string, Bucket>): Promise<void> {
  for (const resource of BUCKET_OBJECT_TYPES.flatMap((type) => resourcesOfType(graph, type))) {
    const { bucket: bucketName, key = resource.name, metadata, ...inputs } = resource.inputs;
    const bucket = buckets.get(String(bucketName));
    if (bucket === undefined || typeof key !== "string") {
      throw new Error(
        `${resource.urn}: bucket is ${JSON.stringify(bucketName)}; the program does not declare this bucket`,
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
    throw new Error(
      `${resource.urn}: source, content and contentBase64 are missing; one of them is required`,
    );
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
