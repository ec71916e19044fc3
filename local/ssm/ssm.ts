import type { Service } from "../endpoint/operation.ts";
import type { Graph } from "../graph.ts";
import { getParameter } from "./operations/get-parameter.ts";
import { getParameters } from "./operations/get-parameters.ts";
import { parametersOf, type SsmContext } from "./parameters.ts";

/** Systems Manager's Parameter Store, read only, with the parameters of a graph. `now` dates their last change. */
export function createSsm({ graph, now }: { graph: Graph; now: () => Date }): { readonly service: Service } {
  const context: SsmContext = {
    region: graph.region,
    accountId: graph.accountId,
    parameters: parametersOf(graph, now()),
  };
  const operations = { GetParameter: getParameter(context), GetParameters: getParameters(context) };
  return { service: { signingName: "ssm", protocol: "json", operations } };
}
