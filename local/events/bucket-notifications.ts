import { AwsError } from "../endpoint/error.ts";
import type { Call, LocalGateway } from "../endpoint/gateway.ts";
import type { Graph } from "../graph.ts";
import type { ServiceCaller } from "../iam/service-policy.ts";
import {
  type BucketNotification,
  type NotificationTarget,
  notificationsOf,
  wants,
} from "../s3/notification-configuration.ts";
import type { LocalS3 } from "../s3/s3.ts";
import { isServicePermitted } from "./invoke-permission.ts";
import type { ServiceEvent } from "./rules.ts";
import type { TargetOptions } from "./targets.ts";

interface NotificationOptions extends TargetOptions {
  readonly gateway: Pick<LocalGateway, "observe">;
  readonly s3: Pick<LocalS3, "buckets">;
  readonly onEvent: (event: ServiceEvent) => Promise<void>;
  /** Throws AwsError when the policy of a queue or topic does not allow S3 to send to it. */
  readonly checkQueue: (caller: ServiceCaller, arn: string) => void;
  readonly checkTopic: (caller: ServiceCaller, arn: string) => void;
}

/** A change of one object. */
interface Change {
  readonly bucket: string;
  readonly key: string;
  /** For example `ObjectCreated:Put`. */
  readonly name: string;
  /** The operation that caused the change, as EventBridge names it. */
  readonly reason: string;
  readonly sizeBytes: number | undefined;
  readonly etag: string | undefined;
}

const CREATED: Readonly<Record<string, string>> = { CopyObject: "Copy", PutObject: "Put" };

/**
 * Sends notifications when calls change the objects of a bucket. Objects that the program declares cause no notification.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/EventNotifications.html
 *
 * @throws AwsError InvalidArgument for a target that does not allow S3 to send, because S3 validates every destination.
 */
export function startNotifications(options: NotificationOptions): void {
  const notifications = notificationsOf(options.graph);
  for (const notification of notifications)
    for (const { arn } of notification.targets) checkTarget(notification, arn, options);
  if (notifications.length === 0) return;
  let sequence = 0;
  options.gateway.observe((call) => {
    for (const change of changesOf(call, options.s3)) {
      sequence += 1;
      for (const notification of notifications)
        if (notification.bucket === change.bucket) notify(notification, change, sequence, options);
    }
  });
}

function callerFor(bucket: string): ServiceCaller {
  return { service: "s3.amazonaws.com", sourceArn: `arn:aws:s3:::${bucket}` };
}

function checkTarget({ name, bucket }: BucketNotification, arn: string, options: NotificationOptions): void {
  const { graph, lambda, checkQueue, checkTopic } = options;
  const caller = callerFor(bucket);
  try {
    if (arn.includes(":sqs:")) checkQueue(caller, arn);
    else if (arn.includes(":sns:")) checkTopic(caller, arn);
    else if (
      !isServicePermitted(graph, lambda?.configurationOf(arn).arn ?? arn, caller.service, caller.sourceArn)
    )
      throw new AwsError(
        "AccessDenied",
        `no Permission of the function allows ${caller.service} to invoke it`,
      );
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new AwsError(
      "InvalidArgument",
      `Bucket notification ${name}: unable to validate the destination ${arn}: ${error.message}`,
      { cause: error },
    );
  }
}

function changesOf({ service, operation, input }: Call, { buckets }: Pick<LocalS3, "buckets">): Change[] {
  if (service !== "s3") return [];
  const {
    Bucket: bucket,
    Key: key,
    Delete,
  } = input as { Bucket: string; Key: string; Delete?: { Objects: { Key: string }[] } };
  const created = CREATED[operation];
  if (created !== undefined) {
    const entry = buckets.get(bucket)?.objects.get(key);
    const etag = entry?.etag.replaceAll('"', "");
    return [
      { bucket, key, name: `ObjectCreated:${created}`, reason: operation, sizeBytes: entry?.sizeBytes, etag },
    ];
  }
  const keys =
    operation === "DeleteObject"
      ? [key]
      : operation === "DeleteObjects"
        ? (Delete?.Objects ?? []).map(({ Key }) => Key)
        : [];
  const removed = {
    name: "ObjectRemoved:Delete",
    reason: "DeleteObject",
    sizeBytes: undefined,
    etag: undefined,
  };
  return keys.map((one) => ({ bucket, key: one, ...removed }));
}

function notify(
  notification: BucketNotification,
  change: Change,
  sequence: number,
  options: NotificationOptions,
): void {
  const { clock, graph, onEvent } = options;
  const time = clock.now();
  const sequencer = sequence.toString(16).toUpperCase().padStart(16, "0");
  for (const target of notification.targets) {
    if (!wants(target, change.name, change.key)) continue;
    const event = { Records: [recordOf(change, target.id, sequencer, time, graph)] };
    // S3 answers the call that changed the object before it sends notifications.
    clock.at(time, () => send(target, change.bucket, event, options));
  }
  if (!notification.toEventBridge) return;
  const isCreated = change.name.startsWith("ObjectCreated:");
  const detail = {
    version: "0",
    bucket: { name: change.bucket },
    object: { key: change.key, sequencer, ...(isCreated && { size: change.sizeBytes, etag: change.etag }) },
    reason: change.reason,
  };
  const detailType = isCreated ? "Object Created" : "Object Deleted";
  clock.at(time, () => onEvent({ source: "aws.s3", detailType, detail }));
}

async function send(
  target: NotificationTarget,
  bucket: string,
  event: object,
  options: NotificationOptions,
): Promise<void> {
  const { arn } = target;
  const caller = callerFor(bucket);
  if (arn.includes(":sqs:")) options.sendAs?.(caller, arn, JSON.stringify(event));
  else if (arn.includes(":sns:")) await options.publishAs?.(caller, arn, JSON.stringify(event));
  else await options.lambda?.invokeAsync(arn, event, caller.sourceArn);
}

/** Keys are URL-encoded. https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html */
function recordOf(
  change: Change,
  configurationId: string,
  sequencer: string,
  time: Date,
  graph: Graph,
): object {
  const key = encodeURIComponent(change.key).replaceAll("%2F", "/").replaceAll("%20", "+");
  return {
    eventVersion: "2.1",
    eventSource: "aws:s3",
    awsRegion: graph.region,
    eventTime: time.toISOString(),
    eventName: change.name,
    userIdentity: { principalId: graph.accountId },
    requestParameters: { sourceIPAddress: "127.0.0.1" },
    responseElements: { "x-amz-request-id": sequencer, "x-amz-id-2": sequencer },
    s3: {
      s3SchemaVersion: "1.0",
      configurationId,
      bucket: {
        name: change.bucket,
        ownerIdentity: { principalId: graph.accountId },
        arn: `arn:aws:s3:::${change.bucket}`,
      },
      object: {
        key,
        ...(change.sizeBytes !== undefined && { size: change.sizeBytes, eTag: change.etag }),
        sequencer,
      },
    },
  };
}
