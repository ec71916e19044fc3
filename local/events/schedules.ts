import { z } from "zod";
import { parseJson } from "../../lib/json.ts";
import {
  checkTimeZone,
  nextRun,
  parseScheduleExpression,
  type ScheduleExpression,
} from "../../lib/schedule-expression.ts";
import { type Cancel, type Clock, recur } from "../clock/clock.ts";
import { AwsError, NotEmulatedError, ofResource } from "../endpoint/error.ts";
import type { Gateway } from "../endpoint/operation.ts";
import { type Graph, type Resource, resourcesOfType } from "../graph.ts";
import type { RoleAssumer } from "../iam/identities.ts";
import { type OnFailure, sendDeadLetter } from "../lambda/failure.ts";
import { deterministicUuid, eventTime } from "./event.ts";

interface ScheduleOptions {
  readonly graph: Graph;
  readonly clock: Clock;
  readonly gateway: Gateway;
  readonly identities: RoleAssumer;
  readonly onFailure: OnFailure;
}

interface Schedules {
  /** Firings so far, by the schedule's name. */
  firings(): Readonly<Record<string, number>>;
  stop(): void;
}

/** https://docs.aws.amazon.com/scheduler/latest/APIReference/API_RetryPolicy.html */
const retryPolicy = z.object({
  maximumEventAgeInSeconds: z.number().int().min(60).max(86_400).optional(),
  maximumRetryAttempts: z.number().int().min(0).max(185).optional(),
});

const scheduleInputs = z.object({
  scheduleExpression: z.string(),
  scheduleExpressionTimezone: z.string().default("UTC"),
  state: z.string().default("ENABLED"),
  groupName: z.string().default("default"),
  startDate: z.coerce.date().optional(),
  endDate: z.coerce.date().optional(),
  flexibleTimeWindow: z.object({ mode: z.string() }),
  target: z.object({
    arn: z.string(),
    roleArn: z.string(),
    input: z.string().optional(),
    deadLetterConfig: z.object({ arn: z.string() }).optional(),
    retryPolicy: retryPolicy.optional(),
  }),
});

const scheduleOutputs = z.object({ name: z.string(), arn: z.string() });

interface Schedule {
  readonly name: string;
  readonly arn: string;
  readonly groupName: string;
  readonly expression: ScheduleExpression;
  readonly timeZone: string;
  readonly startDate: Date | undefined;
  readonly endDate: Date | undefined;
  readonly target: z.infer<typeof scheduleInputs>["target"];
}

/**
 * Starts the enabled schedules of EventBridge Scheduler. A rate without a start date fires first when the run starts, as
 * on creation in AWS. An `at` in the past never fires, and `actionAfterCompletion` has no effect. A retry policy is checked
 * but never used, because Lambda accepts every event and then applies its own retries.
 *
 * @throws NotEmulatedError for a flexible time window and for a target that is not a Lambda function.
 * @throws ScheduleExpressionError for an expression or time zone that Scheduler rejects.
 */
export function startSchedules(options: ScheduleOptions): Schedules {
  const firings = new Map<string, number>();
  const cancels: Cancel[] = schedulesOfGraph(options.graph).map((schedule) =>
    recur(
      options.clock,
      firstRun(schedule, options.clock.now()),
      (last) => withinEnd(schedule, nextRun(schedule.expression, last, schedule.timeZone)),
      async (time) => {
        firings.set(schedule.name, (firings.get(schedule.name) ?? 0) + 1);
        await deliver(schedule, time, options);
      },
    ),
  );
  return {
    firings: () => Object.fromEntries(firings),
    stop: () => {
      for (const cancel of cancels) cancel();
    },
  };
}

/**
 * The first run that is not before now or the start date. A one-time schedule ignores start and end dates:
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html#one-time
 */
function firstRun(schedule: Schedule, now: Date): Date | undefined {
  const { expression, startDate = now, timeZone } = schedule;
  if (expression.kind === "at") return nextRun(expression, new Date(now.getTime() - 1), timeZone);
  if (expression.kind === "rate") {
    const missed = Math.ceil(Math.max(0, now.getTime() - startDate.getTime()) / expression.intervalMillis);
    return withinEnd(schedule, new Date(startDate.getTime() + missed * expression.intervalMillis));
  }
  const from = startDate > now ? startDate : now;
  return withinEnd(schedule, nextRun(expression, new Date(from.getTime() - 1), timeZone));
}

function withinEnd({ endDate }: Schedule, time: Date | undefined): Date | undefined {
  return time !== undefined && endDate !== undefined && time > endDate ? undefined : time;
}

