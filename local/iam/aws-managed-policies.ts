/**
 * Statements of policies that AWS manages, by their path below `arn:aws:iam::aws:policy/`: those that Pulumi attaches by
 * default and the usual ones for functions. Actions of services that are not emulated are omitted, because no call can
 * use them. https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
 */
export const AWS_MANAGED_POLICIES: Readonly<Record<string, readonly object[]>> = {
  AWSLambdaExecute: [
    { Effect: "Allow", Action: "logs:*", Resource: "arn:aws:logs:*:*:*" },
    { Effect: "Allow", Action: ["s3:GetObject", "s3:PutObject"], Resource: "arn:aws:s3:::*" },
  ],
  AWSLambda_FullAccess: [
    {
      Effect: "Allow",
      Action: [
        "cloudwatch:ListMetrics",
        "cloudwatch:GetMetricData",
        "kms:DescribeKey",
        "kms:ListAliases",
        "lambda:*",
        "logs:DescribeLogGroups",
      ],
      Resource: "*",
    },
    {
      Effect: "Allow",
      Action: [
        "logs:DescribeLogStreams",
        "logs:GetLogEvents",
        "logs:FilterLogEvents",
        "logs:StartLiveTail",
        "logs:StopLiveTail",
      ],
      Resource: "arn:aws:logs:*:*:log-group:/aws/lambda/*",
    },
  ],
  AWSXRayDaemonWriteAccess: [],
  AWSXrayFullAccess: [],
  AWSXrayWriteOnlyAccess: [],
  AdministratorAccess: [{ Effect: "Allow", Action: "*", Resource: "*" }],
  AmazonCognitoPowerUser: [
    {
      Effect: "Allow",
      Action: [
        "kinesis:ListStreams",
        "lambda:GetPolicy",
        "lambda:ListFunctions",
        "sns:GetSMSSandboxAccountStatus",
        "sns:ListPlatformApplications",
      ],
      Resource: "*",
    },
  ],
  AmazonDynamoDBFullAccess: [
    {
      Effect: "Allow",
      Action: [
        "cloudwatch:DeleteAlarms",
        "cloudwatch:DescribeAlarmHistory",
        "cloudwatch:DescribeAlarms",
        "cloudwatch:DescribeAlarmsForMetric",
        "cloudwatch:GetMetricStatistics",
        "cloudwatch:ListMetrics",
        "cloudwatch:PutMetricAlarm",
        "cloudwatch:GetMetricData",
        "kms:DescribeKey",
        "kms:ListAliases",
        "sns:CreateTopic",
        "sns:DeleteTopic",
        "sns:ListSubscriptions",
        "sns:ListSubscriptionsByTopic",
        "sns:ListTopics",
        "sns:Subscribe",
        "sns:Unsubscribe",
        "sns:SetTopicAttributes",
        "lambda:CreateFunction",
        "lambda:ListFunctions",
        "lambda:ListEventSourceMappings",
        "lambda:CreateEventSourceMapping",
        "lambda:DeleteEventSourceMapping",
        "lambda:GetFunctionConfiguration",
        "lambda:DeleteFunction",
        "kinesis:ListStreams",
        "kinesis:DescribeStream",
        "kinesis:DescribeStreamSummary",
      ],
      Resource: "*",
    },
    {
      Effect: "Allow",
      Action: "cloudwatch:GetInsightRuleReport",
      Resource: "arn:aws:cloudwatch:*:*:insight-rule/DynamoDBContributorInsights*",
    },
  ],
  AmazonKinesisFullAccess: [{ Effect: "Allow", Action: "kinesis:*", Resource: "*" }],
  AmazonKinesisReadOnlyAccess: [
    { Effect: "Allow", Action: ["kinesis:Get*", "kinesis:List*", "kinesis:Describe*"], Resource: "*" },
  ],
  AmazonS3FullAccess: [{ Effect: "Allow", Action: "s3:*", Resource: "*" }],
  AmazonS3ReadOnlyAccess: [
    { Effect: "Allow", Action: ["s3:Get*", "s3:List*", "s3:Describe*"], Resource: "*" },
  ],
  AmazonSNSFullAccess: [{ Effect: "Allow", Action: "sns:*", Resource: "*" }],
  AmazonSQSFullAccess: [{ Effect: "Allow", Action: "sqs:*", Resource: "*" }],
  AmazonSSMReadOnlyAccess: [
    { Effect: "Allow", Action: ["ssm:Describe*", "ssm:Get*", "ssm:List*"], Resource: "*" },
  ],
  CloudWatchEventsFullAccess: [{ Effect: "Allow", Action: ["events:*", "scheduler:*"], Resource: "*" }],
  CloudWatchFullAccess: [{ Effect: "Allow", Action: ["cloudwatch:*", "logs:*", "sns:*"], Resource: "*" }],
  CloudWatchFullAccessV2: [
    {
      Effect: "Allow",
      Action: [
        "cloudwatch:*",
        "logs:*",
        "sns:CreateTopic",
        "sns:ListSubscriptions",
        "sns:ListSubscriptionsByTopic",
        "sns:ListTopics",
        "sns:Subscribe",
      ],
      Resource: "*",
    },
  ],
  CloudWatchLogsFullAccess: [
    {
      Effect: "Allow",
      Action: ["logs:*", "cloudwatch:GenerateQuery", "cloudwatch:GenerateQueryResultsSummary"],
      Resource: "*",
    },
  ],
  "service-role/AWSGlueServiceRole": [
    {
      Effect: "Allow",
      Action: [
        "glue:*",
        "s3:GetBucketLocation",
        "s3:ListBucket",
        "s3:ListAllMyBuckets",
        "s3:GetBucketAcl",
        "cloudwatch:PutMetricData",
      ],
      Resource: "*",
    },
    { Effect: "Allow", Action: "s3:CreateBucket", Resource: "arn:aws:s3:::aws-glue-*" },
    {
      Effect: "Allow",
      Action: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
      Resource: ["arn:aws:s3:::aws-glue-*/*", "arn:aws:s3:::*/*aws-glue-*/*"],
    },
    {
      Effect: "Allow",
      Action: "s3:GetObject",
      Resource: ["arn:aws:s3:::crawler-public*", "arn:aws:s3:::aws-glue-*"],
    },
    {
      Effect: "Allow",
      Action: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: "arn:aws:logs:*:*:*:/aws-glue/*",
    },
  ],
  "service-role/AWSLambdaBasicExecutionRole": [
    {
      Effect: "Allow",
      Action: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: "*",
    },
  ],
  "service-role/AWSLambdaDynamoDBExecutionRole": [
    {
      Effect: "Allow",
      Action: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: "*",
    },
  ],
  "service-role/AWSLambdaKinesisExecutionRole": [
    {
      Effect: "Allow",
      Action: [
        "kinesis:DescribeStream",
        "kinesis:DescribeStreamSummary",
        "kinesis:GetRecords",
        "kinesis:GetShardIterator",
        "kinesis:ListShards",
        "kinesis:ListStreams",
        "kinesis:SubscribeToShard",
        "logs:CreateLogGroup",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
      ],
      Resource: "*",
    },
  ],
  "service-role/AWSLambdaSQSQueueExecutionRole": [
    {
      Effect: "Allow",
      Action: [
        "sqs:ReceiveMessage",
        "sqs:DeleteMessage",
        "sqs:GetQueueAttributes",
        "logs:CreateLogGroup",
        "logs:CreateLogStream",
        "logs:PutLogEvents",
      ],
      Resource: "*",
    },
  ],
  "service-role/AWSLambdaVPCAccessExecutionRole": [
    {
      Effect: "Allow",
      Action: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: "*",
    },
  ],
};
