/** A check of checkov that resources fail, and that is left failing. */
interface AcceptedFinding {
  /** Id of the check. */
  readonly check: string;
  /** Type of the resources, as Terraform calls it. */
  readonly resource: string;
  /** What the check asks for. */
  readonly wanted: string;
  /** Why the program does not do it. */
  readonly reason: string;
  /** What it would cost, in us-east-1. */
  readonly price: string;
}

const KEY_PRICE = "$1 a month for each key, and $0.03 for 10,000 requests to it";

/** One row for each check and type of resource that fails in `prod`: the suite fails for a row too few and for one too many. */
export const ACCEPTED_FINDINGS: readonly AcceptedFinding[] = [
  {
    check: "CKV_AWS_18",
    resource: "aws_s3_bucket",
    wanted: "access logs of the bucket",
    reason:
      "Only the roles in iam.md read or write the bucket. Access logs need a second bucket, which fails this check itself.",
    price: "storage of the logs, $0.023 per GB and month",
  },
  {
    check: "CKV_AWS_115",
    resource: "aws_lambda_function",
    wanted: "reserved concurrency of each function",
    reason:
      "Lambda refuses a reservation that leaves fewer than 100 executions to the rest of the account, and a new account may have 10 in all. The shards and the schedules already bound the number of executions.",
    price: "none",
  },
  {
    check: "CKV_AWS_116",
    resource: "aws_lambda_function",
    wanted: "a dead-letter queue of each function",
    reason:
      "Failed records of the stream, failed scheduled messages and failed messages to webhooks go to on-failure destinations in the bucket, which this check does not look at. A poll that fails is replaced by the next one.",
    price: "none",
  },
  {
    check: "CKV_AWS_117",
    resource: "aws_lambda_function",
    wanted: "functions inside a VPC",
    reason:
      "The functions call AWS and public weather APIs and webhooks, and nothing that is inside a VPC. A NAT gateway would be one more way for an alert to be lost.",
    price: "$33 a month for a NAT gateway in one zone, and $0.045 per GB",
  },
  {
    check: "CKV_AWS_144",
    resource: "aws_s3_bucket",
    wanted: "replication to another region",
    reason:
      "The stream and the functions run in one region. The history is not needed for an alert, and S3 keeps it in three zones.",
    price: "storage twice, and $0.02 per GB between regions",
  },
  {
    check: "CKV_AWS_145",
    resource: "aws_s3_bucket",
    wanted: "encryption of the bucket with a KMS key",
    reason: "S3 encrypts the objects with its own key. They hold observations and alerts, and no secret.",
    price: KEY_PRICE,
  },
  {
    check: "CKV_AWS_158",
    resource: "aws_cloudwatch_log_group",
    wanted: "encryption of the logs with a KMS key",
    reason: "CloudWatch Logs encrypts them with its own key, and a test shows that no secret is logged.",
    price: KEY_PRICE,
  },
  {
    check: "CKV_AWS_195",
    resource: "aws_glue_crawler",
    wanted: "a Glue security configuration of the crawlers",
    reason: "It chooses KMS keys for logs and objects, which use the keys of AWS here, as above.",
    price: KEY_PRICE,
  },
  {
    check: "CKV_AWS_195",
    resource: "aws_glue_job",
    wanted: "a Glue security configuration of the job",
    reason: "As for the crawlers. Job bookmarks, which it also encrypts, are not used.",
    price: KEY_PRICE,
  },
  {
    check: "CKV_AWS_272",
    resource: "aws_lambda_function",
    wanted: "signed code",
    reason:
      "Whoever runs `pulumi up` would sign the code and may change the signing configuration, so a signature proves nothing more.",
    price: "none",
  },
  {
    check: "CKV_AWS_297",
    resource: "aws_scheduler_schedule",
    wanted: "encryption of schedules with a customer managed key",
    reason:
      "EventBridge Scheduler encrypts them with its own key. They hold the name of a message and no address.",
    price: KEY_PRICE,
  },
  {
    check: "CKV_AWS_337",
    resource: "aws_ssm_parameter",
    wanted: "encryption of secrets with a customer managed key",
    reason:
      "The parameters are encrypted with the AWS managed key `aws/ssm`. Only a role that may read a parameter can decrypt it.",
    price: KEY_PRICE,
  },
  {
    check: "CKV_AWS_338",
    resource: "aws_cloudwatch_log_group",
    wanted: "logs kept for a year",
    reason:
      "`logRetentionDays` sets it; `prod` keeps 90 days. Logs serve operations; the record of alerts is below `transitions/` in the bucket.",
    price: "$0.03 per GB and month",
  },
];
