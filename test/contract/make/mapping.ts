import {
  CreateEventSourceMappingCommand,
  DeleteEventSourceMappingCommand,
  GetEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import type { MappingSettings } from "../backend.ts";
import { holdsWithin } from "../until.ts";
import { known, type Making, TAGS } from "./making.ts";
import type { Recorder } from "./recorder.ts";

/** Within which a mapping starts and stops: the documentation only says that either takes its time. */
const CHANGE_SECONDS = 240;

export async function makeMapping(
  making: Making,
  { functionName }: Recorder,
  stream: string,
  { onFailure, ...settings }: MappingSettings,
): Promise<void> {
  const { makers, cleanup, streamArns } = making;
  const Destination = await destinationArn(making, onFailure);
  const { UUID } = await makers.lambda.send(
    new CreateEventSourceMappingCommand({
      FunctionName: functionName,
      EventSourceArn: known(streamArns, stream),
      StartingPosition: "TRIM_HORIZON",
      Tags: TAGS,
      ...settings,
      ...(Destination !== undefined && { DestinationConfig: { OnFailure: { Destination } } }),
    }),
  );
  cleanup.add(`event-source mapping ${UUID} of ${functionName}`, async () => {
    await makers.lambda.send(new DeleteEventSourceMappingCommand({ UUID }));
    await becomes(making, UUID, "gone"); // as long as it is there, it writes into the on-failure bucket
  });
  await becomes(making, UUID, "started");
}

async function destinationArn(
  { clients: { sqs }, prefix, queueUrls }: Making,
  onFailure: MappingSettings["onFailure"],
): Promise<string | undefined> {
  if (onFailure === undefined) return undefined;
  if ("bucket" in onFailure) return `arn:aws:s3:::${prefix}-${onFailure.bucket}`;
  const QueueUrl = known(queueUrls, onFailure.queue);
  const { Attributes } = await sqs.send(
    new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["QueueArn"] }),
  );
  return Attributes?.QueueArn;
}

async function becomes(
  { makers: { lambda }, pace }: Making,
  UUID: string | undefined,
  wanted: "started" | "gone",
): Promise<void> {
  let state = "";
  const isSo = await holdsWithin(CHANGE_SECONDS, pace, async () => {
    try {
      const mapping = await lambda.send(new GetEventSourceMappingCommand({ UUID }));
      state = `${mapping.State} (${mapping.StateTransitionReason})`;
      return wanted === "started" && (mapping.State === "Enabled" || mapping.State === "Disabled");
    } catch (error) {
      if (wanted === "gone" && error instanceof Error && error.name === "ResourceNotFoundException")
        return true;
      throw error;
    }
  });
  if (!isSo) throw new Error(`event-source mapping ${UUID} is ${state} after ${CHANGE_SECONDS} s`);
}
