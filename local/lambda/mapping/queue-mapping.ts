import type { Cancel, Clock } from "../../clock/clock.ts";
import { AwsError } from "../../endpoint/error.ts";
import type { Gateway, Principal } from "../../endpoint/operation.ts";
import type { Graph } from "../../graph.ts";
import type { LocalSqs } from "../../sqs/sqs.ts";
import type { Failure, OnFailure } from "../failure.ts";
import type { FunctionConfiguration } from "../function-configuration.ts";
import type { Lambda } from "../lambda.ts";
import { failedItems } from "./batch-response.ts";
import { queueEvent, type ReceivedMessage } from "./event-records.ts";
import { type QueueMapping, queueMappingsOf } from "./queue-configuration.ts";

interface QueueMappingOptions {
  readonly graph: Graph;
  readonly clock: Clock;
  readonly gateway: Gateway;
  readonly lambda: Lambda;
  readonly sqs: LocalSqs;
  readonly onFailure: OnFailure;
}

interface QueueMappings {
  /** Messages whose last invocation failed. They are still in their queue, in a dead-letter queue, or lost. */
  failures(): readonly Failure[];
  stop(): void;
}

/** Maximum number of messages that one receive call returns. */
const RECEIVED_AT_ONCE = 10;

/**
 * Starts the enabled event-source mappings of queues. Messages that the function processes are deleted; the others become
 * visible again after the queue's timeout. https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html
 *
 * @throws AwsError InvalidParameterValueException for a mapping that AWS rejects.
 */
export async function startQueueMappings(options: QueueMappingOptions): Promise<QueueMappings> {
  const pollers: QueuePoller[] = [];
  for (const mapping of queueMappingsOf(options.graph)) {
    const principal = await options.lambda.principalOf(mapping.functionName);
    const configuration = options.lambda.configurationOf(mapping.functionName);
    const poller = new QueuePoller({ ...options, mapping, principal, configuration });
    await poller.start();
    pollers.push(poller);
  }
  return {
    failures: () => pollers.flatMap((poller) => poller.failures()),
    stop: () => {
      for (const poller of pollers) poller.stop();
    },
  };
}

interface PollerContext extends QueueMappingOptions {
  readonly mapping: QueueMapping;
  readonly principal: Principal;
  readonly configuration: FunctionConfiguration;
}

class QueuePoller {
  readonly #context: PollerContext;
  readonly #problems = new Map<string, string>();
  #batch: ReceivedMessage[] = [];
  #windowEnd: Date | undefined;
  #cancelPoll: Cancel | undefined;
  #unsubscribe: Cancel | undefined;
  #stopped = false;

  constructor(context: PollerContext) {
    this.#context = context;
  }

  async start(): Promise<void> {
    const { mapping, sqs } = this.#context;
    await this.#checkMapping();
    this.#unsubscribe = sqs.onSent(mapping.queueArn, () => this.#pollAt(this.#context.clock.now()));
    if (this.#queue().messages.length > 0) this.#pollAt(this.#context.clock.now());
  }

  stop(): void {
    this.#stopped = true;
    this.#unsubscribe?.();
    this.#cancelPoll?.();
  }

  failures(): readonly Failure[] {
    const { mapping, configuration, clock } = this.#context;
    return [...this.#problems].map(([id, problem]) => {
      const queueArn = this.#queueOf(id);
      return {
        time: clock.now(),
        kind: "batch",
        source: mapping.name,
        functionName: configuration.name,
        message: `${problem}; message ${id} ${queueArn === undefined ? "is lost" : `is in ${queueArn}`}`,
        count: 1,
        lost: queueArn === undefined,
      };
    });
  }

