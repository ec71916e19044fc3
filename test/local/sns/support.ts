import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Graph, Resource } from "../../../local/graph.ts";
import type { InvokeFunction } from "../../../local/sns/delivery.ts";
import { type OutboxMessage, openOutbox } from "../../../local/sns/outbox.ts";
import { createSns, type LocalSns } from "../../../local/sns/sns.ts";
import { CALLER, graphOf, resource } from "../s3/support.ts";

export const TOPIC_ARN = "arn:aws:sns:us-east-1:000000000000:alerts";
export const NOW = new Date("2024-04-30T11:00:00.000Z");

export const topicResource = (inputs = {}): Resource =>
  resource("aws:sns/topic:Topic", "alerts", inputs, { arn: TOPIC_ARN, name: "alerts" });

export const subscriptionResource = (
  name: string,
  inputs: Record<string, unknown>,
  outputs: Record<string, unknown> = {},
): Resource =>
  resource(
    "aws:sns/topicSubscription:TopicSubscription",
    name,
    { topic: TOPIC_ARN, ...inputs },
    {
      arn: `${TOPIC_ARN}:${name}`,
      ...outputs,
    },
  );

export interface Fixture extends LocalSns, Disposable {
  readonly outbox: readonly OutboxMessage[];
  /** Lines of the outbox file as they are on disk. */
  lines(): unknown[];
  call(operation: string, input: unknown): Promise<Record<string, unknown>>;
}

export function openSns(
  resources: Resource[],
  invokeFunction?: InvokeFunction,
  options: { isInSmsSandbox?: boolean } = {},
): Fixture {
  const directory = mkdtempSync(join(tmpdir(), "sns-"));
  const path = join(directory, "outbox.ndjson");
  const outbox = openOutbox(path);
  const graph: Graph = graphOf(...resources);
  const sns = createSns({
    graph,
    now: () => NOW,
    outbox,
    ...(invokeFunction && { invokeFunction }),
    ...options,
  });
  return {
    ...sns,
    outbox: outbox.messages,
    lines: () =>
      readFileSync(path, "utf8")
        .split("\n")
        .slice(0, -1)
        .map((line) => JSON.parse(line)),
    async call(name, input) {
      const operation = sns.service.operations[name];
      if (operation === undefined) throw new Error(`no operation ${name}`);
      const context = { principal: CALLER, requestId: "request-1" };
      return (await operation.run(operation.input.parse(input), context)) as Record<string, unknown>;
    },
    [Symbol.dispose]() {
      outbox.close();
      rmSync(directory, { recursive: true });
    },
  };
}
