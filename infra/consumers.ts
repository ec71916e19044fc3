import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { KinesisStreamBatchResponse, KinesisStreamEvent } from "aws-lambda";
import type { Alerting, Wording } from "../config/config.ts";
import type { StormwireConfig } from "../config/schema.ts";
import type { Location } from "../handlers/weather/observation/location.ts";
import type { AlertTopic } from "./alert-topic.ts";
import { HandlerFunction } from "./function.ts";
import type { LakeBucket } from "./lake-bucket.ts";
import type { ObservationStream } from "./stream.ts";

type KinesisFunction = HandlerFunction<KinesisStreamEvent, KinesisStreamBatchResponse>;

/**
 * A batch that fails holds up what is behind it in its part of the shard, which is that of some locations and not of all.
 * A location's records are in one part, in order. AWS allows ten; a new account may run ten functions at once, of all kinds.
 * https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-parameters.html
 */
const PARTS_OF_A_SHARD = 5;

interface ConsumerArgs {
  readonly stream: ObservationStream;
  readonly lake: LakeBucket;
  readonly logRetentionDays: number;
}

export interface AlertConsumerArgs extends ConsumerArgs {
  readonly topic: AlertTopic;
  readonly locations: readonly Location[];
  readonly alerting: Alerting;
  readonly wording: Wording;
}

/** Evaluates the rules on each observation and publishes the alerts that start, rise or end. */
export class AlertConsumer extends pulumi.ComponentResource {
  readonly function: KinesisFunction;

  constructor(name: string, args: AlertConsumerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("stormwire:infra:AlertConsumer", name, {}, opts);

    const alert = createFunction(this);
    this.function = alert;
    createMapping(
      name,
      alert,
      args,
      {
        batchSize: 100,
        // One second at most between a record and its alert: no batching window.
        maximumBatchingWindowInSeconds: 0,
        parallelizationFactor: PARTS_OF_A_SHARD,
      },
      this,
    );
    this.registerOutputs();

    function createFunction(parent: pulumi.Resource): KinesisFunction {
      const { locations, alerting, wording } = args;
      const topicArn = args.topic.topic.arn;
      const bucketName = args.lake.bucket.bucket;
      return new HandlerFunction<KinesisStreamEvent, KinesisStreamBatchResponse>(
        name,
        {
          callbackFactory: () => {
            const handler = import("#handlers/alert").then((m) =>
              m.createAlertHandler({
                topicArn: topicArn.get(),
                bucketName: bucketName.get(),
                locations,
                ...alerting,
                ...wording,
              }),
            );
            return async (event) => (await handler)(event);
          },
          grants: [
            ...args.stream.readGrants(),
            ...args.topic.publishGrants(),
            args.lake.grant("state/alerts/", "s3:GetObject", "s3:PutObject"),
            ...args.lake.capGrants(),
            args.lake.grant("transitions/", "s3:PutObject"),
            ...args.lake.onFailureGrants(),
          ],
          description: "Decides on alerts and publishes them",
          timeoutSeconds: 60,
          memoryMegabytes: 256,
          logRetentionDays: args.logRetentionDays,
        },
        { parent },
      );
    }
  }
}

export interface ArchiveConsumerArgs extends ConsumerArgs {
  readonly batch: StormwireConfig["archive"];
}

/** Writes every record to the bucket: `raw/` by event hour, `quarantine/` with a reason. */
export class ArchiveConsumer extends pulumi.ComponentResource {
  readonly function: KinesisFunction;

  constructor(name: string, args: ArchiveConsumerArgs, opts?: pulumi.ComponentResourceOptions) {
    super("stormwire:infra:ArchiveConsumer", name, {}, opts);

    const archive = createFunction(this);
    this.function = archive;
    createMapping(
      name,
      archive,
      args,
      { batchSize: args.batch.batchSize, maximumBatchingWindowInSeconds: args.batch.windowSeconds },
      this,
    );
    this.registerOutputs();

    function createFunction(parent: pulumi.Resource): KinesisFunction {
      const bucketName = args.lake.bucket.bucket;
      return new HandlerFunction<KinesisStreamEvent, KinesisStreamBatchResponse>(
        name,
        {
          callbackFactory: () => {
            const handler = import("#handlers/archive").then((m) =>
              m.createArchiveHandler({ bucketName: bucketName.get() }),
            );
            return async (event) => (await handler)(event);
          },
          grants: [
            ...args.stream.readGrants(),
            args.lake.grant("raw/", "s3:PutObject"),
            args.lake.grant("quarantine/", "s3:PutObject"),
            ...args.lake.onFailureGrants(),
          ],
          description: "Archives raw observations by event hour",
          timeoutSeconds: 120,
          memoryMegabytes: 512,
          logRetentionDays: args.logRetentionDays,
        },
        { parent },
      );
    }
  }
}

/** Lambda's defaults retry a poisoned batch until the stream's retention ends, which blocks the shard for a day or more. */
const RETRIES = 5;
const MAX_RECORD_AGE_SECONDS = 6 * 60 * 60;

function createMapping(
  name: string,
  handler: KinesisFunction,
  { stream, lake }: ConsumerArgs,
  batch: Pick<
    aws.lambda.EventSourceMappingArgs,
    "batchSize" | "maximumBatchingWindowInSeconds" | "parallelizationFactor"
  >,
  parent: pulumi.Resource,
): aws.lambda.EventSourceMapping {
  return new aws.lambda.EventSourceMapping(
    name,
    {
      eventSourceArn: stream.stream.arn,
      functionName: handler.function.arn,
      startingPosition: "TRIM_HORIZON",
      ...batch,
      functionResponseTypes: ["ReportBatchItemFailures"],
      bisectBatchOnFunctionError: true,
      maximumRetryAttempts: RETRIES,
      maximumRecordAgeInSeconds: MAX_RECORD_AGE_SECONDS,
      // To S3 and not SQS or SNS: only S3 gets the records themselves.
      destinationConfig: { onFailure: { destinationArn: lake.bucket.arn } },
    },
    { parent, dependsOn: [handler.policy] },
  );
}
