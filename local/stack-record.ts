import { mkdirSync, renameSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import type { Graph } from "./graph.ts";
import type { LocalSns } from "./sns/sns.ts";
import { listed } from "./sns/subscription.ts";

/**
 * Leaves in `directory` what is asked of AWS and of Pulumi once a program is deployed: `stack.json`, the stack's name
 * and outputs, and `sns/subscriptions.json`, the subscriptions of each topic by its ARN, as SNS lists them.
 */
export function writeStackRecord(directory: string, graph: Graph, { topics }: LocalSns): void {
  const { project, stack, outputs, accountId } = graph;
  writeJson(join(directory, "stack.json"), { project, stack, outputs });
  const lists = [...topics].map(([arn, { subscriptions }]) => [
    arn,
    subscriptions.map((subscription) => listed(subscription, accountId)),
  ]);
  writeJson(join(directory, "sns", "subscriptions.json"), Object.fromEntries(lists));
}

/** Whole or not at all. */
function writeJson(file: string, content: unknown): void {
  mkdirSync(dirname(file), { recursive: true });
  writeFileSync(`${file}.new`, `${JSON.stringify(content, null, 2)}\n`);
  renameSync(`${file}.new`, file);
}
