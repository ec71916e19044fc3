import { AthenaClient } from "@aws-sdk/client-athena";
import { CloudWatchClient } from "@aws-sdk/client-cloudwatch";
import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { GlueClient } from "@aws-sdk/client-glue";
import { IAMClient } from "@aws-sdk/client-iam";
import { KinesisClient } from "@aws-sdk/client-kinesis";
import { KMSClient } from "@aws-sdk/client-kms";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { SchedulerClient } from "@aws-sdk/client-scheduler";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { SSMClient } from "@aws-sdk/client-ssm";

export interface Place {
  readonly endpoint: string;
  readonly region: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** A client of each service of which the program has resources. */
export type Clients = ReturnType<typeof createClients>;

export function createClients(place: Place) {
  return {
    athena: new AthenaClient(place),
    cloudwatch: new CloudWatchClient(place),
    events: new EventBridgeClient(place),
    glue: new GlueClient(place),
    iam: new IAMClient(place),
    kinesis: new KinesisClient(place),
    kms: new KMSClient(place),
    lambda: new LambdaClient(place),
    logs: new CloudWatchLogsClient(place),
    s3: new S3Client({ ...place, forcePathStyle: true }),
    scheduler: new SchedulerClient(place),
    sns: new SNSClient(place),
    sqs: new SQSClient(place),
    ssm: new SSMClient(place),
  };
}

export function destroyClients(clients: Clients): void {
  for (const client of Object.values(clients)) client.destroy();
}
