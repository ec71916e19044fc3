import { PutRuleCommand, PutTargetsCommand } from "@aws-sdk/client-eventbridge";
import { CreateScheduleCommand, CreateScheduleGroupCommand } from "@aws-sdk/client-scheduler";
import type { Creates } from "./resource.ts";

export const TIMERS: Creates = {
  "aws:cloudwatch/eventRule:EventRule": async ({ events, name, inputs }) => {
    inputs.ignore("name");
    const { RuleArn } = await events.send(
      new PutRuleCommand({ Name: name, Tags: inputs.tagList(), ...inputs.rest() }),
    );
    return RuleArn;
  },
  "aws:cloudwatch/eventTarget:EventTarget": async ({ events, name, inputs }) => {
    const Rule = inputs.get("rule");
    const { FailedEntries = [] } = await events.send(
      new PutTargetsCommand({ Rule, Targets: [{ Id: name, ...inputs.rest() } as never] }),
    );
    if (FailedEntries.length > 0) throw new Error(`target of ${Rule}: ${JSON.stringify(FailedEntries)}`);
    return undefined;
  },
  "aws:scheduler/scheduleGroup:ScheduleGroup": async ({ scheduler, name, inputs }) => {
    const { ScheduleGroupArn } = await scheduler.send(
      new CreateScheduleGroupCommand({ Name: name, Tags: inputs.tagList() }),
    );
    return ScheduleGroupArn;
  },
  "aws:scheduler/schedule:Schedule": async ({ scheduler, name, inputs }) => {
    const { ScheduleArn } = await scheduler.send(
      new CreateScheduleCommand({ Name: name, ...inputs.rest() } as never),
    );
    return ScheduleArn;
  },
};
