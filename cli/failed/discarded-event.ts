import { z } from "zod";
import { counted } from "../../lib/counted.ts";
import { parseJson } from "../../lib/json.ts";
import { firstFailure } from "../../local/lambda/mapping/batch-response.ts";
import type { Content, Failure } from "./failure.ts";

/** Where Lambda keeps the events that it discards; the prefix is its own. */
export const DISCARDED = "aws/lambda/";

/** An event as Kinesis gives it to a function; its records are given again as they came. */
const kinesisEventSchema = z.looseObject({
  Records: z.tuple(
    [z.looseObject({ kinesis: z.looseObject({ sequenceNumber: z.string() }) })],
    z.looseObject({ kinesis: z.looseObject({ sequenceNumber: z.string() }) }),
  ),
});

const requestContext = z.object({ functionArn: z.string(), condition: z.string() });

/**
 * A batch that an event-source mapping discarded, key `aws/lambda/MAPPING/SHARD/YYYY/MM/DD/TIME-UUID`:
 * https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html
 */
const batchSchema = z
  .object({
    requestContext,
    KinesisBatchInfo: z.object({
      approximateArrivalOfFirstRecord: z.string(),
      approximateArrivalOfLastRecord: z.string(),
    }),
    /** The whole event as a JSON text. The page shows only a placeholder of it, so JSON is accepted, too. */
    payload: z.preprocess(
      (payload) => (typeof payload === "string" ? parseJson(payload) : payload),
      kinesisEventSchema,
    ),
  })
  .transform(({ requestContext, KinesisBatchInfo: info, payload }): Failure => {
    const numbers = payload.Records.map(({ kinesis }) => kinesis.sequenceNumber);
    return {
      function: nameInArn(requestContext.functionArn),
      cause: requestContext.condition,
      records: numbers.length,
      first: info.approximateArrivalOfFirstRecord,
      last: info.approximateArrivalOfLastRecord,
      sequenceNumber: numbers[0] ?? "",
      event: payload,
      problemIn(answer) {
        const rest = numbers.length - firstFailure(numbers, answer);
        return rest === 0 ? undefined : `${rest} of ${counted(numbers.length, "record")} failed again`;
      },
    };
  });

/**
 * An event of an asynchronous invocation that Lambda discarded, key `aws/lambda/async/FUNCTION/YYYY/MM/DD/TIME-UUID`:
 * https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html
 */
const asyncSchema = z
  .object({
    timestamp: z.string(),
    requestContext,
    requestPayload: z.unknown().refine((payload) => payload !== undefined, "the event is missing"),
    /** Absent: the function was never run. */
    responsePayload: z.looseObject({ errorType: z.string().optional() }).optional().catch(undefined),
  })
  .transform(
    ({ timestamp, requestContext, requestPayload, responsePayload }): Failure => ({
      function: nameInArn(requestContext.functionArn),
      cause: [requestContext.condition, responsePayload?.errorType].filter(Boolean).join(", "),
      records: 1,
      first: timestamp,
      last: timestamp,
      sequenceNumber: "",
      event: requestPayload,
      problemIn: () => undefined,
    }),
  );

export function parseDiscarded(key: string, text: string): Content {
  const schema = key.startsWith(`${DISCARDED}async/`) ? asyncSchema : batchSchema;
  const parsed = schema.safeParse(parseJson(text));
  return parsed.success
    ? { failure: parsed.data }
    : { problem: `not as Lambda writes it: ${z.prettifyError(parsed.error)}` };
}

/** `arn:aws:lambda:REGION:ACCOUNT:function:NAME`, with or without `:$LATEST`. */
function nameInArn(arn: string): string {
  return /:function:([^:]+)/.exec(arn)?.[1] ?? arn;
}
