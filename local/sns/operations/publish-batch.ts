import { randomUUID } from "node:crypto";
import * as z from "zod";
import { AwsError } from "../../endpoint/error.ts";
import { defineOperation, type Operation } from "../../endpoint/operation.ts";
import { publishPermissions, type SnsContext } from "../context.ts";
import { BATCH_ENTRY_ID_LIMIT_CHARACTERS, BATCH_LIMIT_ENTRIES, MESSAGE_LIMIT_BYTES } from "../limits.ts";
import { type Message, messageFields, parseMessage } from "../message.ts";

const entrySchema = z.strictObject({ ...messageFields, Id: z.string() });

const inputSchema = z.strictObject({
  TopicArn: z.string(),
  // The protocol writes an empty list as an empty text.
  PublishBatchRequestEntries: z.array(entrySchema).or(z.literal("").transform((): Entry[] => [])),
});

type Input = z.infer<typeof inputSchema>;
type Entry = z.infer<typeof entrySchema>;
type Outcome = { Id: string; message: Message } | { Id: string; error: AwsError };

/** https://docs.aws.amazon.com/sns/latest/api/API_PublishBatch.html; a bad entry fails alone. */
export function publishBatch(context: SnsContext): Operation {
  return defineOperation({
    input: inputSchema,
    permissions: ({ TopicArn }: Input) => publishPermissions(context, TopicArn),
    async run({ TopicArn, PublishBatchRequestEntries: entries }: Input) {
      const topic = context.topic(TopicArn);
      checkEntries(entries);
      const outcomes = entries.map(parseEntry);
      checkSize(outcomes);
      const Successful: { Id: string; MessageId: string }[] = [];
      const Failed: { Id: string; Code: string; Message: string; SenderFault: boolean }[] = [];
      for (const outcome of outcomes) {
        if ("error" in outcome) {
          const { code: Code, message: Message } = outcome.error;
          Failed.push({ Id: outcome.Id, Code, Message, SenderFault: true });
          continue;
        }
        const MessageId = randomUUID();
        await context.delivery.toTopic(topic, MessageId, outcome.message);
        Successful.push({ Id: outcome.Id, MessageId });
      }
      return { Successful, Failed };
    },
  });
}

function checkEntries(entries: readonly Entry[]): void {
  if (entries.length === 0) {
    throw new AwsError("EmptyBatchRequest", "The batch request doesn't contain any entries.");
  }
  if (entries.length > BATCH_LIMIT_ENTRIES) {
    throw new AwsError(
      "TooManyEntriesInBatchRequest",
      `The batch request contains more entries than permissible: ${entries.length} of at most ${BATCH_LIMIT_ENTRIES}.`,
    );
  }
  const ids = entries.map(({ Id }) => Id);
  const bad = ids.find((id) => !/^[\w-]+$/.test(id) || id.length > BATCH_ENTRY_ID_LIMIT_CHARACTERS);
  if (bad !== undefined) {
    throw new AwsError(
      "InvalidBatchEntryId",
      `The Id of a batch entry in a batch request doesn't abide by the specification: ${JSON.stringify(bad)}.`,
    );
  }
  if (new Set(ids).size < ids.length) {
    throw new AwsError(
      "BatchEntryIdsNotDistinct",
      "Two or more batch entries in the request have the same Id.",
    );
  }
}

function parseEntry(entry: Entry): Outcome {
  try {
    return { Id: entry.Id, message: parseMessage(entry) };
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    return { Id: entry.Id, error };
  }
}

function checkSize(outcomes: readonly Outcome[]): void {
  const sizeBytes = outcomes.reduce((sum, one) => sum + ("message" in one ? one.message.sizeBytes : 0), 0);
  if (sizeBytes <= MESSAGE_LIMIT_BYTES) return;
  throw new AwsError(
    "BatchRequestTooLong",
    `The length of all the batch messages put together is more than the limit: ${sizeBytes} of at most ${MESSAGE_LIMIT_BYTES} bytes.`,
  );
}
