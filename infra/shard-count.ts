import * as pulumi from "@pulumi/pulumi";
import { setCommand } from "../config/commands.ts";

/** Current or planned shards of a stream. */
export interface Sharding {
  readonly streamModeDetails?: { readonly streamMode?: string };
  readonly shardCount?: number;
}

/** Shards of a new on-demand stream. It may have scaled up since. https://docs.aws.amazon.com/streams/latest/dev/how-do-i-size-a-stream.html */
const FEWEST_ON_DEMAND_SHARDS = 4;

/**
 * Why AWS refuses a change of the number of shards, and what to do; undefined when it takes it. UpdateShardCount goes from
 * half to double at once: https://docs.aws.amazon.com/kinesis/latest/APIReference/API_UpdateShardCount.html
 */
export function shardCountProblem(from: Sharding, to: Sharding): string | undefined {
  const wanted = to.shardCount;
  if (wanted === undefined || isOnDemand(to)) return undefined;
  if (isOnDemand(from)) {
    const least = Math.ceil(FEWEST_ON_DEMAND_SHARDS / 2);
    if (wanted >= least) return undefined;
    return (
      `stormwire:stream.shards is ${wanted}, and an on-demand stream has ${FEWEST_ON_DEMAND_SHARDS} shards or more: AWS takes half of ` +
      "them at least. Set the number of shards that the stream has, which " +
      "`aws kinesis describe-stream-summary --stream-name … --query StreamDescriptionSummary.OpenShardCount` shows, " +
      `then go down by halves, with \`pulumi up\` each time: ${setCommand(["stream", "shards"], FEWEST_ON_DEMAND_SHARDS)}`
    );
  }
  const has = from.shardCount;
  if (has === undefined || isOneStep(has, wanted)) return undefined;
  const [next = wanted, ...rest] = stepsBetween(has, wanted);
  return (
    `stormwire:stream.shards is ${wanted}, and the stream has ${has}: AWS goes from half to double at once, here ` +
    `${Math.ceil(has / 2)} to ${2 * has}. Go by ${[next, ...rest].join(", ")}, with \`pulumi up\` each time: ` +
    setCommand(["stream", "shards"], next)
  );
}

function isOnDemand({ streamModeDetails }: Sharding): boolean {
  return streamModeDetails?.streamMode === "ON_DEMAND";
}

function isOneStep(from: number, to: number): boolean {
  return to <= 2 * from && to >= from / 2;
}

/** Numbers of shards on the way, the last one included. */
function stepsBetween(from: number, to: number): number[] {
  const steps: number[] = [];
  for (let has = from; has !== to; steps.push(has)) {
    has = to > has ? Math.min(2 * has, to) : Math.max(Math.ceil(has / 2), to);
  }
  return steps;
}

/** Rejects such a change in previews and updates, before AWS does. Only a resource hook knows the current state. */
export function refuseShardSteps(name: string): pulumi.ResourceHook {
  return new pulumi.ResourceHook(
    `${name}-shard-count`,
    ({ oldOutputs, newInputs }) => {
      const problem = shardCountProblem(oldOutputs ?? {}, newInputs ?? {});
      if (problem !== undefined) throw new Error(problem);
    },
    { onDryRun: true },
  );
}
