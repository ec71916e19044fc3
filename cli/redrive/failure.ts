import { z } from "zod";

/** Where Lambda keeps what it gave up; the prefix is its own. */
export const PREFIX = "aws/lambda/";

/** An event as Kinesis gives it to a function; its records are given again as they came. */
const kinesisEventSchema = z.looseObject({
  Records: z.tuple(
    [z.looseObject({ kinesis: z.looseObject({ sequenceNumber: z.string() }) })],
    z.looseObject({ kinesis: z.looseObject({ sequenceNumber: z.string() }) }),
  ),
});

const requestContext = z.object({ functionArn: z.string(), condition: z.string() });

/**
 * A batch that an event-source mapping gave up, key `aws/lambda/MAPPING/SHARD/YYYY/MM/DD/TIME-UUID`:
 * https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 */
const batchSchema = z
  .object({
    requestContext,
    KinesisBatchInfo: z.object({
      shardId: z.string(),
      approximateArrivalOfFirstRecord: z.string(),
      approximateArrivalOfLastRecord: z.string(),
    }),
    /** The whole event as a JSON text; of its form the page shows a placeholder only, so it may be JSON as well. */
    payload: z.preprocess(
      (payload) => (typeof payload === "string" ? parseJson(payload) : payload),
      kinesisEventSchema,
    ),
  })
  .transform(({ requestContext, KinesisBatchInfo: info, payload }) => ({
    kind: "batch" as const,
    deployed: nameInArn(requestContext.functionArn),
    cause: requestContext.condition,
    firstTime: info.approximateArrivalOfFirstRecord,
    lastTime: info.approximateArrivalOfLastRecord,
    shardId: info.shardId,
    sequenceNumbers: payload.Records.map(({ kinesis }) => kinesis.sequenceNumber),
    event: payload as unknown,
  }));

/**
 * An event of an asynchronous invocation that was given up, key `aws/lambda/async/FUNCTION/YYYY/MM/DD/TIME-UUID`:
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
const letterSchema = z
  .object({
    timestamp: z.string(),
    requestContext,
    requestPayload: z.unknown().refine((payload) => payload !== undefined, "the event is missing"),
    /** Absent: the function was never run. */
    responsePayload: z.looseObject({ errorType: z.string().optional() }).optional().catch(undefined),
  })
  .transform(({ timestamp, requestContext, requestPayload, responsePayload }) => ({
    kind: "letter" as const,
    deployed: nameInArn(requestContext.functionArn),
    cause: [requestContext.condition, responsePayload?.errorType].filter(Boolean).join(", "),
    firstTime: timestamp,
    lastTime: timestamp,
    event: requestPayload,
  }));

/** What Lambda gave up; `deployed` is the name of the function on AWS, times are ISO 8601. */
export type Failure = z.infer<typeof batchSchema> | z.infer<typeof letterSchema>;

/** What an object holds, or why nothing can be replayed of it. */
export type Content =
  | { readonly failure: Failure; readonly problem?: undefined }
  | { readonly problem: string; readonly failure?: undefined };

export function parseContent(key: string, text: string): Content {
  const schema = key.startsWith(`${PREFIX}async/`) ? letterSchema : batchSchema;
  const parsed = schema.safeParse(parseJson(text));
  return parsed.success
    ? { failure: parsed.data }
    : { problem: `not as Lambda writes it: ${z.prettifyError(parsed.error)}` };
}

/** `arn:aws:lambda:REGION:ACCOUNT:function:NAME`, with or without `:$LATEST`. */
function nameInArn(arn: string): string {
  return /:function:([^:]+)/.exec(arn)?.[1] ?? arn;
}

/** Undefined for what is no JSON: no schema here takes it. */
function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
