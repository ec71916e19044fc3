import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Grant } from "./policy.ts";

export interface LakeBucketArgs {
  /** Raw objects older than this are deleted; gold stays. */
  readonly rawRetentionDays: number;
  /** Whether the bucket and what is in it must outlive `pulumi destroy`. */
  readonly protect: boolean;
}

/** Query results are copies of what the lake still has. */
const QUERY_RESULT_RETENTION_DAYS = 7;
/** Partial results of a killed ETL run. The next run starts again. */
const STAGING_RETENTION_DAYS = 7;
const REPORT_RETENTION_DAYS = 400;
/** Parts of an upload that was never completed are billed and listed nowhere. */
const UPLOAD_RETENTION_DAYS = 7;
/** Time to notice that objects were deleted or overwritten by mistake, and to restore them: docs/upgrading.md */
const OLD_VERSION_DAYS = 30;
/** Prefixes whose objects are written again and again, or can be made again. One day is the least that S3 takes. */
const BRIEF_VERSIONS = ["state/", "athena-results/"];

/** The Atom feed of CAP documents. */
export const CAP_FEED = "cap/index.xml";

/**
 * Everything by which objects are read, written, listed or removed, in parts and old versions too. Named one by one:
 * what is left of `s3:*` are settings, which carry no record. https://docs.aws.amazon.com/service-authorization/latest/reference/list_amazons3.html
 */
const OVER_TLS_ONLY = [
  "s3:AbortMultipartUpload",
  "s3:DeleteObject",
  "s3:DeleteObjectTagging",
  "s3:DeleteObjectVersion",
  "s3:GetObject",
  "s3:GetObjectAttributes",
  "s3:GetObjectTagging",
  "s3:GetObjectVersion",
  "s3:ListBucket",
  "s3:ListBucketMultipartUploads",
  "s3:ListBucketVersions",
  "s3:ListMultipartUploadParts",
  "s3:PutObject",
  "s3:PutObjectTagging",
  "s3:RestoreObject",
];

/**
 * The one bucket: `raw/`, `transitions/`, `gold/`, `quarantine/`, `state/`, `reports/`, `cap/`, `athena-results/`, `etl/`,
 * and failed batches under `aws/lambda/`.
 */
export class LakeBucket extends pulumi.ComponentResource {
  readonly bucket: aws.s3.Bucket;

  constructor(name: string, args: LakeBucketArgs, opts?: pulumi.ComponentResourceOptions) {
    super("stormwire:infra:LakeBucket", name, {}, opts);
    const parent = this;

    const bucket = createBucket();
    createEncryption();
    const publicAccessBlock = createPublicAccessBlock();
    createPolicy();
    const versioning = args.protect ? createVersioning() : undefined;
    createLifecycle();

    this.bucket = bucket;
    this.registerOutputs({ bucket: bucket.bucket });

    function createBucket() {
      return new aws.s3.Bucket(name, { forceDestroy: !args.protect }, { parent, protect: args.protect });
    }

    function createEncryption() {
      // S3's own key: a customer key would cost $1 a month and a KMS call an object, and the bucket policy guards as well.
      return new aws.s3.BucketServerSideEncryptionConfiguration(
        name,
        {
          bucket: bucket.bucket,
          rules: [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }],
        },
        { parent },
      );
    }

    function createPublicAccessBlock() {
      return new aws.s3.BucketPublicAccessBlock(
        name,
        {
          bucket: bucket.bucket,
          blockPublicAcls: true,
          blockPublicPolicy: true,
          ignorePublicAcls: true,
          restrictPublicBuckets: true,
        },
        { parent },
      );
    }

    function createPolicy() {
      return new aws.s3.BucketPolicy(
        name,
        {
          bucket: bucket.bucket,
          policy: pulumi.jsonStringify({
            Version: "2012-10-17",
            Statement: [
              {
                Sid: "OnlyOverTls",
                Effect: "Deny",
                Principal: "*",
                Action: OVER_TLS_ONLY,
                Resource: [bucket.arn, pulumi.interpolate`${bucket.arn}/*`],
                Condition: { Bool: { "aws:SecureTransport": "false" } },
              },
            ],
          }),
        },
        // S3 answers OperationAborted when both are changed at once.
        { parent, dependsOn: [publicAccessBlock] },
      );
    }

