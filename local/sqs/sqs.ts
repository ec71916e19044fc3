import type { Service } from "../aws/operation.ts";
import type { Graph } from "../graph.ts";
import { deleteMessage } from "./operations/delete-message.ts";
import { receiveMessage } from "./operations/receive-message.ts";
import { sendMessage } from "./operations/send-message.ts";
import { queuesOf, type SqsContext } from "./queues.ts";

export const SQS_RESOURCE_TYPES: readonly string[] = ["aws:sqs/queue:Queue"];

/** As much of SQS as dead letters and on-failure destinations need, in memory: standard queues, sent to and received from. */
export function createSqs({ graph, now }: { graph: Graph; now: () => Date }): Service {
  const { region, accountId } = graph;
  const context: SqsContext = { queues: queuesOf(graph), region, accountId, now };
  return {
    signingName: "sqs",
    protocol: "json",
    operations: {
      DeleteMessage: deleteMessage(context),
      ReceiveMessage: receiveMessage(context),
      SendMessage: sendMessage(context),
    },
  };
}
