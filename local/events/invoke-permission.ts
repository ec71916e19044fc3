import { z } from "zod";
import type { Clock } from "../clock/clock.ts";
import { AwsError } from "../endpoint/error.ts";
import { type Graph, resourcesOfType } from "../graph.ts";
import { matchesAction, matchesArn } from "../iam/condition.ts";
import type { Lambda } from "../lambda/lambda.ts";
import type { InvokeFunction } from "../sns/delivery.ts";

const permissionInputs = z.object({
  function: z.string(),
  action: z.string(),
  principal: z.string(),
  sourceArn: z.string().optional(),
});

/**
 * Whether a resource-based permission (`aws:lambda/permission:Permission`) allows an AWS service to invoke the function
 * for a resource. https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html
 *
 * @param service e.g. `events.amazonaws.com`
 */
export function isServicePermitted(
  graph: Graph,
  functionArn: string,
  service: string,
  sourceArn: string,
): boolean {
  const name = functionArn.split(":function:")[1]?.split(":")[0];
  return resourcesOfType(graph, "aws:lambda/permission:Permission")
    .map(({ inputs }) => permissionInputs.parse(inputs))
    .some(
      (permission) =>
        (permission.function === functionArn || permission.function === name) &&
        matchesAction(permission.action, "lambda:InvokeFunction") &&
        permission.principal === service &&
        (permission.sourceArn === undefined || matchesArn(permission.sourceArn, sourceArn)),
    );
}

/**
 * Invokes the functions that subscribe to a topic, if a permission of the function allows it. The invocation starts after
 * the publisher is answered, which never waits for subscribers. Rejects with the AwsError that SNS would receive.
 */
export function invokeForTopics(options: {
  graph: Graph;
  clock: Clock;
  lambda: Pick<Lambda, "invokeAsync" | "configurationOf">;
}): InvokeFunction {
  const { graph, clock, lambda } = options;
  return async (functionArn, event, { principal, sourceArn }) => {
    const { arn } = lambda.configurationOf(functionArn);
    if (!isServicePermitted(graph, arn, principal, sourceArn))
      throw new AwsError(
        "AccessDenied",
        `${principal} is not authorized to perform: lambda:InvokeFunction on resource: ${arn} because no Permission of the function allows it for ${sourceArn}`,
        { statusCode: 403 },
      );
    clock.at(clock.now(), () => lambda.invokeAsync(arn, event, sourceArn));
  };
}
