import { addHours } from "date-fns/addHours";
import { startOfHour } from "date-fns/startOfHour";
import { ZodError, z } from "zod";
import { counted } from "../lib/counted.ts";
import { createVirtualClock } from "./clock/virtual-clock.ts";
import { parseCommandLine, parseTime, UsageError } from "./command-line.ts";
import { coverageOf } from "./coverage.ts";
import { startWithout } from "./left-out.ts";
import { OutputDirectoryError, takeOutputDirectory } from "./output-directory.ts";
import { ProgramError } from "./program/error.ts";
import { loadProgram } from "./program/load.ts";

const HELP = `npm run local -- --program DIR [options]     run any Pulumi TypeScript program on this machine

  --program DIR   folder with Pulumi.yaml
  --stack NAME    stack whose Pulumi.NAME.yaml to use (default: local, which may have none)
  --config K=V    a value of the stack's config, for example aws:region=us-east-1; may be repeated
  --from ISO      where the virtual clock starts (default: this hour)
  --until ISO     where it ends (default: one hour later)
  --out DIR       where everything is kept (default: DIR of the program/.local)
  --keep          go on from what the folder holds; without it the run in it is moved to FOLDER.previous
  --json          print the outcome as JSON on standard output

Exit code: 0 nothing was lost, 1 something failed or is not emulated (the output says what), 2 bad input.`;

// Lambda's clock is UTC; worker threads share the time zone of the process.
process.env.TZ = "UTC";

try {
  process.exitCode = await main(process.argv.slice(2));
} catch (error) {
  const message = messageOf(error);
  if (message === undefined) throw error;
  process.stderr.write(`${message}\n`);
  process.exitCode = 2;
}

async function main(argv: readonly string[]): Promise<number> {
  const options = parse(argv);
  if (options.help || options.program === undefined) {
    process.stdout.write(`${HELP}\n`);
    return options.help ? 0 : 2;
  }
  const { program, stack = "local", keep = false } = options;
  const out = options.out ?? `${program}/.local`;
  const start = options.from === undefined ? startOfHour(new Date()) : parseTime("--from", options.from);
  const until = options.until === undefined ? addHours(start, 1) : parseTime("--until", options.until);
  if (until < start) {
    throw new UsageError(`--until ${until.toISOString()} is before --from ${start.toISOString()}`);
  }
  const onSetAside = (previous: string) => process.stderr.write(`The run of before is in ${previous} now\n`);
  const release = await takeOutputDirectory(out, { keep, onSetAside });
  try {
    const config = configOf(options.config ?? []);
    const stackFile = options.stack === undefined ? "optional" : "required";
    const outcome = await run({ program, stack, stackFile, config, out, start, until });
    process.stdout.write(options.json ? `${JSON.stringify(outcome)}\n` : render(outcome, out));
    return outcome.problems.length > 0 || outcome.notEmulated.length > 0 ? 1 : 0;
  } finally {
    await release();
  }
}

async function run({
  program,
  stack,
  stackFile,
  config,
  out,
  start,
  until,
}: {
  program: string;
  stack: string;
  stackFile: "required" | "optional";
  config: Record<string, string>;
  out: string;
  start: Date;
  until: Date;
}) {
  const graph = await loadProgram({
    directory: program,
    stack,
    stackFile,
    overrides: config,
    packages: `${out}/packages`,
    autonaming: true,
  });
  const clock = createVirtualClock({ start });
  const { cloud, leftOut } = await startWithout({ graph, directory: out, clock });
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
      notEmulated: [...coverageOf(graph).unknown, ...leftOut],
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
    ...notEmulated.map((type) => `  not emulated, left out: ${type}`),
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

/** What is wrong with the input or with the program, without a stack; undefined for a defect of the local run. */
function messageOf(error: unknown): string | undefined {
  if (error instanceof UsageError || error instanceof ProgramError || error instanceof OutputDirectoryError) {
    return error.message;
  }
  // Services refuse a resource with an AwsError, with a message of their own or where its inputs have another shape.
  if (error instanceof ZodError)
    return `A resource has inputs that are not known here: ${oneLine(z.prettifyError(error))}`;
  if (error instanceof TypeError || error instanceof RangeError || error instanceof ReferenceError)
    return undefined;
  return error instanceof Error ? oneLine(error.message) : undefined;
}

function oneLine(text: string): string {
  return text.replaceAll(/\s*\n\s*/g, " ");
}

/** @throws {UsageError} for a value that is not KEY=VALUE. */
function configOf(values: readonly string[]): Record<string, string> {
  return Object.fromEntries(
    values.map((value) => {
      const [, key, text] = /^([^=]+)=(.*)$/s.exec(value) ?? [];
      if (key === undefined || text === undefined) {
        throw new UsageError(`--config ${value} is not KEY=VALUE, for example aws:region=us-east-1`);
      }
      return [key, text];
    }),
  );
}

function parse(argv: readonly string[]) {
  return parseCommandLine(
    {
      args: [...argv],
      options: {
        program: { type: "string" },
        stack: { type: "string" },
        config: { type: "string", multiple: true },
        from: { type: "string" },
        until: { type: "string" },
        out: { type: "string" },
        keep: { type: "boolean" },
        json: { type: "boolean" },
        help: { type: "boolean" },
      },
    },
    "see npm run local -- --help",
  ).values;
}
