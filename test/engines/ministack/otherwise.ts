import { PutRuleCommand } from "@aws-sdk/client-eventbridge";
import { CreateScheduleCommand } from "@aws-sdk/client-scheduler";
import type { Clients } from "../deployment/clients.ts";

/** Whether EventBridge takes the expression for a rule, which stays disabled. */
export async function takesRule({ events }: Clients, ScheduleExpression: string): Promise<boolean> {
  const rule = new PutRuleCommand({ Name: "tried", State: "DISABLED", ScheduleExpression });
  return await isTaken(events.send(rule));
}

/** Whether Scheduler takes the expression for a schedule, which stays disabled. */
export async function takesSchedule(
  { scheduler }: Clients,
  ScheduleExpression: string,
  ScheduleExpressionTimezone: string,
): Promise<boolean> {
  const schedule = new CreateScheduleCommand({
    Name: `tried-${ScheduleExpression.replaceAll(/\W/g, "_")}-${ScheduleExpressionTimezone.replaceAll(/\W/g, "_")}`,
    State: "DISABLED",
    ScheduleExpression,
    ScheduleExpressionTimezone,
    FlexibleTimeWindow: { Mode: "OFF" },
    Target: {
      Arn: "arn:aws:sqs:us-east-1:123456789012:timers",
      RoleArn: "arn:aws:iam::123456789012:role/scheduler",
    },
  });
  return await isTaken(scheduler.send(schedule));
}

async function isTaken(sent: Promise<unknown>): Promise<boolean> {
  try {
    await sent;
    return true;
  } catch (error) {
    if (error instanceof Error && error.name === "ValidationException") return false;
    throw error;
  }
}
