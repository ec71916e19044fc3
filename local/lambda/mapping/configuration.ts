import { z } from "zod";
import { parseJson } from "../../../lib/json.ts";
import { NotEmulatedError, ofResource } from "../../endpoint/error.ts";
import { deterministicUuid } from "../../events/event.ts";
import { filterMatcher } from "../../events/pattern.ts";
import { type Graph, type Resource, resourcesOfType } from "../../graph.ts";
import { bucketOfArn } from "../failure.ts";
import { isQueueArn } from "./queue-configuration.ts";

/** An event-source mapping of a Kinesis stream, with AWS's defaults. */
export interface MappingConfiguration {
  readonly name: string;
  readonly uuid: string;
  readonly streamArn: string;
  readonly functionName: string;
  readonly batchSize: number;
  readonly batchingWindowSeconds: number;
  readonly startingPosition: "TRIM_HORIZON" | "LATEST" | "AT_TIMESTAMP";
  readonly startingTimestamp: Date | undefined;
  readonly parallelizationFactor: number;
  readonly bisectOnError: boolean;
  /** Infinity means until the record expires. */
  readonly maximumRetryAttempts: number;
  /** Infinity means as long as the stream retains the record. */
  readonly maximumRecordAgeSeconds: number;
  readonly reportsItemFailures: boolean;
  /** Bucket, queue or topic for discarded batches. */
  readonly destinationArn: string | undefined;
  readonly filter: EventFilter;
}

/** Largest values of a mapping's settings. https://docs.aws.amazon.com/lambda/latest/api/API_CreateEventSourceMapping.html */
export const LIMITS = {
  batchSize: 10_000,
  batchingWindowSeconds: 300,
  parallelizationFactor: 10,
  retryAttempts: 10_000,
  recordAgeSeconds: 604_800,
  /** The smallest, unless it is -1 for no limit. */
  leastRecordAgeSeconds: 60,
} as const;

/** Defaults: https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-parameters.html */
const mappingInputs = z.object({
  eventSourceArn: z.string(),
  functionName: z.string(),
  enabled: z.boolean().default(true),
  batchSize: z.number().int().min(1).max(LIMITS.batchSize).default(100),
  maximumBatchingWindowInSeconds: z.number().int().min(0).max(LIMITS.batchingWindowSeconds).default(0),
  startingPosition: z.enum(["TRIM_HORIZON", "LATEST", "AT_TIMESTAMP"]),
  startingPositionTimestamp: z.coerce.date().optional(),
  parallelizationFactor: z.number().int().min(1).max(LIMITS.parallelizationFactor).default(1),
  bisectBatchOnFunctionError: z.boolean().default(false),
  maximumRetryAttempts: z.number().int().min(-1).max(LIMITS.retryAttempts).default(-1),
  maximumRecordAgeInSeconds: z
    .number()
    .int()
    .max(LIMITS.recordAgeSeconds)
    .refine((seconds) => seconds === -1 || seconds >= LIMITS.leastRecordAgeSeconds, {
      error: `Member must be -1 or at least ${LIMITS.leastRecordAgeSeconds}`,
    })
    .default(-1),
  tumblingWindowInSeconds: z.number().optional(),
  functionResponseTypes: z.array(z.literal("ReportBatchItemFailures")).default([]),
  destinationConfig: z.object({ onFailure: z.object({ destinationArn: z.string() }).optional() }).optional(),
  filterCriteria: z
    .object({ filters: z.array(z.object({ pattern: z.string().optional() })).optional() })
    .optional(),
});

type MappingInputs = z.infer<typeof mappingInputs>;

/**
 * The enabled event-source mappings of the program's streams. {@link import("./queue-configuration.ts").queueMappingsOf}
 * returns those of queues.
 *
 * @throws NotEmulatedError naming a mapping from a source other than Kinesis and SQS, or with a destination, filter or
 * window that is not emulated.
 * @throws Error naming the mapping, the field and what is allowed, for inputs that AWS rejects.
 */
