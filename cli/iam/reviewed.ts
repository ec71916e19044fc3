import { matchesPattern } from "../../local/iam/condition.ts";

/** Grants that look too wide or unused, and why they are as they are. */
export interface Reviewed {
  /** Names of roles; `*` is any text. */
  readonly roles: readonly string[];
  readonly actions: readonly string[];
  /** ARN with `*`; every resource, unless it is there. */
  readonly resource?: string;
  readonly reason: string;
  readonly source: string;
}

const KINESIS_ROLE = "https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-create.html";
const ON_FAILURE = "https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html";
const GLUE_ROLE = "https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSGlueServiceRole.html";
const CRAWLER_SAMPLE = "https://github.com/awslabs/cid-data-collection-framework";
const CREATE_CRAWLER = "https://github.com/hashicorp/terraform-provider-aws/issues/30370";
const GLUE_LOGS = "https://docs.aws.amazon.com/glue/latest/dg/monitor-continuous-logging.html";
const XRAY = "https://docs.aws.amazon.com/service-authorization/latest/reference/list_awsx-ray.html";

/** Granted, and used by a service of AWS alone: no local run needs them. */
export const USED_BY_AWS_ONLY: readonly Reviewed[] = [
  {
    roles: ["alert", "archive"],
    actions: ["kinesis:DescribeStreamSummary"],
    reason: "Lambda asks for it when a function reads a stream",
    source: KINESIS_ROLE,
  },
  {
    roles: ["archive", "webhook-*"],
    actions: ["s3:ListBucket"],
    reason: "Lambda asks for it when a bucket is to keep what a function gave up",
    source: ON_FAILURE,
  },
  {
    roles: ["raw-crawler", "gold-crawler"],
    actions: [
      "glue:BatchGetPartition",
      "glue:CreatePartition",
      "glue:DeletePartition",
      "glue:DeleteTableVersion",
      "glue:GetDatabases",
      "glue:GetPartition",
      "glue:GetTableVersion",
      "glue:GetTableVersions",
      "glue:GetTables",
      "glue:TagResource",
      "glue:UpdatePartition",
    ],
    reason:
      "no page lists what Glue's crawler calls; a policy that AWS publishes without AWSGlueServiceRole grants these",
    source: CRAWLER_SAMPLE,
  },
  {
    roles: ["raw-crawler", "gold-crawler"],
    actions: ["glue:GetDatabase", "glue:BatchUpdatePartition"],
    reason:
      "Glue's crawler looks its database up and refreshes partitions; the local one finds tables as they were declared",
    source: GLUE_ROLE,
  },
  {
    roles: ["etl-job"],
    actions: ["s3:DeleteObject"],
    resource: "arn:aws:s3:::*/state/etl/staging/*",
    reason: "Spark stages a day before it is put in its place; DuckDB needs no bucket for that",
    source: "docs/decisions/0012-a-day-is-swapped-by-one-copy.md",
  },
  {
    roles: ["etl-job"],
    actions: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
    resource: "arn:aws:logs:*:log-group:*/etl/error:*",
    reason: "Glue writes there what Spark's own processes say; DuckDB has none",
    source: GLUE_LOGS,
  },
  {
    roles: ["*"],
    actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
    reason: "Lambda's daemon writes traces, not the function",
    source: XRAY,
  },
];

/** May list the whole bucket; everybody else lists below a prefix. */
export const LISTS_THE_BUCKET: readonly Reviewed[] = [
  {
    roles: ["alert", "archive", "notify", "webhook-*"],
    actions: ["s3:ListBucket"],
    reason: "Lambda asks for it when a bucket is to keep what a function gave up, and names no prefix",
    source: ON_FAILURE,
  },
  {
    roles: ["raw-crawler", "gold-crawler"],
    actions: ["s3:ListBucket"],
    reason:
      "CreateCrawler looks at the S3 targets with the crawler's role; with which prefix is not documented",
    source: CREATE_CRAWLER,
  },
  {
    roles: ["etl-job"],
    actions: ["s3:ListBucket"],
    reason: "Spark asks for folders with and without their slash, and for their parents",
    source: "https://hadoop.apache.org/docs/stable/hadoop-aws/tools/hadoop-aws/troubleshooting_s3a.html",
  },
];

/** Actions that AWS allows on `*` only. */
export const ON_EVERYTHING: readonly Reviewed[] = [
  {
    roles: ["*"],
    actions: ["xray:PutTraceSegments", "xray:PutTelemetryRecords"],
    reason: "X-Ray has no resources that a policy could name",
    source: XRAY,
  },
];

/** One permission, as somebody may have said why it is there. */
export interface ReviewedGrant {
  readonly role: string;
  readonly action: string;
  readonly resource: string;
}

/** The entry that speaks of a grant. */
export function reviewOf(list: readonly Reviewed[], grant: ReviewedGrant): Reviewed | undefined {
  return list.find(
    ({ roles, actions, resource = "*" }) =>
      roles.some((role) => matchesPattern(role, grant.role)) &&
      actions.includes(grant.action) &&
      matchesPattern(resource, grant.resource),
  );
}
