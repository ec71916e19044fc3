import { z } from "zod";
import { AwsError } from "../endpoint/error.ts";
import type { Permission } from "../endpoint/operation.ts";
import { type Graph, type Resource, resourcesOfType } from "../graph.ts";
import { customerKeyArn } from "../iam/service-policy.ts";
import { DEFAULT_RETENTION_HOURS, ON_DEMAND_SHARDS, type StreamReference } from "./input.ts";
import { evenRanges, type Shard, type Stream, type StreamConfiguration } from "./stream.ts";

interface ThrottleCandidate {
  readonly streamName: string;
  readonly shardId: string;
  readonly partitionKey: string;
  readonly data: Uint8Array;
}

/** Whether a record is rejected with ProvisionedThroughputExceededException, for tests of a producer's retries. */
export type Throttle = (candidate: ThrottleCandidate) => boolean;

/** The state that the operations share. */
export interface KinesisContext {
  readonly region: string;
  readonly accountId: string;
  readonly streams: ReadonlyMap<string, Stream>;
  now(): Date;
  throttled(candidate: ThrottleCandidate): boolean;
  /** Calls the listeners with the shards that have new records. */
  notify(stream: Stream, shardIds: readonly string[]): void;
}

/** Throws InvalidArgumentException when no stream is named, or name and ARN are of different streams. */
function streamNameOf({ StreamName, StreamARN }: StreamReference): string {
  const fromArn = StreamARN?.slice(StreamARN.indexOf("stream/") + "stream/".length);
  const name = StreamName ?? fromArn;
  if (name === undefined) throw invalidArgument("Either StreamName or StreamARN must be given.");
  if (fromArn !== undefined && name !== fromArn) {
    throw invalidArgument(`StreamName ${name} and StreamARN ${StreamARN} are different streams.`);
  }
  return name;
}

/** Throws ResourceNotFoundException. */
export function findStream(context: KinesisContext, reference: StreamReference): Stream {
  const name = streamNameOf(reference);
  const stream = context.streams.get(name);
  if (
    stream === undefined ||
    (reference.StreamARN ?? stream.configuration.arn) !== stream.configuration.arn
  ) {
    throw notFound(`Stream ${name} under account ${context.accountId} not found.`);
  }
  return stream;
}

/** Throws ResourceNotFoundException. */
export function findShard(context: KinesisContext, stream: Stream, shardId: string): Shard {
  const shard = stream.shards.find(({ id }) => id === shardId);
  if (shard !== undefined) return shard;
  throw notFound(
    `Shard ${shardId} in stream ${stream.configuration.name} under account ${context.accountId} does not exist`,
  );
}

/** The Kinesis action on the stream, and the KMS action on its key if it is a customer key. */
export function streamPermissions(
  context: KinesisContext,
  reference: StreamReference,
  action: string,
  keyAction?: "kms:GenerateDataKey" | "kms:Decrypt",
): readonly Permission[] {
  const name = streamNameOf(reference);
  const { region, accountId } = context;
  const arn = reference.StreamARN ?? `arn:aws:kinesis:${region}:${accountId}:stream/${name}`;
  const keyArn = context.streams.get(name)?.configuration.customerKeyArn;
  const onStream = { action: `kinesis:${action}`, resource: arn };
  if (keyAction === undefined || keyArn === undefined) return [onStream];
  return [onStream, { action: keyAction, resource: keyArn }];
}

export function invalidArgument(message: string): AwsError {
  return new AwsError("InvalidArgumentException", message);
}

function notFound(message: string): AwsError {
  return new AwsError("ResourceNotFoundException", message);
}

const inputsSchema = z.object({
  shardCount: z.number().int().min(1).optional(),
  retentionPeriod: z.number().int().min(24).max(8760).default(DEFAULT_RETENTION_HOURS),
  encryptionType: z.enum(["NONE", "KMS"]).default("NONE"),
  kmsKeyId: z.string().optional(),
  streamModeDetails: z.object({ streamMode: z.enum(["PROVISIONED", "ON_DEMAND"]) }).optional(),
});
const outputsSchema = z.object({ name: z.string(), arn: z.string() });

/** The streams of a program. Throws an Error naming stream and field for inputs that AWS rejects. */
export function streamConfigurations(graph: Graph, createdAt: Date): readonly StreamConfiguration[] {
  return resourcesOfType(graph, "aws:kinesis/stream:Stream").map((resource) =>
    configurationOf(graph, resource, createdAt),
  );
}

function configurationOf(graph: Graph, resource: Resource, createdAt: Date): StreamConfiguration {
  const inputs = read(resource, inputsSchema, resource.inputs);
  const { name, arn } = read(resource, outputsSchema, resource.outputs);
  // A stream without a mode is provisioned and needs a shard count.
  const mode = inputs.streamModeDetails?.streamMode ?? "PROVISIONED";
  const shardCount = mode === "ON_DEMAND" ? ON_DEMAND_SHARDS : inputs.shardCount;
  if (shardCount === undefined)
    throw new Error(`stream ${resource.name}: shardCount is required when streamMode is PROVISIONED`);
  const encrypted = inputs.encryptionType === "KMS";
  const customerKey = encrypted ? customerKeyArn(graph, inputs.kmsKeyId) : undefined;
  return {
    name,
    arn,
    mode,
    ranges: evenRanges(shardCount),
    retentionHours: inputs.retentionPeriod,
    encryption: inputs.encryptionType,
    ...(encrypted && inputs.kmsKeyId !== undefined && { keyId: inputs.kmsKeyId }),
    ...(customerKey !== undefined && { customerKeyArn: customerKey }),
    createdAt,
  };
}

function read<Schema extends z.ZodType>(resource: Resource, schema: Schema, value: unknown): z.infer<Schema> {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  throw new Error(`stream ${resource.name}: ${z.prettifyError(result.error)}`, { cause: result.error });
}