export function mappingsOfGraph(graph: Graph): readonly MappingConfiguration[] {
  return resourcesOfType(graph, "aws:lambda/eventSourceMapping:EventSourceMapping").flatMap((resource) =>
    ofResource(resource.urn, () => mappingOf(resource)),
  );
}

function mappingOf(resource: Resource): MappingConfiguration[] {
  const { name, inputs } = resource;
  if (isQueueArn(inputs.eventSourceArn)) return [];
  if (!isKinesis(inputs.eventSourceArn))
    throw new NotEmulatedError(`Event-source mapping ${name} from ${inputs.eventSourceArn}`);
  const parsed = mappingInputs.safeParse(inputs, { reportInput: true });
  if (!parsed.success)
    throw new Error(`Event-source mapping ${name}: ${z.prettifyError(parsed.error)}`, {
      cause: parsed.error,
    });
  return parsed.data.enabled ? [configuration(resource, parsed.data)] : [];
}

function isKinesis(arn: unknown): boolean {
  return typeof arn === "string" && /^arn:[\w-]+:kinesis:[^:]*:[^:]*:stream\/[^/]+$/.test(arn);
}

function configuration(resource: Resource, inputs: MappingInputs): MappingConfiguration {
  const { name, outputs, urn } = resource;
  if (inputs.tumblingWindowInSeconds)
    throw new NotEmulatedError(`Event-source mapping ${name} with a tumbling window`);
  if (inputs.startingPosition === "AT_TIMESTAMP" && inputs.startingPositionTimestamp === undefined)
    throw new Error(
      `Event-source mapping ${name}: startingPositionTimestamp is missing; AT_TIMESTAMP needs it`,
    );
  return {
    name,
    uuid: typeof outputs.uuid === "string" ? outputs.uuid : deterministicUuid(urn),
    streamArn: inputs.eventSourceArn,
    functionName: inputs.functionName,
    batchSize: inputs.batchSize,
    batchingWindowSeconds: inputs.maximumBatchingWindowInSeconds,
    startingPosition: inputs.startingPosition,
    startingTimestamp: inputs.startingPositionTimestamp,
    parallelizationFactor: inputs.parallelizationFactor,
    bisectOnError: inputs.bisectBatchOnFunctionError,
    maximumRetryAttempts: unlessInfinite(inputs.maximumRetryAttempts),
    maximumRecordAgeSeconds: unlessInfinite(inputs.maximumRecordAgeInSeconds),
    reportsItemFailures: inputs.functionResponseTypes.length > 0,
    destinationArn: destination(name, inputs.destinationConfig?.onFailure?.destinationArn),
    filter: createEventFilter(
      name,
      inputs.filterCriteria?.filters?.flatMap(({ pattern }) => pattern ?? []) ?? [],
    ),
  };
}

/** AWS writes -1 for "no limit". */
function unlessInfinite(value: number): number {
  return value < 0 ? Number.POSITIVE_INFINITY : value;
}

function destination(name: string, arn: string | undefined): string | undefined {
  if (arn === undefined || bucketOfArn(arn) !== undefined || /^arn:[\w-]+:(sqs|sns):/.test(arn)) return arn;
  throw new NotEmulatedError(`Event-source mapping ${name} with the on-failure destination ${arn}`);
}

/** Whether a record reaches the function. */
type EventFilter = (record: { readonly data: Uint8Array; readonly partitionKey: string }) => boolean;

/**
 * The filter of an event-source mapping over a stream. A pattern on `data` never matches data that is not JSON.
 * https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis-filtering.html
 */
export function createEventFilter(mapping: string, patterns: readonly string[]): EventFilter {
  if (patterns.length === 0) return () => true;
  const matches = filterMatcher(`Event-source mapping ${mapping}`, patterns);
  return ({ data, partitionKey }) =>
    matches({ data: parseJson(Buffer.from(data).toString("utf8")), partitionKey });
}
