import {
  DeleteRuleCommand,
  PutRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import { CreateScheduleCommand, DeleteScheduleCommand } from "@aws-sdk/client-scheduler";
import type { RuleSettings, ScheduleSettings } from "../backend.ts";
import { scheduleInput } from "../declared-graph.ts";
import { answered, type Making, TAG_LIST } from "./making.ts";
import { allowCalls, type Recorder } from "./recorder.ts";

export async function makeRule(
  making: Making,
  recorder: () => Promise<Recorder>,
  own: string,
  settings: RuleSettings,
): Promise<void> {
  const { makers, cleanup, prefix } = making;
  const { events } = makers;
  const Name = `${prefix}-${own}`;
  const Id = "recorder";
  cleanup.add(`rule ${Name}`, () => events.send(new DeleteRuleCommand({ Name })));
  const { RuleArn } = await events.send(new PutRuleCommand({ Name, Tags: TAG_LIST, ...settings }));
  const called = await recorder(); // not before: a rule that is rejected needs none
  await allowCalls(making, called, { own, service: "events", sourceArn: answered(RuleArn, "RuleArn") });
  cleanup.add(`target of rule ${Name}`, () =>
    events.send(new RemoveTargetsCommand({ Rule: Name, Ids: [Id] })),
  );
  const { FailedEntries = [] } = await events.send(
    new PutTargetsCommand({ Rule: Name, Targets: [{ Id, Arn: called.functionArn }] }),
  );
  if (FailedEntries.length > 0) throw new Error(`target of ${Name}: ${JSON.stringify(FailedEntries)}`);
}

export async function makeSchedule(
  making: Making,
  { functionArn, roleArn }: Recorder,
  own: string,
  settings: ScheduleSettings,
): Promise<void> {
  const { makers, cleanup, prefix } = making;
  const { scheduler } = makers;
  const Name = `${prefix}-${own}`;
  cleanup.add(`schedule ${Name}`, () => scheduler.send(new DeleteScheduleCommand({ Name })));
  // A schedule takes no tags, only its group does.
  await scheduler.send(
    new CreateScheduleCommand({
      Name,
      FlexibleTimeWindow: { Mode: "OFF" },
      Target: { Arn: functionArn, RoleArn: roleArn, Input: scheduleInput(own) },
      ...settings,
    }),
  );
}
