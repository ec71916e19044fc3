import { rmSync } from "node:fs";
import type { Service } from "../endpoint/operation.ts";
import type { Graph } from "../graph.ts";
import type { Authorizer } from "../iam/authorizer.ts";
import { customerKeyArn } from "../iam/service-policy.ts";
import {
  BUCKET_OBJECT_TYPES,
  BUCKET_TYPES,
  type Bucket,
  ENCRYPTION_TYPES,
  openBuckets,
  POLICY_TYPE,
  uploadBucketObjects,
} from "./buckets.ts";
import { listPermission, type S3Context } from "./context.ts";
import { noSuchBucket } from "./errors.ts";
import { NOTIFICATION_TYPE } from "./notification-configuration.ts";
import { getBucketLocation, headBucket, listObjectsV2 } from "./operations/bucket.ts";
import { deleteObject, deleteObjects } from "./operations/delete-object.ts";
import { getObject, headObject } from "./operations/get-object.ts";
import { copyObject, putObject } from "./operations/put-object.ts";
import { createRestCodec } from "./rest.ts";
import { temporaryDirectory } from "./sidecar.ts";

/** Resource types that this service emulates. */
export const S3_RESOURCE_TYPES: readonly string[] = [
  ...BUCKET_TYPES,
  ...BUCKET_OBJECT_TYPES,
  ...ENCRYPTION_TYPES,
  POLICY_TYPE,
  NOTIFICATION_TYPE,
];

/** Resource types that have no effect on clients of the local run. */
export const S3_INERT_RESOURCE_TYPES: readonly string[] = [
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
  "aws:s3/bucketVersioning:BucketVersioning",
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  "aws:s3/bucketLifecycleConfigurationV2:BucketLifecycleConfigurationV2",
];

export interface LocalS3 {
  readonly service: Service;
  /** The buckets of the program by name, for callers in this process that act as the operator. */
  readonly buckets: ReadonlyMap<string, Bucket>;
}

/**
 * S3 with the buckets of `graph`. The object with key K in bucket B is the plain file `directory/B/K`. Objects that the
 * program declares are uploaded before this resolves.
 * @param options.authorizer decides between NoSuchKey and AccessDenied for a missing key: only a caller who may list the
 *   bucket learns that a key does not exist. By default every caller may.
 */
export async function createS3(options: {
  graph: Graph;
  directory: string;
  now: () => Date;
  authorizer?: Authorizer;
}): Promise<LocalS3> {
  const { graph, directory, now, authorizer } = options;
  rmSync(temporaryDirectory(directory), { recursive: true, force: true });
  const buckets = openBuckets({ graph, directory, now });
  await uploadBucketObjects(graph, buckets);
  const context: S3Context = {
    region: graph.region,
    findBucket: (name) => buckets.get(name),
    bucket(name) {
      const bucket = buckets.get(name);
      if (bucket === undefined) throw noSuchBucket(name);
      return bucket;
    },
    // The key stands for the prefix of a list, as on S3: https://github.com/ceph/ceph/pull/68577
    mayList(principal, { name, policy }, key) {
      const scope = { service: "s3", resourcePolicy: policy };
      return authorizer?.decide(principal, listPermission(name, key), scope).allowed ?? true;
    },
    keyArn: (reference) => customerKeyArn(graph, reference),
  };
  return { buckets, service: createService(context, buckets) };
}

function createService(context: S3Context, buckets: ReadonlyMap<string, Bucket>): Service {
  return {
    signingName: "s3",
    protocol: "rest-xml",
    codec: createRestCodec(),
    operations: {
      CopyObject: copyObject(context),
      DeleteObject: deleteObject(context),
      DeleteObjects: deleteObjects(context),
      GetBucketLocation: getBucketLocation(context),
      GetObject: getObject(context),
      HeadBucket: headBucket(context),
      HeadObject: headObject(context),
      ListObjectsV2: listObjectsV2(context),
      PutObject: putObject(context),
    },
    resourcePolicy(resource) {
      const name = /^arn:aws:s3:::([^/]+)/.exec(resource)?.[1];
      return name === undefined ? undefined : buckets.get(name)?.policy;
    },
  };
}
