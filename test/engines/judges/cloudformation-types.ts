/** How CloudFormation has what a type of the Pulumi provider declares. */
export interface CloudFormationType {
  readonly type: string;
  /**
   * Path of an input -> property, where it is not the input's name with a capital letter: `A.b` is nested, the empty text
   * puts what is in the object into its parent, null leaves the input out.
   */
  readonly names?: Readonly<Record<string, string | null>>;
  /** Input that names the resource of this type that the inputs are a part of. */
  readonly partOf?: string;
  /** Property of the whole that is a list of such parts. */
  readonly listed?: string;
  /** Inputs of one value, of which CloudFormation takes a list. */
  readonly lists?: readonly string[];
  /** Inputs whose keys are data; tags, unless they are here, become a list of `Key` and `Value`. */
  readonly maps?: readonly string[];
  /** Properties that CloudFormation needs and the provider fills in or uploads itself. */
  readonly extra?: Readonly<Record<string, unknown>>;
}

const CATALOG = { CatalogId: "123456789012" };
const GLUE = { maps: ["tags", "defaultArguments"] };

/** By type of the Pulumi provider. A text is the reason why CloudFormation has no such resource. */
export const CLOUDFORMATION_TYPES: Readonly<Record<string, CloudFormationType | string>> = {
  "aws:athena/namedQuery:NamedQuery": {
    type: "AWS::Athena::NamedQuery",
    names: { query: "QueryString", workgroup: "WorkGroup" },
  },
  "aws:athena/preparedStatement:PreparedStatement": {
    type: "AWS::Athena::PreparedStatement",
    names: { name: "StatementName", workgroup: "WorkGroup" },
  },
  "aws:athena/workgroup:Workgroup": {
    type: "AWS::Athena::WorkGroup",
    names: {
      configuration: "WorkGroupConfiguration",
      "configuration.enforceWorkgroupConfiguration": "EnforceWorkGroupConfiguration",
      forceDestroy: "RecursiveDeleteOption",
    },
  },
  "aws:cloudwatch/dashboard:Dashboard": { type: "AWS::CloudWatch::Dashboard", names: { name: null } },
  "aws:cloudwatch/eventRule:EventRule": { type: "AWS::Events::Rule" },
  "aws:cloudwatch/eventTarget:EventTarget": {
    type: "AWS::Events::Rule",
    partOf: "rule",
    listed: "Targets",
    names: { targetId: "Id", "inputTransformer.inputPaths": "InputPathsMap" },
    maps: ["inputPaths"],
  },
  "aws:cloudwatch/logGroup:LogGroup": { type: "AWS::Logs::LogGroup", names: { name: "LogGroupName" } },
  "aws:cloudwatch/metricAlarm:MetricAlarm": {
    type: "AWS::CloudWatch::Alarm",
    names: { name: "AlarmName", okActions: "OKActions" },
  },
  "aws:glue/catalogDatabase:CatalogDatabase": {
    type: "AWS::Glue::Database",
    names: { name: "DatabaseInput.Name", description: "DatabaseInput.Description", tags: null },
    extra: CATALOG,
  },
  "aws:glue/catalogTable:CatalogTable": {
    type: "AWS::Glue::Table",
    names: {
      name: "TableInput.Name",
      description: "TableInput.Description",
      parameters: "TableInput.Parameters",
      partitionKeys: "TableInput.PartitionKeys",
      storageDescriptor: "TableInput.StorageDescriptor",
      "storageDescriptor.serDeInfo": "SerdeInfo",
      tableType: "TableInput.TableType",
    },
    maps: ["parameters"],
    extra: CATALOG,
  },
  "aws:glue/crawler:Crawler": {
    type: "AWS::Glue::Crawler",
    names: { catalogTargets: "Targets.CatalogTargets", s3Targets: "Targets.S3Targets" },
    ...GLUE,
  },
  "aws:glue/job:Job": { type: "AWS::Glue::Job", names: { roleArn: "Role" }, ...GLUE },
  "aws:glue/trigger:Trigger": { type: "AWS::Glue::Trigger", ...GLUE },
  "aws:glue/workflow:Workflow": { type: "AWS::Glue::Workflow", ...GLUE },
  "aws:iam/role:Role": {
    type: "AWS::IAM::Role",
    names: { name: "RoleName", assumeRolePolicy: "AssumeRolePolicyDocument" },
  },
  "aws:iam/rolePolicy:RolePolicy": {
    type: "AWS::IAM::RolePolicy",
    names: { name: "PolicyName", policy: "PolicyDocument", role: "RoleName" },
  },
  "aws:kinesis/stream:Stream": {
    type: "AWS::Kinesis::Stream",
    names: {
      encryptionType: "StreamEncryption.EncryptionType",
      kmsKeyId: "StreamEncryption.KeyId",
      retentionPeriod: "RetentionPeriodHours",
    },
  },
  "aws:kms/key:Key": {
    type: "AWS::KMS::Key",
    names: { name: null, deletionWindowInDays: "PendingWindowInDays", policy: "KeyPolicy" },
  },
  "aws:lambda/eventSourceMapping:EventSourceMapping": {
    type: "AWS::Lambda::EventSourceMapping",
    names: { name: null, "destinationConfig.onFailure.destinationArn": "Destination" },
  },
  "aws:lambda/function:Function": {
    type: "AWS::Lambda::Function",
    names: { name: "FunctionName", code: null },
    maps: ["variables"],
    extra: { Code: { S3Bucket: "packages", S3Key: "function.zip" } },
  },
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": {
    type: "AWS::Lambda::EventInvokeConfig",
    names: { name: null },
    extra: { Qualifier: "$LATEST" },
  },
  "aws:lambda/permission:Permission": {
    type: "AWS::Lambda::Permission",
    names: { name: null, function: "FunctionName" },
  },
  "aws:s3/bucket:Bucket": { type: "AWS::S3::Bucket", names: { name: "BucketName", forceDestroy: null } },
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": {
    type: "AWS::S3::Bucket",
    partOf: "bucket",
    names: {
      rules: "LifecycleConfiguration.Rules",
      "rules.filter": "",
      "rules.expiration": "",
      "rules.expiration.days": "ExpirationInDays",
    },
  },
  "aws:s3/bucketNotification:BucketNotification":
    "a part of AWS::S3::Bucket of another shape: one entry for each event, and its filter as a list of rules",
  "aws:s3/bucketObjectv2:BucketObjectv2": "CloudFormation uploads no objects",
  "aws:s3/bucketPolicy:BucketPolicy": {
    type: "AWS::S3::BucketPolicy",
    names: { name: null, policy: "PolicyDocument" },
  },
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": {
    type: "AWS::S3::Bucket",
    partOf: "bucket",
    names: {
      blockPublicAcls: "PublicAccessBlockConfiguration.BlockPublicAcls",
      blockPublicPolicy: "PublicAccessBlockConfiguration.BlockPublicPolicy",
      ignorePublicAcls: "PublicAccessBlockConfiguration.IgnorePublicAcls",
      restrictPublicBuckets: "PublicAccessBlockConfiguration.RestrictPublicBuckets",
    },
  },
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": {
    type: "AWS::S3::Bucket",
    partOf: "bucket",
    names: {
      rules: "BucketEncryption.ServerSideEncryptionConfiguration",
      "rules.applyServerSideEncryptionByDefault": "ServerSideEncryptionByDefault",
      "rules.applyServerSideEncryptionByDefault.sseAlgorithm": "SSEAlgorithm",
      "rules.applyServerSideEncryptionByDefault.kmsMasterKeyId": "KMSMasterKeyID",
    },
  },
  "aws:s3/bucketVersioning:BucketVersioning": { type: "AWS::S3::Bucket", partOf: "bucket" },
  "aws:scheduler/schedule:Schedule": {
    type: "AWS::Scheduler::Schedule",
    names: { actionAfterCompletion: null }, // of the API and the provider only
  },
  "aws:scheduler/scheduleGroup:ScheduleGroup": { type: "AWS::Scheduler::ScheduleGroup" },
  "aws:sns/topic:Topic": { type: "AWS::SNS::Topic", names: { name: "TopicName" } },
  "aws:sns/topicPolicy:TopicPolicy": {
    type: "AWS::SNS::TopicPolicy",
    names: { name: null, arn: "Topics", policy: "PolicyDocument" },
    lists: ["arn"],
  },
  "aws:sns/topicSubscription:TopicSubscription": {
    type: "AWS::SNS::Subscription",
    names: { name: null, topic: "TopicArn" },
  },
  "aws:ssm/parameter:Parameter": "CloudFormation makes no SecureString",
};
