const DOCS = "https://docs.aws.amazon.com";
const LAMBDA = `${DOCS}/lambda/latest/api`;
const EVENTS = `${DOCS}/eventbridge/latest/APIReference`;
const SCHEDULER = `${DOCS}/scheduler/latest/APIReference`;
const ATHENA = `${DOCS}/athena/latest/APIReference`;
const GLUE = `${DOCS}/glue/latest/webapi`;
const IAM = `${DOCS}/IAM/latest/UserGuide/reference_iam-quotas.html`;
const ALARM = `${DOCS}/AmazonCloudWatch/latest/APIReference/API_PutMetricAlarm.html`;
const MAPPING = `${LAMBDA}/API_CreateEventSourceMapping.html`;
const PARAMETER = `${DOCS}/systems-manager/latest/APIReference/API_PutParameter.html`;

/** The longest physical name, and the input that gives it. */
export interface NameLimit {
  readonly input: string;
  readonly maximum: number;
  readonly link: string;
}

/** Bounds of an input of a resource: the length of a text, the value of a number. */
export interface InputLimit {
  readonly type: string;
  readonly input: string;
  readonly minimum?: number;
  readonly maximum: number;
  readonly link: string;
}

/** Pulumi appends a hyphen and seven random digits to the name of a resource that the program does not name. */
export const RANDOM_SUFFIX_CHARACTERS = 8;

/** Longest names of resources, in characters, by type. Types without a name of their own are in {@link NAMELESS}. */
export const NAME_LIMITS: Readonly<Record<string, NameLimit>> = {
  "aws:athena/namedQuery:NamedQuery": named(128, `${ATHENA}/API_CreateNamedQuery.html`),
  "aws:athena/preparedStatement:PreparedStatement": named(256, `${ATHENA}/API_CreatePreparedStatement.html`),
  "aws:athena/workgroup:Workgroup": named(128, `${ATHENA}/API_CreateWorkGroup.html`),
  "aws:cloudwatch/dashboard:Dashboard": named(
    255,
    `${DOCS}/AmazonCloudWatch/latest/APIReference/API_PutDashboard.html`,
    "dashboardName",
  ),
  "aws:cloudwatch/eventRule:EventRule": named(64, `${EVENTS}/API_PutRule.html`),
  "aws:cloudwatch/logGroup:LogGroup": named(
    512,
    `${DOCS}/AmazonCloudWatchLogs/latest/APIReference/API_CreateLogGroup.html`,
  ),
  "aws:cloudwatch/metricAlarm:MetricAlarm": named(255, ALARM),
  "aws:glue/catalogDatabase:CatalogDatabase": named(255, `${GLUE}/API_DatabaseInput.html`),
  "aws:glue/catalogTable:CatalogTable": named(255, `${GLUE}/API_TableInput.html`),
  "aws:glue/crawler:Crawler": named(255, `${GLUE}/API_CreateCrawler.html`),
  "aws:glue/job:Job": named(255, `${GLUE}/API_CreateJob.html`),
  "aws:glue/trigger:Trigger": named(255, `${GLUE}/API_CreateTrigger.html`),
  "aws:glue/workflow:Workflow": named(255, `${GLUE}/API_CreateWorkflow.html`),
  "aws:iam/role:Role": named(64, IAM),
  "aws:iam/rolePolicy:RolePolicy": named(128, IAM),
  "aws:kinesis/stream:Stream": named(128, `${DOCS}/kinesis/latest/APIReference/API_CreateStream.html`),
  "aws:lambda/function:Function": named(64, `${LAMBDA}/API_CreateFunction.html`),
  "aws:lambda/permission:Permission": named(100, `${LAMBDA}/API_AddPermission.html`, "statementId"),
  "aws:s3/bucket:Bucket": named(63, `${DOCS}/AmazonS3/latest/userguide/bucketnamingrules.html`, "bucket"),
  "aws:s3/bucketObjectv2:BucketObjectv2": named(
    1024,
    `${DOCS}/AmazonS3/latest/userguide/object-keys.html`,
    "key",
  ),
  "aws:scheduler/schedule:Schedule": named(64, `${SCHEDULER}/API_CreateSchedule.html`),
  "aws:scheduler/scheduleGroup:ScheduleGroup": named(64, `${SCHEDULER}/API_CreateScheduleGroup.html`),
  "aws:sns/topic:Topic": named(256, `${DOCS}/sns/latest/api/API_CreateTopic.html`),
  "aws:ssm/parameter:Parameter": named(1011, PARAMETER),
};

