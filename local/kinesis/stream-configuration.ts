import { z } from "zod";
import { type Graph, type Resource, resourcesOfType } from "../graph.ts";
import { customerKeyArn } from "../iam/service-policy.ts";
import { DEFAULT_RETENTION_HOURS, ON_DEMAND_SHARDS } from "./input.ts";
import { evenRanges, type StreamConfiguration } from "./stream.ts";

const inputsSchema = z.object({
  shardCount: z.number().int().min(1).optional(),
  retentionPeriod: z.number().int().min(24).max(8760).default(DEFAULT_RETENTION_HOURS),
  encryptionType: z.enum(["NONE", "KMS"]).default("NONE"),
  kmsKeyId: z.string().optional(),
  streamModeDetails: z.object({ streamMode: z.enum(["PROVISIONED", "ON_DEMAND"]) }).optional(),
});
const outputsSchema = z.object({ name: z.string(), arn: z.string() });

/** The streams a program declares (`aws:kinesis/stream:Stream`). Throws an Error naming stream and field for what AWS refuses. */
export function streamConfigurations(graph: Graph, createdAt: Date): readonly StreamConfiguration[] {
  return resourcesOfType(graph, "aws:kinesis/stream:Stream").map((resource) =>
    configurationOf(graph, resource, createdAt),
  );
}

function configurationOf(graph: Graph, resource: Resource, createdAt: Date): StreamConfiguration {
  const inputs = read(resource, inputsSchema, resource.inputs);
  const { name, arn } = read(resource, outputsSchema, resource.outputs);
  // A stream with a shard count and no mode is provisioned; one with neither, too, but then AWS wants the count.
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