    function createVersioning() {
      return new aws.s3.BucketVersioning(
        name,
        { bucket: bucket.bucket, versioningConfiguration: { status: "Enabled" } },
        { parent },
      );
    }

    function createLifecycle() {
      return new aws.s3.BucketLifecycleConfiguration(
        name,
        {
          bucket: bucket.bucket,
          rules: [
            expiration("raw", "raw/", args.rawRetentionDays),
            expiration("athena-results", "athena-results/", QUERY_RESULT_RETENTION_DAYS),
            expiration("etl-staging", "state/etl/staging/", STAGING_RETENTION_DAYS),
            expiration("etl-reports", "reports/etl/", REPORT_RETENTION_DAYS),
            {
              id: "uploads",
              status: "Enabled",
              filter: {},
              abortIncompleteMultipartUpload: { daysAfterInitiation: UPLOAD_RETENTION_DAYS },
            },
            ...(versioning ? oldVersions() : []),
          ],
        },
        { parent, dependsOn: versioning ? [versioning] : [] },
      );
    }
  }

  /** Objects below a prefix, e.g. `grant("raw/", "s3:PutObject")`. */
  grant(prefix: string, ...actions: [string, ...string[]]): Grant {
    return { actions, resources: [pulumi.interpolate`${this.bucket.arn}/${prefix}*`] };
  }

  /** One object, e.g. `objectGrant("state/stations.json", "s3:GetObject")`. */
  objectGrant(key: string, ...actions: [string, ...string[]]): Grant {
    return { actions, resources: [pulumi.interpolate`${this.bucket.arn}/${key}`] };
  }

  /**
   * Listing of what begins with `prefix`; also what makes S3 answer 404 and not 403 for an object there that is missing.
   * The prefix of a grant on a single object is the object's key.
   */
  listGrant(prefix: string): Grant {
    const listed = prefix.endsWith("/") ? `${prefix}*` : prefix;
    return { ...this.listAllGrant(), condition: { StringLike: { "s3:prefix": listed } } };
  }

  /**
   * Reading of what lies in folders, given with their slash, for a crawler. It may list the whole bucket: CreateCrawler
   * itself looks at its S3 targets with the crawler's role, and with which prefix, AWS does not say.
   */
  crawlGrants(...folders: string[]): Grant[] {
    return [...folders.map((folder) => this.grant(folder, "s3:GetObject")), this.listAllGrant()];
  }

  /** Listing of the whole bucket, for services whose requests no prefix covers. */
  listAllGrant(): Grant {
    return { actions: ["s3:ListBucket"], resources: [this.bucket.arn] };
  }

  /** Permissions to write CAP documents and their feed. */
  capGrants(): Grant[] {
    return [this.grant("cap/", "s3:PutObject"), this.objectGrant(CAP_FEED, "s3:GetObject")];
  }

  /** Permissions of an event-source mapping to write failed batches. It names the objects itself, below `aws/lambda/`. */
  onFailureGrants(): Grant[] {
    return [this.grant("aws/lambda/", "s3:PutObject"), this.listAllGrant()];
  }
}

/** Where several rules apply to an object, the earliest counts: https://docs.aws.amazon.com/AmazonS3/latest/userguide/lifecycle-conflicts.html */
function oldVersions() {
  return [
    {
      id: "old-versions",
      status: "Enabled",
      filter: {},
      noncurrentVersionExpiration: { noncurrentDays: OLD_VERSION_DAYS },
      expiration: { expiredObjectDeleteMarker: true },
    },
    ...BRIEF_VERSIONS.map((prefix) => ({
      id: `old-versions-${prefix.replace("/", "")}`,
      status: "Enabled",
      filter: { prefix },
      noncurrentVersionExpiration: { noncurrentDays: 1 },
    })),
  ];
}

function expiration(id: string, prefix: string, days: number) {
  return { id, status: "Enabled", filter: { prefix }, expiration: { days } };
}
