/**
 * Inputs that cannot change in place, by type: those that the AWS provider's schemas mark `ForceNew`. The SDK's
 * declarations say it of none of these types, so they are listed by hand: each type of the program with all inputs of
 * this kind that it could come to have; `*` is every input of the type. `region` is one of every type.
 * https://registry.terraform.io/providers/hashicorp/aws/latest/docs
 */
export const REPLACING: Readonly<Record<string, readonly string[]>> = {
  "aws:athena/namedQuery:NamedQuery": ["*"],
  "aws:athena/preparedStatement:PreparedStatement": ["name", "workgroup"],
  "aws:athena/workgroup:Workgroup": ["name"],
  "aws:cloudwatch/dashboard:Dashboard": ["dashboardName"],
  "aws:cloudwatch/eventRule:EventRule": ["eventBusName", "name", "namePrefix"],
  "aws:cloudwatch/eventTarget:EventTarget": ["eventBusName", "rule", "targetId"],
  "aws:cloudwatch/logGroup:LogGroup": ["logGroupClass", "name", "namePrefix"],
  "aws:cloudwatch/metricAlarm:MetricAlarm": ["name"],
  "aws:glue/catalogDatabase:CatalogDatabase": ["catalogId", "name"],
  "aws:glue/catalogTable:CatalogTable": ["catalogId", "databaseName", "name", "partitionIndices"],
  "aws:glue/crawler:Crawler": ["databaseName", "name"],
  "aws:glue/job:Job": ["name"],
  "aws:glue/trigger:Trigger": ["name", "type", "workflowName"],
  "aws:glue/workflow:Workflow": ["name"],
  "aws:iam/role:Role": ["name", "namePrefix", "path"],
  "aws:iam/rolePolicy:RolePolicy": ["name", "namePrefix", "role"],
  "aws:kinesis/stream:Stream": ["name"],
  "aws:kms/key:Key": ["customKeyStoreId", "customerMasterKeySpec", "keyUsage", "multiRegion", "xksKeyId"],
  "aws:lambda/eventSourceMapping:EventSourceMapping": [
    "amazonManagedKafkaEventSourceConfig",
    "eventSourceArn",
    "queues",
    "selfManagedEventSource",
    "selfManagedKafkaEventSourceConfig",
    "startingPosition",
    "startingPositionTimestamp",
    "topics",
  ],
  "aws:lambda/function:Function": ["name", "packageType"],
  "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig": ["functionName", "qualifier"],
  "aws:lambda/permission:Permission": ["*"],
  "aws:s3/bucket:Bucket": ["bucket", "bucketPrefix", "objectLockEnabled"],
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": ["bucket", "expectedBucketOwner"],
  "aws:s3/bucketNotification:BucketNotification": ["bucket"],
  "aws:s3/bucketObjectv2:BucketObjectv2": ["bucket", "key"],
  "aws:s3/bucketPolicy:BucketPolicy": ["bucket"],
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": ["bucket"],
  "aws:s3/bucketVersioning:BucketVersioning": ["bucket", "expectedBucketOwner"],
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": [
    "bucket",
    "expectedBucketOwner",
  ],
  "aws:scheduler/schedule:Schedule": ["groupName", "name", "namePrefix"],
  "aws:scheduler/scheduleGroup:ScheduleGroup": ["name", "namePrefix"],
  "aws:sns/topic:Topic": ["fifoTopic", "name", "namePrefix"],
  "aws:sns/topicPolicy:TopicPolicy": ["arn"],
  "aws:sns/topicSubscription:TopicSubscription": ["endpoint", "protocol", "topic"],
  "aws:ssm/parameter:Parameter": ["dataType", "name"],
};

/**
 * Those of a resource's changed inputs for which the provider makes it anew; of a component, none.
 * @throws for a type of AWS that the list does not have
 */
export function replacingInputs(type: string, changed: readonly string[]): string[] {
  if (!type.startsWith("aws:")) return [];
  const replacing = REPLACING[type];
  if (replacing === undefined) {
    throw new Error(`${type} is not in the list of test/infra/loader/replacing.ts: which inputs replace it?`);
  }
  return changed.filter((name) => name === "region" || replacing.includes("*") || replacing.includes(name));
}
