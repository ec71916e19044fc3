import { ZodError, z } from "zod";
import { counted } from "../../lib/counted.ts";
import { UserError } from "../../lib/user-error.ts";
import { createVirtualClock } from "../../local/clock/virtual-clock.ts";
import { coverageOf, startEmulated } from "../../local/coverage.ts";
import { takeOutputDirectory } from "../../local/output-directory.ts";
import { loadProgram } from "../../local/program/load.ts";
import type { Invocation } from "../command.ts";

interface LocalOptions {
  readonly program: string;
  readonly stack: string;
  /** `optional` for a stack that may have no config file. */
  readonly stackFile: "required" | "optional";
  readonly config: Readonly<Record<string, string>>;
  readonly out: string;
  readonly start: Date;
  readonly until: Date;
}

/** Runs another Pulumi program. The exit code is 1 when something failed or is not emulated. */
export async function runLocal(
  { keep, json, ...options }: LocalOptions & { readonly keep: boolean; readonly json: boolean },
  { out, error, exit }: Invocation,
): Promise<void> {
  const onSetAside = (previous: string) => error(`The previous run is now in ${previous}\n`);
  const release = await takeOutputDirectory(options.out, { keep, onSetAside });
  try {
    const outcome = await run(options).catch(asUserError);
    out(json ? `${JSON.stringify(outcome)}\n` : render(outcome, options.out));
    if (outcome.problems.length > 0 || outcome.notEmulated.length > 0) exit(1);
  } finally {
    await release();
  }
}

async function run({ program, stack, stackFile, config, out, start, until }: LocalOptions) {
  const graph = await loadProgram({
    directory: program,
    stack,
    stackFile,
    overrides: config,
    packages: `${out}/packages`,
    autonaming: true,
  });
  const clock = createVirtualClock({ start });
  const { cloud, notEmulated } = await startEmulated({ graph, directory: out, clock });
  try {
    await clock.run({ until, speed: "max" });
    return {
      project: graph.project,
      stack,
      resources: graph.resources.length,
      from: start.toISOString(),
      until: until.toISOString(),
      functions: cloud.lambda.metrics(),
      messages: cloud.outbox.messages.length,
      queues: Object.fromEntries([...cloud.queues].map(([name, { messages }]) => [name, messages.length])),
      notEmulated: [...coverageOf(graph).unknown, ...notEmulated],
      problems: cloud.problems(),
      outputs: graph.outputs,
    };
  } finally {
    await cloud.stop();
  }
}

function render(outcome: Awaited<ReturnType<typeof run>>, out: string): string {
  const {
    project,
    stack,
    resources,
    from,
    until,
    functions,
    messages,
    queues,
    notEmulated,
    problems,
    outputs,
  } = outcome;
  const lines = [
    `${project}, stack ${stack}: ${counted(resources, "resource")}, ${from} to ${until}`,
    ...Object.entries(functions).map(
      ([name, { invocations, errors }]) =>
        `  ${name}: ${counted(invocations, "invocation")}, ${counted(errors, "error")}`,
    ),
    `  ${counted(messages, "message")} in ${out}/outbox.ndjson`,
    ...Object.entries(queues).map(([name, count]) => `  queue ${name}: ${counted(count, "message")} left`),
    ...Object.entries(outputs).map(([name, value]) => `  output ${name}: ${JSON.stringify(value)}`),
    ...notEmulated.map((type) => `  not emulated: ${type}`),
    ...withCounts(problems.map(({ kind, message }) => `  problem, ${kind}: ${message}`)),
  ];
  return `${lines.join("\n")}\n`;
}

/** Each line once, with how often it is there. */
function withCounts(lines: readonly string[]): string[] {
  const counts = new Map<string, number>();
  for (const line of lines) counts.set(line, (counts.get(line) ?? 0) + 1);
  return [...counts].map(([line, count]) => (count === 1 ? line : `${line} (${count} times)`));
}

/** What is wrong with the program or its input becomes one line; a defect of the local run keeps its stack trace. */
function asUserError(problem: unknown): never {
  if (problem instanceof UserError) throw problem;
  if (problem instanceof ZodError)
    throw new UserError(`A resource has inputs of an unknown shape: ${oneLine(z.prettifyError(problem))}`);
  const isDefect = [TypeError, RangeError, ReferenceError].some((kind) => problem instanceof kind);
  if (isDefect || !(problem instanceof Error)) throw problem;
  throw new UserError(oneLine(problem.message), { cause: problem });
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, " ");
}
