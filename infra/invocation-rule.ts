import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { shortestIntervalSeconds } from "../config/polling.ts";

export interface InvocationRuleArgs {
  readonly description: string;
  /** EventBridge schedule expression, UTC. */
  readonly scheduleExpression: string;
  readonly function: aws.lambda.Function;
}

/** Range that EventBridge and Lambda share: https://docs.aws.amazon.com/lambda/latest/api/API_PutFunctionEventInvokeConfig.html */
const EVENT_AGE_SECONDS = { minimum: 60, maximum: 21_600 } as const;

/**
 * An EventBridge rule that invokes a function, with its target and the permission to do so. The next run does what a failed
 * one did not, so nothing is retried and no event outlives the interval of the schedule. Left alone, Lambda runs a failed
 * poll twice more, each time with all its calls of the weather API, and keeps one that waits for six hours, EventBridge for
 * a day.
 */
export function createInvocationRule(
  name: string,
  { function: handler, ...schedule }: InvocationRuleArgs,
  parent: pulumi.Resource,
): aws.cloudwatch.EventRule {
  const rule = new aws.cloudwatch.EventRule(name, schedule, { parent });
  const maximumEventAgeInSeconds = Math.min(
    Math.max(shortestIntervalSeconds(schedule.scheduleExpression), EVENT_AGE_SECONDS.minimum),
    EVENT_AGE_SECONDS.maximum,
  );
  new aws.cloudwatch.EventTarget(
    name,
    { rule: rule.name, arn: handler.arn, retryPolicy: { maximumEventAgeInSeconds } },
    { parent },
  );
  new aws.lambda.FunctionEventInvokeConfig(
    name,
    { functionName: handler.name, maximumRetryAttempts: 0, maximumEventAgeInSeconds },
    { parent },
  );
  new aws.lambda.Permission(
    name,
    {
      action: "lambda:InvokeFunction",
      function: handler.name,
      principal: "events.amazonaws.com",
      sourceArn: rule.arn,
    },
    { parent },
  );
  return rule;
}
