import { z } from "zod";
import {
  nextRun,
  parseScheduleExpression,
  RULE_SCHEDULE_KINDS,
  type ScheduleExpression,
} from "../../aws/schedule-expression.ts";
import { NotEmulatedError } from "../aws/error.ts";
import type { Cancel, Clock } from "../clock.ts";
import { type Graph, type Resource, resourcesOfType } from "../graph.ts";
import type { OnFailure } from "../lambda/failure.ts";
import { deterministicUuid } from "../lambda/identifier.ts";
import type { Lambda } from "../lambda/lambda.ts";
import { isServicePermitted } from "./invoke-permission.ts";
import { eventTime, recur } from "./recurrence.ts";

export interface RuleOptions {
  readonly graph: Graph;
  readonly clock: Clock;
  readonly lambda: Pick<Lambda, "invokeAsync" | "configurationOf">;
  readonly onFailure: OnFailure;
}

export interface Rules {
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

const targetInputs = z.object({
  rule: z.string(),
  arn: z.string(),
  input: z.string().optional(),
  inputPath: z.string().optional(),
  inputTransformer: z.unknown().optional(),
  deadLetterConfig: z.unknown().optional(),
});

interface Target {
  readonly arn: string;
  /** Constant input in place of the event. */
  readonly input: unknown;
}

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
 * @throws NotEmulatedError for a rule with an event pattern as well or on another bus, and for a target that is no Lambda function.
 * @throws ScheduleExpressionError for an expression that EventBridge refuses.
 */
export function startRules(options: RuleOptions): Rules {
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
        for (const target of rule.targets) await deliver(rule, target, time, options);
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

async function deliver(rule: Rule, target: Target, time: Date, options: RuleOptions): Promise<void> {
  const { graph, lambda, onFailure, clock } = options;
  const functionName = lambda.configurationOf(target.arn).name;
  if (isServicePermitted(graph, target.arn, "events.amazonaws.com", rule.arn)) {
    await lambda.invokeAsync(target.arn, target.input ?? scheduledEvent(graph, rule, time), rule.arn);
    return;
  }
  onFailure({
    time: clock.now(),
    kind: "refused",
    source: rule.arn,
    functionName,
    message: `events.amazonaws.com is not authorized to perform: lambda:InvokeFunction on resource: ${target.arn} because no Permission of the function allows it for ${rule.arn}`,
    count: 1,
    lost: true,
  });
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
  return resourcesOfType(graph, "aws:cloudwatch/eventRule:EventRule").flatMap((resource) => {
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
  });
}

function targetsOf(graph: Graph, ruleName: string): Target[] {
  return resourcesOfType(graph, "aws:cloudwatch/eventTarget:EventTarget")
    .filter(({ inputs }) => inputs.rule === ruleName)
    .map(target);
}

function target({ name, inputs }: Resource): Target {
  const { arn, input, inputPath, inputTransformer, deadLetterConfig } = targetInputs.parse(inputs);
  if (!arn.includes(":lambda:")) throw new NotEmulatedError(`Event target ${name} to ${arn}`);
  if (inputTransformer !== undefined)
    throw new NotEmulatedError(`Event target ${name} with inputTransformer`);
  if (inputPath !== undefined) throw new NotEmulatedError(`Event target ${name} with inputPath`);
  if (deadLetterConfig !== undefined)
    throw new NotEmulatedError(`Event target ${name} with deadLetterConfig`);
  return { arn, input: input === undefined ? undefined : JSON.parse(input) };
}
