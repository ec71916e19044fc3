import { z } from "zod";
import { parseJson } from "../../../lib/json.ts";
import { AwsError, ofResource } from "../../endpoint/error.ts";
import { filterMatcher } from "../../events/pattern.ts";
import { type Graph, type Resource, resourcesOfType } from "../../graph.ts";
import type { Message } from "../../sqs/queues.ts";

/** An event-source mapping of an SQS queue, with AWS's defaults. */
export interface QueueMapping {
  readonly name: string;
  readonly queueArn: string;
  readonly functionName: string;
  readonly batchSize: number;
  readonly batchingWindowSeconds: number;
  readonly reportsItemFailures: boolean;
  /** Whether a message reaches the function; other messages are deleted. */
  readonly accepts: (message: Pick<Message, "id" | "body">) => boolean;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html */
const LARGEST_BATCH = 10_000;
/** A batch with more messages than one receive call returns needs a batching window. */
const LARGEST_BATCH_WITHOUT_WINDOW = 10;

const inputsSchema = z.object({
  eventSourceArn: z.string(),
  functionName: z.string(),
  enabled: z.boolean().default(true),
  batchSize: z.number().int().min(1).max(LARGEST_BATCH).default(10),
  maximumBatchingWindowInSeconds: z.number().int().min(0).max(300).default(0),
  functionResponseTypes: z.array(z.literal("ReportBatchItemFailures")).default([]),
  filterCriteria: z
    .object({ filters: z.array(z.object({ pattern: z.string().optional() })).optional() })
    .optional(),
});

/** Settings of streams, which AWS rejects for a queue. */
const OF_STREAMS = [
  "startingPosition",
  "startingPositionTimestamp",
  "parallelizationFactor",
  "bisectBatchOnFunctionError",
  "maximumRetryAttempts",
  "maximumRecordAgeInSeconds",
  "tumblingWindowInSeconds",
];

export function isQueueArn(arn: unknown): boolean {
  return typeof arn === "string" && /^arn:[\w-]+:sqs:/.test(arn);
}

/**
 * The enabled event-source mappings of queues.
 *
 * @throws AwsError InvalidParameterValueException naming the mapping, the field and what is allowed.
 */
export function queueMappingsOf(graph: Graph): readonly QueueMapping[] {
  return resourcesOfType(graph, "aws:lambda/eventSourceMapping:EventSourceMapping")
    .filter(({ inputs }) => isQueueArn(inputs.eventSourceArn))
    .flatMap((resource) => ofResource(resource.urn, () => mappingOf(resource)));
}

function mappingOf({ name, inputs }: Resource): QueueMapping[] {
  const parsed = inputsSchema.safeParse(inputs, { reportInput: true });
  if (!parsed.success) throw invalidParameter(name, z.prettifyError(parsed.error));
  const ofStreams = OF_STREAMS.find((field) => inputs[field] !== undefined);
  if (ofStreams !== undefined)
    throw invalidParameter(name, `${ofStreams} is for streams, and the source is a queue`);
  const { batchSize, maximumBatchingWindowInSeconds: batchingWindowSeconds, ...settings } = parsed.data;
  if (batchSize > LARGEST_BATCH_WITHOUT_WINDOW && batchingWindowSeconds === 0)
    throw invalidParameter(
      name,
      `batchSize is ${batchSize}; above ${LARGEST_BATCH_WITHOUT_WINDOW}, maximumBatchingWindowInSeconds of at least 1 is needed`,
    );
  if (!settings.enabled) return [];
  const patterns = settings.filterCriteria?.filters?.flatMap(({ pattern }) => pattern ?? []) ?? [];
  return [
    {
      name,
      queueArn: settings.eventSourceArn,
      functionName: settings.functionName,
      batchSize,
      batchingWindowSeconds,
      reportsItemFailures: settings.functionResponseTypes.length > 0,
      accepts: filter(name, patterns),
    },
  ];
}

/** A pattern's body is compared with the message's JSON, or with its text. https://docs.aws.amazon.com/lambda/latest/dg/with-sqs-filtering.html */
function filter(name: string, patterns: readonly string[]): QueueMapping["accepts"] {
  if (patterns.length === 0) return () => true;
  const matches = filterMatcher(`Event-source mapping ${name}`, patterns);
  return ({ id, body }) => {
    const json = parseJson(body);
    return matches({ messageId: id, body: json === undefined ? body : json });
  };
}

function invalidParameter(name: string, problem: string): AwsError {
  return new AwsError("InvalidParameterValueException", `Event-source mapping ${name}: ${problem}`);
}
