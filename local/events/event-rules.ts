import { z } from "zod";
import { AwsError, NotEmulatedError } from "../aws/error.ts";
import type { Clock } from "../clock.ts";
import { type Graph, resourcesOfType } from "../graph.ts";
import type { OnFailure } from "../lambda/failure.ts";
import { deterministicUuid } from "../lambda/identifier.ts";
import { type Matcher, objectMatcher } from "./pattern.ts";
import { eventTime } from "./recurrence.ts";

/** What a service says has happened. */
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

/** Publishes to a topic as a service, for a resource of it. Throws AwsError when the topic's policy does not allow it. */
export type PublishAs = (
  caller: { readonly service: string; readonly sourceArn: string },
  topicArn: string,
  text: string,
) => Promise<void>;

const ruleInputs = z.object({
  eventPattern: z.string(),
  eventBusName: z.literal("default").optional(),
  state: z.string().optional(),
});
const ruleOutputs = z.object({ name: z.string(), arn: z.string() });
const targetInputs = z.strictObject({
  rule: z.string(),
  arn: z.string(),
  inputTransformer: z
    .strictObject({ inputPaths: z.record(z.string(), z.string()).default({}), inputTemplate: z.string() })
    .optional(),
});

type Target = z.infer<typeof targetInputs>;

interface Rule {
  readonly arn: string;
  readonly matches: Matcher;
  readonly targets: readonly Target[];
}

/**
 * The rules of the graph that wait for events; those on a schedule are {@link import("./rules.ts").startRules}'s.
 *
 * @throws NotEmulatedError for an operator of a pattern that is not known, and for a target that is no topic.
 */
export function createEventRules(options: {
  graph: Graph;
  clock: Clock;
  publishAs: PublishAs;
  onFailure: OnFailure;
}): EventRules {
  const { graph, clock, publishAs, onFailure } = options;
  const rules = rulesOf(graph);
  let events = 0;

  return {
    async put({ source, detailType, detail }) {
      const time = clock.now();
      const event = {
        version: "0",
        id: deterministicUuid(source, detailType, time.getTime(), events++),
        "detail-type": detailType,
        source,
        account: graph.accountId,
        time: eventTime(time),
        region: graph.region,
        resources: [],
        detail,
      };
      for (const { arn, targets } of rules.filter(({ matches }) => matches(event))) {
        for (const target of targets) await send(arn, target, event);
      }
    },
  };

  async function send(sourceArn: string, target: Target, event: object): Promise<void> {
    const text = textOf(target, event);
    if (!isJson(text)) {
      giveUp(sourceArn, target.arn, `the input transformer makes no JSON of this event: ${text}`);
      return;
    }
    try {
      await publishAs({ service: "events.amazonaws.com", sourceArn }, target.arn, text);
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      giveUp(sourceArn, target.arn, error.message);
    }
  }

  function giveUp(source: string, functionName: string, message: string): void {
    onFailure({ time: clock.now(), kind: "refused", source, functionName, message, count: 1, lost: true });
  }
}

function rulesOf(graph: Graph): Rule[] {
  return resourcesOfType(graph, "aws:cloudwatch/eventRule:EventRule").flatMap(({ inputs, outputs }) => {
    if (inputs.eventPattern === undefined) return [];
    const { eventPattern, state } = ruleInputs.parse(inputs);
    const { name, arn } = ruleOutputs.parse(outputs);
    if (state === "DISABLED") return [];
    return [
      {
        arn,
        matches: objectMatcher(`Rule ${name}`, JSON.parse(eventPattern)),
        targets: targetsOf(graph, name),
      },
    ];
  });
}

function targetsOf(graph: Graph, ruleName: string): Rule["targets"] {
  return resourcesOfType(graph, "aws:cloudwatch/eventTarget:EventTarget")
    .filter(({ inputs }) => inputs.rule === ruleName)
    .map(({ name, inputs }) => {
      const parsed = targetInputs.safeParse(inputs);
      if (!parsed.success || !parsed.data.arn.includes(":sns:"))
        throw new NotEmulatedError(`Event target ${name} of a rule on an event pattern: only topics are`);
      return parsed.data;
    });
}

/**
 * The event, or the template with what its paths lead to; a path to nothing leaves nothing. A variable outside of quotes
 * stands for JSON. Within quotes nothing is escaped: AWS does not say that it would be, and says of its own variables that
 * it is not. https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-transform-target-input.html
 */
function textOf({ inputTransformer }: Target, event: object): string {
  if (inputTransformer === undefined) return JSON.stringify(event);
  const { inputPaths, inputTemplate } = inputTransformer;
  return inputTemplate.replaceAll(/<([^<>]+)>/g, (whole, name: string, offset: number) => {
    const path = inputPaths[name];
    if (path === undefined) return whole;
    const value = valueAt(event, path);
    if (value === undefined) return "";
    return typeof value === "string" && isQuoted(inputTemplate, offset) ? value : JSON.stringify(value);
  });
}

function isQuoted(template: string, offset: number): boolean {
  const quotes = template.slice(0, offset).match(/(?<!\\)"/g) ?? [];
  return quotes.length % 2 === 1;
}

function isJson(text: string): boolean {
  try {
    JSON.parse(text);
    return true;
  } catch (error) {
    if (error instanceof SyntaxError) return false;
    throw error;
  }
}

/** Only `$.name.name` is known of JSON paths. */
function valueAt(event: object, path: string): unknown {
  if (!/^\$(\.[\w-]+)+$/.test(path)) throw new NotEmulatedError(`The path ${path} of an input transformer`);
  return path
    .split(".")
    .slice(1)
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], event);
}
