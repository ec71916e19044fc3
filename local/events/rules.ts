import { z } from "zod";
import {
  nextRun,
  parseScheduleExpression,
  RULE_SCHEDULE_KINDS,
  type ScheduleExpression,
} from "../../lib/schedule-expression.ts";
import { recur } from "../clock/clock.ts";
import { NotEmulatedError, ofResource } from "../endpoint/error.ts";
import { type Graph, type Resource, resourcesOfType } from "../graph.ts";
import { deterministicUuid, eventTime } from "./event.ts";
import { type Matcher, objectMatcher } from "./pattern.ts";
import { sendToTarget, type Target, type TargetOptions, targetsOf } from "./targets.ts";

/** An event that a service sends to EventBridge. */
export interface ServiceEvent {
  /** E.g. `aws.glue`. */
  readonly source: string;
  readonly detailType: string;
  readonly detail: Readonly<Record<string, unknown>>;
}

export interface EventRules {
  /** Sends an event to the targets of every rule that it matches. */
  put(event: ServiceEvent): Promise<void>;
}

interface ScheduledRules {
  /** Firings so far, by the rule's name. */
  firings(): Readonly<Record<string, number>>;
  stop(): void;
}

interface Rule {
  readonly name: string;
  readonly arn: string;
  readonly targets: readonly Target[];
}

/**
 * The enabled rules of the graph with an event pattern; those with a schedule are started by {@link startRules}.
 *
 * @throws NotEmulatedError for an operator of a pattern or a target that is not emulated.
 */
export function createEventRules(options: TargetOptions): EventRules {
  const { graph, clock } = options;
  const rules = enabledRules(graph).flatMap(({ matches, ...rule }) =>
    matches === undefined ? [] : [{ ...rule, matches }],
  );
  let events = 0;

  return {
    async put({ source, detailType, detail }) {
      const time = clock.now();
      const id = deterministicUuid(source, detailType, time.getTime(), events++);
      const event = eventOf(graph, { id, detailType, source, time, resources: [], detail });
      for (const { arn, targets } of rules.filter(({ matches }) => matches(event))) {
        for (const target of targets) {
          const send = () => sendToTarget(arn, target, event, options);
          // A function runs after the call that caused the event is answered.
          if (target.arn.includes(":lambda:")) clock.at(clock.now(), send);
          else await send();
        }
      }
    },
  };
}

/**
 * Starts the enabled rules of the graph with a schedule, in UTC. A rate fires first when the run starts, where AWS waits
 * one interval after the rule's creation: a replay begins with its first hour.
 *
 * @throws NotEmulatedError for a rule on another bus or with an event pattern as well, and for a target that is not emulated.
 * @throws ScheduleExpressionError for an expression that EventBridge rejects.
 */
export function startRules(options: TargetOptions): ScheduledRules {
  const { graph, clock } = options;
  const firings = new Map<string, number>();
  const cancels = enabledRules(graph).flatMap(({ expression, ...rule }) => {
    if (expression === undefined) return [];
    const now = clock.now();
    const first = expression.kind === "rate" ? now : nextRun(expression, new Date(now.getTime() - 1));
    const fire = async (time: Date) => {
      firings.set(rule.name, (firings.get(rule.name) ?? 0) + 1);
      const event = eventOf(graph, {
        id: deterministicUuid(rule.arn, time.getTime()),
        detailType: "Scheduled Event",
        source: "aws.events",
        time,
        resources: [rule.arn],
        detail: {},
      });
      for (const target of rule.targets) await sendToTarget(rule.arn, target, event, options);
    };
    return [recur(clock, first, (last) => nextRun(expression, last), fire)];
  });
  return {
    firings: () => Object.fromEntries(firings),
    stop: () => {
      for (const cancel of cancels) cancel();
    },
  };
}

/** An event as EventBridge sends it: https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-events-structure.html */
function eventOf(
  { accountId, region }: Graph,
  event: ServiceEvent & { readonly id: string; readonly time: Date; readonly resources: readonly string[] },
): object {
  return {
    version: "0",
    id: event.id,
    "detail-type": event.detailType,
    source: event.source,
    account: accountId,
    time: eventTime(event.time),
    region,
    resources: event.resources,
    detail: event.detail,
  };
}

const ruleInputs = z.object({
  scheduleExpression: z.string().optional(),
  eventPattern: z.string().optional(),
  eventBusName: z.string().default("default"),
  state: z.string().optional(),
  isEnabled: z.boolean().optional(),
});

const ruleOutputs = z.object({ name: z.string(), arn: z.string() });

/** A rule has either a schedule or an event pattern. */
interface EnabledRule extends Rule {
  readonly expression?: ScheduleExpression;
  readonly matches?: Matcher;
}

function enabledRules(graph: Graph): EnabledRule[] {
  return resourcesOfType(graph, "aws:cloudwatch/eventRule:EventRule").flatMap((resource) =>
    ofResource(resource.urn, () => ruleOf(graph, resource)),
  );
}

function ruleOf(graph: Graph, resource: Resource): EnabledRule[] {
  const { scheduleExpression, eventPattern, eventBusName, state, isEnabled } = ruleInputs.parse(
    resource.inputs,
  );
  const { name, arn } = ruleOutputs.parse(resource.outputs);
  if (state === "DISABLED" || isEnabled === false) return [];
  if (scheduleExpression !== undefined && eventPattern !== undefined)
    throw new NotEmulatedError(`Rule ${name} with both a schedule and an event pattern`);
  if (eventBusName !== "default") throw new NotEmulatedError(`Rule ${name} on the event bus ${eventBusName}`);
  const rule = { name, arn, targets: targetsOf(graph, name) };
  if (scheduleExpression !== undefined)
    return [{ ...rule, expression: parseScheduleExpression(scheduleExpression, RULE_SCHEDULE_KINDS) }];
  if (eventPattern !== undefined)
    return [{ ...rule, matches: objectMatcher(`Rule ${name}`, JSON.parse(eventPattern)) }];
  return [];
}
