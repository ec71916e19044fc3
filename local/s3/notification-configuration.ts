import { z } from "zod";
import { NotEmulatedError, ofResource } from "../endpoint/error.ts";
import { type Graph, type Resource, resourcesOfType } from "../graph.ts";

export const NOTIFICATION_TYPE = "aws:s3/bucketNotification:BucketNotification";

/** A destination of a bucket's events. */
export interface NotificationTarget {
  readonly id: string;
  readonly arn: string;
  /** For example `s3:ObjectCreated:*`. */
  readonly events: readonly string[];
  readonly prefix: string;
  readonly suffix: string;
}

export interface BucketNotification {
  readonly name: string;
  readonly bucket: string;
  readonly targets: readonly NotificationTarget[];
  /** Whether all events also go to EventBridge. */
  readonly toEventBridge: boolean;
}

const common = {
  id: z.string().optional(),
  events: z.array(z.string()),
  filterPrefix: z.string().optional(),
  filterSuffix: z.string().optional(),
};

const inputsSchema = z.object({
  bucket: z.string(),
  eventbridge: z.boolean().default(false),
  lambdaFunctions: z.array(z.object({ ...common, lambdaFunctionArn: z.string() })).default([]),
  queues: z.array(z.object({ ...common, queueArn: z.string() })).default([]),
  topics: z.array(z.object({ ...common, topicArn: z.string() })).default([]),
});

/** The emulated events: https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-how-to-event-types-and-destinations.html */
const EVENTS = /^s3:Object(Created|Removed):/;

/** @throws NotEmulatedError for an event that is not emulated. */
export function notificationsOf(graph: Graph): readonly BucketNotification[] {
  return resourcesOfType(graph, NOTIFICATION_TYPE).map((resource) =>
    ofResource(resource.urn, () => notificationOf(resource)),
  );
}

function notificationOf({ name, inputs, urn }: Resource): BucketNotification {
  const parsed = inputsSchema.safeParse(inputs, { reportInput: true });
  if (!parsed.success) throw new Error(`${urn}: ${z.prettifyError(parsed.error)}`, { cause: parsed.error });
  const { bucket, eventbridge, lambdaFunctions, queues, topics } = parsed.data;
  const targets = [
    ...lambdaFunctions.map(({ lambdaFunctionArn: arn, ...rest }) => ({ arn, ...rest })),
    ...queues.map(({ queueArn: arn, ...rest }) => ({ arn, ...rest })),
    ...topics.map(({ topicArn: arn, ...rest }) => ({ arn, ...rest })),
  ].map(({ id, arn, events, filterPrefix = "", filterSuffix = "" }, index) => ({
    id: id ?? `${name}-${index}`,
    arn,
    events,
    prefix: filterPrefix,
    suffix: filterSuffix,
  }));
  const unknown = targets.flatMap(({ events }) => events).find((event) => !EVENTS.test(event));
  if (unknown !== undefined) throw new NotEmulatedError(`Bucket notification ${name} of ${unknown}`);
  return { name, bucket, targets, toEventBridge: eventbridge };
}

/** Whether a target receives an event, for example `ObjectCreated:Put` of a key. */
export function wants(
  { events, prefix, suffix }: NotificationTarget,
  eventName: string,
  key: string,
): boolean {
  const isAsked = events.some((event) =>
    event.endsWith("*") ? `s3:${eventName}`.startsWith(event.slice(0, -1)) : event === `s3:${eventName}`,
  );
  return isAsked && key.startsWith(prefix) && key.endsWith(suffix);
}
