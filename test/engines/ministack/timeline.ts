import { randomUUID } from "node:crypto";
import { nextRun, parseScheduleExpression } from "../../../lib/schedule-expression.ts";
import { type Graph, type Resource, resourcesOfType } from "../../../local/graph.ts";

/** One invocation of a function by a rule or a schedule. */
export interface Firing {
  readonly time: Date;
  readonly functionArn: string;
  readonly event: unknown;
}

/**
 * When the graph's rules and schedules fire from `start` to `end`, and what their targets get. MiniStack fires them in
 * real time, where a week is a week. AWS promises no order of what is due at once; here, as in the local run, the poll is
 * last, since what it puts on the stream is decided on after the others have looked.
 */
export function timelineOf(graph: Graph, start: Date, end: Date): Firing[] {
  const rules = resourcesOfType(graph, "aws:cloudwatch/eventRule:EventRule").filter(isScheduled);
  const isPoll = ({ outputs }: Resource) => outputs.name === graph.outputs.pollRule;
  const others = rules.filter((rule) => !isPoll(rule));
  const firings = [
    ...scheduleFirings(graph, start, end),
    ...[...others, ...rules.filter(isPoll)].flatMap((rule) => ruleFirings(graph, rule, start, end)),
  ];
  return firings.sort((a, b) => a.time.getTime() - b.time.getTime()); // stable
}

/** The others wait for events of Glue, which the emulator does not send. */
function isScheduled({ inputs }: Resource): boolean {
  return inputs.scheduleExpression !== undefined;
}

function scheduleFirings(graph: Graph, start: Date, end: Date): Firing[] {
  return resourcesOfType(graph, "aws:scheduler/schedule:Schedule").flatMap(({ inputs }) => {
    const zone = inputs.scheduleExpressionTimezone as string | undefined;
    const { arn, input } = inputs.target as { arn: string; input: string };
    return times(String(inputs.scheduleExpression), new Date(start.getTime() - 1), end, zone).map((time) => ({
      time,
      functionArn: arn,
      event: JSON.parse(input.replaceAll("<aws.scheduler.scheduled-time>", eventTime(time))),
    }));
  });
}

/** A rate begins at `start`, as in the local run. */
function ruleFirings(graph: Graph, { inputs, outputs }: Resource, start: Date, end: Date): Firing[] {
  const text = String(inputs.scheduleExpression);
  const first = text.startsWith("rate") ? [start] : [];
  const targets = resourcesOfType(graph, "aws:cloudwatch/eventTarget:EventTarget").filter(
    (target) => target.inputs.rule === outputs.name,
  );
  return [...first, ...times(text, start, end)].flatMap((time) => {
    const event = scheduledEvent(graph, String(outputs.arn), time);
    return targets.map((target) => ({ time, functionArn: String(target.inputs.arn), event }));
  });
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/event-reference.html */
export function scheduledEvent({ accountId, region }: Graph, ruleArn: string, time: Date): object {
  return {
    version: "0",
    id: randomUUID(),
    "detail-type": "Scheduled Event",
    source: "aws.events",
    account: accountId,
    time: eventTime(time),
    region,
    resources: [ruleArn],
    detail: {},
  };
}

function times(text: string, after: Date, end: Date, zone?: string): Date[] {
  const expression = parseScheduleExpression(text);
  const found: Date[] = [];
  let next = nextRun(expression, after, zone);
  while (next !== undefined && next <= end) {
    found.push(next);
    next = nextRun(expression, next, zone);
  }
  return found;
}

function eventTime(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}
