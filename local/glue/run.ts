import { createHash } from "node:crypto";
import type { Clock } from "../clock/clock.ts";
import { AwsError } from "../endpoint/error.ts";
import type { Gateway, Principal } from "../endpoint/operation.ts";

/** One run of a crawler, a job or a workflow, and its state. */
export interface GlueRun {
  readonly kind: "crawler" | "job" | "workflow";
  readonly name: string;
  readonly id: string;
  state: "RUNNING" | "SUCCEEDED" | "FAILED";
  /** Why the run failed. */
  error?: string;
  /** The log of a crawler or the output of a job. */
  output: string;
  readonly startedAt: Date;
  completedAt?: Date;
  /** Job runs only. */
  readonly arguments?: Readonly<Record<string, string>>;
}

/**
 * The log groups of Glue. A job can choose another prefix:
 * https://docs.aws.amazon.com/glue/latest/dg/monitor-continuous-logging.html
 */
function logGroupOf({ kind, arguments: given = {} }: GlueRun): string {
  if (kind !== "job") return `/aws-glue/${kind}s`;
  return `${given["--custom-logGroup-prefix"] ?? "/aws-glue/jobs"}/output`;
}

/** CloudWatch Logs accepts at most 10,000 lines per call. */
const LINES_LIMIT = 10_000;

/** Sends the output of a run to CloudWatch Logs with the permissions of its role. */
export async function writeLog(
  gateway: Gateway,
  clock: Clock,
  principal: Principal,
  run: GlueRun,
): Promise<void> {
  const logGroupName = logGroupOf(run);
  const logStreamName = run.kind === "crawler" ? run.name : run.id;
  const lines = run.output.split("\n").filter((line) => line !== "");
  if (lines.length === 0) return;
  await createIfNew(gateway, principal, "CreateLogGroup", { logGroupName });
  await createIfNew(gateway, principal, "CreateLogStream", { logGroupName, logStreamName });
  const timestamp = clock.now().getTime();
  for (let from = 0; from < lines.length; from += LINES_LIMIT) {
    const logEvents = lines.slice(from, from + LINES_LIMIT).map((message) => ({ timestamp, message }));
    await gateway.call(principal, "logs", "PutLogEvents", { logGroupName, logStreamName, logEvents });
  }
}

async function createIfNew(
  gateway: Gateway,
  principal: Principal,
  operation: string,
  input: object,
): Promise<void> {
  try {
    await gateway.call(principal, "logs", operation, input);
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== "ResourceAlreadyExistsException") throw error;
  }
}

/** An id like Glue's, `jr_` and hexadecimal digits, that is the same in every run of the program. */
export function runId(prefix: string, name: string, number: number): string {
  return `${prefix}_${createHash("sha256").update(`${name} ${number}`).digest("hex")}`;
}
