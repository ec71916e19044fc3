import {
  CreateEventSourceMappingCommand,
  DeleteEventSourceMappingCommand,
  GetEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import { GetQueueAttributesCommand } from "@aws-sdk/client-sqs";
import type { MappingSettings } from "../place.ts";
import { holdsWithin } from "../until.ts";
import { known, type Making, TAGS } from "./making.ts";
import type { Recorder } from "./recorder.ts";

/** Lambda says "may take several minutes" of a mapping's start. */
const START_SECONDS = 240;

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
  cleanup.add(`event-source mapping ${UUID} of ${functionName}`, () =>
    makers.lambda.send(new DeleteEventSourceMappingCommand({ UUID })),
  );
  await hasStarted(making, UUID);
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

async function hasStarted({ makers: { lambda }, pace }: Making, UUID: string | undefined): Promise<void> {
  let last: string | undefined;
  const isThere = await holdsWithin(START_SECONDS, pace, async () => {
    const { State, StateTransitionReason } = await lambda.send(new GetEventSourceMappingCommand({ UUID }));
    last = `${State} (${StateTransitionReason})`;
    return State === "Enabled" || State === "Disabled";
  });
  if (!isThere) throw new Error(`event-source mapping ${UUID} is ${last} after ${START_SECONDS} s`);
}
