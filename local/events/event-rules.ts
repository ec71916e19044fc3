import { z } from "zod";
import { NotEmulatedError, ofResource } from "../endpoint/error.ts";
import { type Graph, type Resource, resourcesOfType } from "../graph.ts";
import { deterministicUuid, eventTime } from "./event.ts";
import { type Matcher, objectMatcher } from "./pattern.ts";
import { sendToTarget, type Target, type TargetOptions, targetsOf } from "./targets.ts";

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

const ruleInputs = z.object({
  eventPattern: z.string(),
  eventBusName: z.string().default("default"),
  state: z.string().optional(),
});
const ruleOutputs = z.object({ name: z.string(), arn: z.string() });
interface Rule {
  readonly arn: string;
  readonly matches: Matcher;
  readonly targets: readonly Target[];
}

/**
 * The rules of the graph that wait for events; those on a schedule are {@link import("./rules.ts").startRules}'s.
 *
 * @throws NotEmulatedError for an operator of a pattern that is not known, and for a target that is not emulated.
 */
export function createEventRules(options: TargetOptions): EventRules {
  const { graph, clock } = options;
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
        for (const target of targets) {
          const send = () => sendToTarget(arn, target, event, options);
          // A function runs once whoever caused the event has its answer.
          if (target.arn.includes(":lambda:")) clock.at(clock.now(), send);
          else await send();
        }
      }
    },
  };
}

function rulesOf(graph: Graph): Rule[] {
  return resourcesOfType(graph, "aws:cloudwatch/eventRule:EventRule").flatMap((resource) =>
    ofResource(resource.urn, () => ruleOf(graph, resource)),
  );
}

function ruleOf(graph: Graph, { inputs, outputs }: Resource): Rule[] {
  if (inputs.eventPattern === undefined) return [];
  const { eventPattern, state, eventBusName } = ruleInputs.parse(inputs);
  const { name, arn } = ruleOutputs.parse(outputs);
  if (state === "DISABLED") return [];
  if (eventBusName !== "default") throw new NotEmulatedError(`Rule ${name} on the event bus ${eventBusName}`);
  return [
    {
      arn,
      matches: objectMatcher(`Rule ${name}`, JSON.parse(eventPattern)),
      targets: targetsOf(graph, name),
    },
  ];
}
