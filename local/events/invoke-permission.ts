import { z } from "zod";
import { type Graph, resourcesOfType } from "../graph.ts";
import { matchesAction, matchesArn } from "../iam/pattern.ts";

const permissionInputs = z.object({
  function: z.string(),
  action: z.string(),
  principal: z.string(),
  sourceArn: z.string().optional(),
});

/**
 * Whether a resource-based permission (`aws:lambda/permission:Permission`) lets an AWS service invoke the function on
 * behalf of a resource. https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html
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
