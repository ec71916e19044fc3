import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseConfig } from "../../config/check.ts";
import { quotaWarning } from "../../config/polling.ts";
import type { StormwireConfig } from "../../config/schema.ts";
import { languagesOf } from "../../config/subscribers.ts";
import type { Graph } from "../../local/graph.ts";
import { loadProgram } from "../../local/program/load.ts";
import { readProject, readStackConfig } from "../../local/program/project.ts";
import { placeholdersFor } from "../stack/placeholders.ts";
import { assume } from "./assumptions.ts";
import type { MonthOf } from "./events.ts";
import type { CostOptions } from "./options.ts";
import { readDeployment } from "./read-deployment.ts";
import { classifyTypes, type TypeCount } from "./resource-types.ts";

/** A stack's month, from its program's own graph and config. */
export interface StackMonth extends MonthOf {
  readonly stack: string;
  readonly poll: string;
  readonly types: readonly TypeCount[];
  /** When the API plan cannot carry the poll rate. */
  readonly quotaWarning: string | undefined;
}

/** @throws {ProgramError} and {ConfigError} for a stack that is not there, or that a preview would refuse. */
export async function readMonth(options: CostOptions, directory: string): Promise<StackMonth> {
  const { name } = await readProject(directory);
  const overrides = {
    ...(await placeholdersFor(directory, name, options.stack)),
    ...(options.poll !== undefined && { [`${name}:poll`]: options.poll }),
  };
  const values = await readStackConfig(directory, name, options.stack, overrides);
  const config = parseConfig(values.config, options.stack);
  const graph = await loadGraph(directory, options.stack, overrides);
  return monthOf(graph, config, options);
}

function monthOf(graph: Graph, config: StormwireConfig, options: CostOptions): StackMonth {
  const places = options.locations ?? Object.keys(config.locations).length;
  const { phones, mailboxes, smsPrice = config.sms.maxPriceUsd } = options;
  return {
    stack: graph.stack,
    poll: config.poll,
    deployment: readDeployment(graph),
    types: classifyTypes(graph),
    workload: {
      places,
      smsUsd: smsPrice,
      languages: languagesOf(config).length,
      audiences: Object.fromEntries(
        Object.entries(config.messages).map(([key, { audience }]) => [key, [audience].flat()]),
      ),
      phones,
      mailboxes,
      assumptions: assume(options.assumptions),
    },
    quotaWarning: quotaWarning(config, places),
  };
}

async function loadGraph(
  directory: string,
  stack: string,
  overrides: Readonly<Record<string, unknown>>,
): Promise<Graph> {
  const packages = await mkdtemp(join(tmpdir(), "stormwire-cost-"));
  try {
    return await loadProgram({ directory, stack, packages, overrides });
  } finally {
    await rm(packages, { recursive: true, force: true });
  }
}
