import { z } from "zod";
import {
  nextRun,
  parseScheduleExpression,
  RULE_SCHEDULE_KINDS,
  type ScheduleExpression,
} from "../../lib/schedule-expression.ts";
import { type Cancel, recur } from "../clock/clock.ts";
import { NotEmulatedError, ofResource } from "../endpoint/error.ts";
import { type Graph, type Resource, resourcesOfType } from "../graph.ts";
import { deterministicUuid, eventTime } from "./event.ts";
import { sendToTarget, type Target, type TargetOptions, targetsOf } from "./targets.ts";

interface Rules {
  /** Firings so far, by the rule's name. */
  firings(): Readonly<Record<string, number>>;
  stop(): void;
}

const ruleInputs = z.object({
  scheduleExpression: z.string().optional(),
  eventPattern: z.string().optional(),
  eventBusName: z.string().optional(),
  state: z.string().optional(),
  isEnabled: z.boolean().optional(),
});

const ruleOutputs = z.object({ name: z.string(), arn: z.string() });

interface Rule {
  readonly name: string;
  readonly arn: string;
  readonly expression: ScheduleExpression;
  readonly targets: readonly Target[];
}

/**
 * Starts the enabled scheduled rules of the graph, in UTC. A rate fires first when the run starts, where AWS waits one
 * interval after the rule's creation: a replay begins with its first hour.
 *
 * @throws NotEmulatedError for a rule with an event pattern as well or on another bus, and for a target that is not emulated.
 * @throws ScheduleExpressionError for an expression that EventBridge refuses.
 */
export function startRules(options: TargetOptions): Rules {
  const firings = new Map<string, number>();
  const cancels: Cancel[] = rulesOfGraph(options.graph).map((rule) => {
    const { expression, name } = rule;
    const now = options.clock.now();
    const first = expression.kind === "rate" ? now : nextRun(expression, new Date(now.getTime() - 1));
    return recur(
      options.clock,
      first,
      (last) => nextRun(expression, last),
      async (time) => {
        firings.set(name, (firings.get(name) ?? 0) + 1);
        const event = scheduledEvent(options.graph, rule, time);
        for (const target of rule.targets) await sendToTarget(rule.arn, target, event, options);
      },
    );
  });
  return {
    firings: () => Object.fromEntries(firings),
    stop: () => {
      for (const cancel of cancels) cancel();
    },
  };
}

/** https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-service-event-list.html (Scheduled Event) */
function scheduledEvent(graph: Graph, rule: Rule, time: Date): Record<string, unknown> {
  return {
    version: "0",
    id: deterministicUuid(rule.arn, time.getTime()),
    "detail-type": "Scheduled Event",
    source: "aws.events",
    account: graph.accountId,
    time: eventTime(time),
    region: graph.region,
    resources: [rule.arn],
    detail: {},
  };
}

function rulesOfGraph(graph: Graph): Rule[] {
  return resourcesOfType(graph, "aws:cloudwatch/eventRule:EventRule").flatMap((resource) =>
    ofResource(resource.urn, () => ruleOf(graph, resource)),
  );
}

function ruleOf(graph: Graph, resource: Resource): Rule[] {
  const inputs = ruleInputs.parse(resource.inputs);
  const { name, arn } = ruleOutputs.parse(resource.outputs);
  if (inputs.state === "DISABLED" || inputs.isEnabled === false) return [];
  if (inputs.scheduleExpression === undefined) return []; // it waits for events
  if (inputs.eventPattern !== undefined)
    throw new NotEmulatedError(`Rule ${name} with both a schedule and an event pattern`);
  if (inputs.eventBusName !== undefined && inputs.eventBusName !== "default")
    throw new NotEmulatedError(`Rule ${name} on the event bus ${inputs.eventBusName}`);
  const expression = parseScheduleExpression(inputs.scheduleExpression, RULE_SCHEDULE_KINDS);
  return [{ name, arn, expression, targets: targetsOf(graph, name) }];
}
