import { setTimeout as delay } from "node:timers/promises";
import { DisableRuleCommand, PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { CreateScheduleCommand } from "@aws-sdk/client-scheduler";
import { CreateQueueCommand, DeleteMessageBatchCommand, ReceiveMessageCommand } from "@aws-sdk/client-sqs";
import { type Graph, resourcesOfType } from "../../../local/graph.ts";
import type { Clients } from "../deployment/clients.ts";

/** A rule and schedules that fire for real while the suite does other things. */
export interface Timers {
  readonly ruleArn: string;
  /** What came into the queue within the first {@link WATCHED_MILLISECONDS}. */
  fired(): Promise<unknown[]>;
}

const QUEUE = "timers";
const RULE = "each-minute";
/** The rule's minute, and what the emulator takes to notice. */
const WATCHED_MILLISECONDS = 75_000;

/** Starts a rule of one minute and three one-time schedules, all to one queue: soon, in three hours by a clock elsewhere, and long past. */
export async function startTimers(graph: Graph, clients: Clients): Promise<Timers> {
  const { events, scheduler, sqs } = clients;
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: QUEUE }));
  const Arn = `arn:aws:sqs:${graph.region}:${graph.accountId}:${QUEUE}`;
  const rule = await events.send(new PutRuleCommand({ Name: RULE, ScheduleExpression: "rate(1 minute)" }));
  await events.send(new PutTargetsCommand({ Rule: RULE, Targets: [{ Id: QUEUE, Arn }] }));

  const [role] = resourcesOfType(graph, "aws:iam/role:Role");
  const soon = new Date(Date.now() + 10_000);
  const schedule = async (Name: string, wallClock: Date, zone: string, input?: object) => {
    await scheduler.send(
      new CreateScheduleCommand({
        Name,
        ScheduleExpression: `at(${wallClock.toISOString().slice(0, 19)})`,
        ScheduleExpressionTimezone: zone,
        FlexibleTimeWindow: { Mode: "OFF" },
        Target: { Arn, RoleArn: String(role?.outputs.arn), ...(input && { Input: JSON.stringify(input) }) },
      }),
    );
  };
  await schedule("soon", soon, "UTC");
  // Three hours from now: the clocks of São Paulo are behind.
  await schedule("in-three-hours", soon, "America/Sao_Paulo", {
    schedule: "in-three-hours",
    time: "<aws.scheduler.scheduled-time>",
  });
  await schedule("past", new Date("2024-05-02T18:00:00Z"), "UTC", { schedule: "past" });

  const collected = collect(clients, QueueUrl);
  collected.catch(() => undefined); // whoever asks gets the error
  return { ruleArn: rule.RuleArn ?? "", fired: () => collected };
}

/** Stops the rule after its first minute and empties the queue. */
async function collect({ events, sqs }: Clients, QueueUrl: string | undefined): Promise<unknown[]> {
  await delay(WATCHED_MILLISECONDS, undefined, { ref: false });
  await events.send(new DisableRuleCommand({ Name: RULE }));
  const bodies: unknown[] = [];
  for (;;) {
    const { Messages = [] } = await sqs.send(
      new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10 }),
    );
    if (Messages.length === 0) return bodies;
    bodies.push(...Messages.map(({ Body = "" }) => JSON.parse(Body)));
    const Entries = Messages.map(({ ReceiptHandle }, index) => ({ Id: String(index), ReceiptHandle }));
    await sqs.send(new DeleteMessageBatchCommand({ QueueUrl, Entries }));
  }
}
