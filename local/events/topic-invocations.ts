import type { Clock } from "../clock/clock.ts";
import { AwsError } from "../endpoint/error.ts";
import type { Graph } from "../graph.ts";
import type { Lambda } from "../lambda/lambda.ts";
import type { InvokeFunction } from "../sns/delivery.ts";
import { isServicePermitted } from "./invoke-permission.ts";

/**
 * How a topic invokes a function that subscribes to it: where a permission of the function allows it, and once the
 * publisher has its answer, which never waits for subscribers. Rejects with the AwsError that SNS would get.
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
