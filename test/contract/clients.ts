import { CloudWatchLogsClient } from "@aws-sdk/client-cloudwatch-logs";
import { EventBridgeClient } from "@aws-sdk/client-eventbridge";
import { IAMClient } from "@aws-sdk/client-iam";
import { KinesisClient } from "@aws-sdk/client-kinesis";
import { KMSClient } from "@aws-sdk/client-kms";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { S3Client } from "@aws-sdk/client-s3";
import { SchedulerClient } from "@aws-sdk/client-scheduler";
import { SNSClient } from "@aws-sdk/client-sns";
import { SQSClient } from "@aws-sdk/client-sqs";
import { retryNotYet } from "./not-yet.ts";

export interface Credentials {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
}

/** Where clients go; without an endpoint to AWS, without credentials with the environment's. */
export interface ClientSettings {
  readonly endpoint?: string;
  readonly region: string;
  readonly credentials?: Credentials;
  readonly maxAttempts?: number;
}

/** What the lines themselves call. */
export interface Clients {
  readonly kinesis: KinesisClient;
  readonly s3: S3Client;
  readonly sns: SNSClient;
  readonly sqs: SQSClient;
}

export function createClients(settings: ClientSettings): Clients & Disposable {
  return disposable({
    kinesis: new KinesisClient(settings),
    // A bucket as a part of the host has no address on loopback; AWS takes both.
    s3: new S3Client({ ...settings, forcePathStyle: true }),
    sns: new SNSClient(settings),
    // Else it would go to the host in a queue's URL.
    sqs: new SQSClient({ ...settings, useQueueUrlAsEndpoint: settings.endpoint === undefined }),
  });
}

/** What resources are made with where there is no program: by calls. */
export interface Makers {
  readonly events: EventBridgeClient;
  readonly iam: IAMClient;
  readonly kms: KMSClient;
  readonly lambda: LambdaClient;
  readonly logs: CloudWatchLogsClient;
  readonly scheduler: SchedulerClient;
}

export function createMakers(settings: ClientSettings): Makers & Disposable {
  return disposable({
    events: new EventBridgeClient(settings),
    iam: new IAMClient(settings),
    kms: new KMSClient(settings),
    lambda: new LambdaClient(settings),
    logs: new CloudWatchLogsClient(settings),
    scheduler: new SchedulerClient(settings),
  });
}

interface Client {
  readonly middlewareStack: Parameters<typeof retryNotYet>[0]["middlewareStack"];
  destroy(): void;
}

function disposable<Named extends Readonly<Record<string, Client>>>(clients: Named): Named & Disposable {
  for (const client of Object.values(clients)) retryNotYet(client);
  return {
    ...clients,
    [Symbol.dispose]() {
      for (const client of Object.values(clients)) client.destroy();
    },
  };
}