  /** Checks the mapping as Lambda does when it is created. */
  async #checkMapping(): Promise<void> {
    const { gateway, principal, mapping, configuration } = this.#context;
    const { visibilityTimeoutSeconds, url } = this.#queue();
    if (visibilityTimeoutSeconds < configuration.timeoutSeconds)
      throw new AwsError(
        "InvalidParameterValueException",
        `Event-source mapping ${mapping.name}: the queue's visibility timeout is ${visibilityTimeoutSeconds} seconds, less than the function's timeout of ${configuration.timeoutSeconds} seconds; allowed is the same or more`,
      );
    await gateway.call(principal, "sqs", "GetQueueAttributes", { QueueUrl: url });
  }

  #queue() {
    const { sqs, mapping } = this.#context;
    const queue = [...sqs.queues.values()].find(({ arn }) => arn === mapping.queueArn);
    if (queue !== undefined) return queue;
    throw new AwsError(
      "InvalidParameterValueException",
      `Event-source mapping ${mapping.name}: ${mapping.queueArn} is not a queue of the program`,
    );
  }

  #queueOf(id: string): string | undefined {
    const queues = [...this.#context.sqs.queues.values()];
    return queues.find(({ messages }) => messages.some((message) => message.id === id))?.arn;
  }

  /** Schedules the only pending poll. A retry is a background task, because a message that waits in its queue is not lost. */
  #pollAt(time: Date, isRetry = false): void {
    if (this.#stopped) return;
    this.#cancelPoll?.();
    const poll = async () => {
      this.#cancelPoll = undefined;
      await this.#poll();
    };
    this.#cancelPoll = this.#context.clock.at(time, poll, { background: isRetry });
  }

  async #poll(): Promise<void> {
    if (this.#stopped) return;
    const { clock, mapping } = this.#context;
    await this.#fill();
    while (this.#batch.length > 0 && this.#isDue()) {
      const batch = this.#batch.splice(0, mapping.batchSize);
      this.#windowEnd = undefined;
      await this.#process(batch);
      await this.#fill();
    }
    if (this.#windowEnd !== undefined) return this.#pollAt(this.#windowEnd);
    const next = this.#nextVisible();
    if (next !== undefined) this.#pollAt(next < clock.now() ? clock.now() : next, true);
  }

  #isDue(): boolean {
    const { mapping, clock } = this.#context;
    if (this.#batch.length >= mapping.batchSize) return true;
    return this.#windowEnd !== undefined && this.#windowEnd <= clock.now();
  }

  /** Receives until a batch is full or nothing is visible. The first message opens the batching window. */
  async #fill(): Promise<void> {
    const { gateway, principal, mapping, clock } = this.#context;
    const QueueUrl = this.#queue().url;
    while (this.#batch.length < mapping.batchSize) {
      const MaxNumberOfMessages = Math.min(RECEIVED_AT_ONCE, mapping.batchSize - this.#batch.length);
      const input = {
        QueueUrl,
        MaxNumberOfMessages,
        AttributeNames: ["All"],
        MessageAttributeNames: ["All"],
      };
      const { Messages = [] } = await gateway.call<{ Messages?: ReceivedMessage[] }>(
        principal,
        "sqs",
        "ReceiveMessage",
        input,
      );
      if (Messages.length === 0) break;
      for (const message of Messages) {
        if (mapping.accepts({ id: message.MessageId, body: message.Body })) this.#batch.push(message);
        else await this.#delete(message);
      }
    }
    if (this.#batch.length > 0)
      this.#windowEnd ??= new Date(clock.now().getTime() + mapping.batchingWindowSeconds * 1000);
  }

  async #process(batch: readonly ReceivedMessage[]): Promise<void> {
    const { lambda, configuration, mapping, graph } = this.#context;
    const failed = await this.#invoke(
      queueEvent(batch, mapping.queueArn, graph.region),
      lambda,
      configuration,
    );
    for (const message of batch) {
      const problem = failed(message.MessageId);
      if (problem !== undefined) {
        this.#problems.set(message.MessageId, problem);
      } else {
        this.#problems.delete(message.MessageId);
        await this.#delete(message);
      }
    }
  }

  /** @returns a function from a message id to the problem of the message, if it has one. */
  async #invoke(
    event: { readonly Records: readonly { readonly messageId: string }[] },
    lambda: Lambda,
    configuration: FunctionConfiguration,
  ): Promise<(messageId: string) => string | undefined> {
    try {
      const { functionError, payload } = await lambda.invoke(configuration.arn, event);
      if (functionError) return () => `${functionError.errorType}: ${functionError.errorMessage}`;
      if (!this.#context.mapping.reportsItemFailures) return () => undefined;
      const ids = event.Records.map(({ messageId }) => messageId);
      const failed = failedItems(ids, JSON.parse(payload));
      return (id) => (failed.has(id) ? "reported in batchItemFailures" : undefined);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      return () => `${error.code}: ${error.message}`;
    }
  }

  async #delete({ ReceiptHandle }: ReceivedMessage): Promise<void> {
    const { gateway, principal } = this.#context;
    await gateway.call(principal, "sqs", "DeleteMessage", { QueueUrl: this.#queue().url, ReceiptHandle });
  }

  #nextVisible(): Date | undefined {
    const times = this.#queue().messages.map(({ visibleAt }) => visibleAt.getTime());
    return times.length === 0 ? undefined : new Date(Math.min(...times));
  }
}