/** Types that get an id from AWS, or that configure another resource. */
export const NAMELESS: readonly string[] = [
  "aws:cloudwatch/eventTarget:EventTarget",
  "aws:kms/key:Key",
  "aws:lambda/eventSourceMapping:EventSourceMapping",
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  "aws:s3/bucketNotification:BucketNotification",
  "aws:s3/bucketPolicy:BucketPolicy",
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "aws:s3/bucketVersioning:BucketVersioning",
  "aws:sns/topicPolicy:TopicPolicy",
  "aws:sns/topicSubscription:TopicSubscription",
];

/** Inputs other than names for which AWS has a limit. */
export const INPUT_LIMITS: readonly InputLimit[] = [
  of("aws:athena/namedQuery:NamedQuery", "description", 1, 1024, `${ATHENA}/API_CreateNamedQuery.html`),
  of("aws:athena/namedQuery:NamedQuery", "query", 1, 262_144, `${ATHENA}/API_CreateNamedQuery.html`),
  of(
    "aws:athena/preparedStatement:PreparedStatement",
    "description",
    1,
    1024,
    `${ATHENA}/API_CreatePreparedStatement.html`,
  ),
  of(
    "aws:athena/preparedStatement:PreparedStatement",
    "queryStatement",
    1,
    262_144,
    `${ATHENA}/API_CreatePreparedStatement.html`,
  ),
  of("aws:cloudwatch/eventRule:EventRule", "description", 0, 512, `${EVENTS}/API_PutRule.html`),
  of("aws:cloudwatch/eventRule:EventRule", "eventPattern", 0, 4096, `${EVENTS}/API_PutRule.html`),
  of("aws:cloudwatch/metricAlarm:MetricAlarm", "alarmDescription", 0, 1024, ALARM),
  // All inline policies of a role together; each role has one.
  of("aws:iam/rolePolicy:RolePolicy", "policy", 1, 10_240, IAM),
  of(
    "aws:kms/key:Key",
    "deletionWindowInDays",
    7,
    30,
    `${DOCS}/kms/latest/APIReference/API_ScheduleKeyDeletion.html`,
  ),
  of("aws:lambda/eventSourceMapping:EventSourceMapping", "maximumRecordAgeInSeconds", 60, 604_800, MAPPING),
  of("aws:lambda/eventSourceMapping:EventSourceMapping", "maximumRetryAttempts", 0, 10_000, MAPPING),
  of("aws:lambda/function:Function", "description", 0, 256, `${LAMBDA}/API_CreateFunction.html`),
  of(
    "aws:lambda/function:Function",
    "memorySize",
    128,
    10_240,
    `${DOCS}/lambda/latest/dg/gettingstarted-limits.html`,
  ),
  of(
    "aws:lambda/function:Function",
    "timeout",
    1,
    900,
    `${DOCS}/lambda/latest/dg/gettingstarted-limits.html`,
  ),
  of(
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
    "maximumEventAgeInSeconds",
    60,
    21_600,
    `${LAMBDA}/API_PutFunctionEventInvokeConfig.html`,
  ),
  of(
    "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
    "maximumRetryAttempts",
    0,
    2,
    `${LAMBDA}/API_PutFunctionEventInvokeConfig.html`,
  ),
  of(
    "aws:scheduler/schedule:Schedule",
    "scheduleExpressionTimezone",
    1,
    50,
    `${SCHEDULER}/API_CreateSchedule.html`,
  ),
  of(
    "aws:sns/topicSubscription:TopicSubscription",
    "filterPolicy",
    0,
    262_144,
    `${DOCS}/sns/latest/dg/subscription-filter-policy-constraints.html`,
  ),
  of("aws:ssm/parameter:Parameter", "description", 0, 1024, PARAMETER),
];

function named(maximum: number, link: string, input = "name"): NameLimit {
  return { input, maximum, link };
}

function of(type: string, input: string, minimum: number, maximum: number, link: string): InputLimit {
  return { type, input, minimum, maximum, link };
}