async function deliver(schedule: Schedule, time: Date, options: ScheduleOptions): Promise<void> {
  const { clock, gateway, onFailure } = options;
  const { target, name } = schedule;
  const Payload = inputOf(schedule, time, options.graph);
  const problem = await invoke(schedule, Payload, options);
  if (problem === undefined) return;
  const queue = target.deadLetterConfig?.arn;
  const error = queue && (await deadLetter(schedule, queue, Payload, options, gateway));
  onFailure({
    time: clock.now(),
    kind: "rejected",
    source: schedule.arn,
    functionName: target.arn.split(":function:")[1] ?? name,
    message: error ? `${problem}; not kept in ${queue}: ${error}` : problem,
    count: 1,
    lost: queue === undefined || error !== undefined,
  });
}

/** @returns the error of the invocation, if the role's trust or policies deny it or the function does not exist. */
async function invoke(
  schedule: Schedule,
  Payload: string,
  { identities, gateway, graph }: ScheduleOptions,
): Promise<string | undefined> {
  try {
    const principal = await assume(schedule, identities, graph);
    const input = { FunctionName: schedule.target.arn, InvocationType: "Event", Payload };
    await gateway.call(principal, "lambda", "Invoke", input);
    return undefined;
  } catch (error) {
    if (error instanceof AwsError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

async function deadLetter(
  schedule: Schedule,
  queue: string,
  message: string,
  { identities, graph }: ScheduleOptions,
  gateway: Gateway,
): Promise<string | undefined> {
  try {
    return await sendDeadLetter(gateway, await assume(schedule, identities, graph), queue, message);
  } catch (error) {
    if (error instanceof AwsError) return `${error.code}: ${error.message}`;
    throw error;
  }
}

/** Scheduler assumes the role for the schedule group: https://docs.aws.amazon.com/scheduler/latest/UserGuide/cross-service-confused-deputy-prevention.html */
async function assume(schedule: Schedule, identities: RoleAssumer, graph: Graph) {
  const { groupName, name, target } = schedule;
  const groupArn = `arn:aws:scheduler:${graph.region}:${graph.accountId}:schedule-group/${groupName}`;
  return await identities.assumeRole(target.roleArn, "scheduler.amazonaws.com", name, groupArn);
}

/**
 * The target's input with its context attributes filled in, or Scheduler's default event without an input.
 * https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-schedule-context-attributes.html
 */
function inputOf(schedule: Schedule, time: Date, graph: Graph): string {
  const executionId = deterministicUuid(schedule.arn, time.getTime());
  const { input } = schedule.target;
  if (input === undefined)
    return JSON.stringify({
      version: "0",
      id: executionId,
      "detail-type": "Scheduled Event",
      source: "aws.scheduler",
      account: graph.accountId,
      time: eventTime(time),
      region: graph.region,
      resources: [schedule.arn],
      detail: "{}",
    });
  return input
    .replaceAll("<aws.scheduler.schedule-arn>", schedule.arn)
    .replaceAll("<aws.scheduler.scheduled-time>", eventTime(time))
    .replaceAll("<aws.scheduler.execution-id>", executionId)
    .replaceAll("<aws.scheduler.attempt-number>", "1");
}

function schedulesOfGraph(graph: Graph): Schedule[] {
  return resourcesOfType(graph, "aws:scheduler/schedule:Schedule").flatMap((resource) =>
    ofResource(resource.urn, () => schedule(resource)),
  );
}

function schedule(resource: Resource): Schedule[] {
  const inputs = scheduleInputs.parse(resource.inputs);
  const { name, arn } = scheduleOutputs.parse(resource.outputs);
  const { target, startDate, endDate, groupName, scheduleExpression } = inputs;
  if (inputs.state === "DISABLED") return [];
  if (inputs.flexibleTimeWindow.mode !== "OFF")
    throw new NotEmulatedError(`Schedule ${name} with a flexible time window`);
  if (!/:lambda:.*:function:/.test(target.arn))
    throw new NotEmulatedError(`Schedule ${name} to ${target.arn}`);
  const timeZone = inputs.scheduleExpressionTimezone;
  const expression = parseScheduleExpression(scheduleExpression);
  checkTimeZone(scheduleExpression, timeZone);
  checkInput(name, target.input);
  return [{ name, arn, groupName, expression, timeZone, startDate, endDate, target }];
}

/** Lambda accepts only JSON: https://docs.aws.amazon.com/scheduler/latest/APIReference/API_Target.html */
function checkInput(name: string, input: string | undefined): void {
  if (input !== undefined && parseJson(input) === undefined)
    throw new Error(`Schedule ${name}: target.input is ${input}; allowed is JSON text`);
}
