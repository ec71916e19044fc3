import * as z from "zod/mini";

/** Where a record came from: by it one poll can be followed from the API to what people were told. */
export interface Trace {
  /** Id of the event that asked for the poll. */
  readonly poll: string;
  /** When it was due, ISO 8601. */
  readonly time?: string;
  /** X-Ray's trace id of the invocation that polled, when there is one. */
  readonly xray?: string;
}

/** No trace is worth a record: one that is not as it should be is passed over. */
const traced = z.looseObject({
  trace: z.looseObject({ poll: z.string().check(z.minLength(1), z.maxLength(64)) }),
});

/** Id of the poll that a record came from; records put by others have none. */
export function pollIdOf(record: unknown): string | undefined {
  const parsed = traced.safeParse(record);
  return parsed.success ? parsed.data.trace.poll : undefined;
}
