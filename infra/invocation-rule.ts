import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

export interface InvocationRuleArgs {
  readonly description: string;
  /** EventBridge schedule expression, UTC. */
  readonly scheduleExpression: string;
  readonly function: aws.lambda.Function;
}

/** An EventBridge rule that invokes a function, with its target and the permission to do so. */
export function createInvocationRule(
  name: string,
  { function: handler, ...schedule }: InvocationRuleArgs,
  parent: pulumi.Resource,
): aws.cloudwatch.EventRule {
  const rule = new aws.cloudwatch.EventRule(name, schedule, { parent });
  new aws.cloudwatch.EventTarget(name, { rule: rule.name, arn: handler.arn }, { parent });
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
