import type { Graph, Resource } from "../../../local/graph.ts";
import type { Clients } from "./clients.ts";
import { Inputs } from "./inputs.ts";
import { FUNCTIONS } from "./resources/functions.ts";
import { IAM } from "./resources/iam.ts";
import { LAKE } from "./resources/lake.ts";
import { MESSAGING } from "./resources/messaging.ts";
import { OPERATIONS } from "./resources/operations.ts";
import type { Creates } from "./resources/resource.ts";
import { STORAGE } from "./resources/storage.ts";
import { TIMERS } from "./resources/timers.ts";

const CREATES: Creates = {
  ...IAM,
  ...STORAGE,
  ...MESSAGING,
  ...FUNCTIONS,
  ...TIMERS,
  ...LAKE,
  ...OPERATIONS,
};

/** Types of resources that are not created, and why. */
export const NOT_CREATED: Readonly<Record<string, string>> = {
  "aws:kms/key:Key":
    "there is no SDK client of KMS among the project's packages; the stream names the key all the same",
};

/** A resource that was created, with the ARN that the graph expects and the one that the service gave, where it tells one. */
export interface Deployed {
  readonly type: string;
  readonly name: string;
  readonly expectedArn: unknown;
  readonly arn: string | undefined;
}

/** Types of the graph's AWS resources that the suite neither creates nor lists as {@link NOT_CREATED}. */
export function unknownTypes(graph: Graph): string[] {
  const types = new Set(awsResources(graph).map(({ type }) => type));
  return [...types].filter((type) => !(type in CREATES) && !(type in NOT_CREATED));
}

/**
 * Creates the resources of a graph for which `isWanted` holds, what they depend on before them, with the inputs that the
 * program gave. Account and region must be the graph's, so that the ARNs in the inputs are those that come to be.
 * @throws what the service throws, naming the resource; and for an input that is not handed on
 */
export async function deploy(
  graph: Graph,
  clients: Clients,
  isWanted: (resource: Resource) => boolean = () => true,
): Promise<Deployed[]> {
  const deployed: Deployed[] = [];
  for (const resource of inDependencyOrder(graph)) {
    const create = CREATES[resource.type];
    if (create === undefined || !isWanted(resource)) continue;
    const { type, name, outputs } = resource;
    const inputs = new Inputs(resource.inputs);
    try {
      const arn = await create({ ...clients, graph, name: physicalName(resource), inputs });
      deployed.push({ type, name, expectedArn: outputs.arn ?? outputs.dashboardArn, arn });
    } catch (cause) {
      throw new Error(
        `${type} ${name}: ${cause instanceof Error ? `${cause.name}: ${cause.message}` : cause}`,
        {
          cause,
        },
      );
    }
    if (inputs.unread().length > 0)
      throw new Error(`${type} ${name}: the suite does not hand on its inputs ${inputs.unread().join(", ")}`);
  }
  return deployed;
}

function awsResources({ resources }: Graph): Resource[] {
  return resources.filter(({ type }) => type.startsWith("aws:"));
}

function physicalName({ name, outputs }: Resource): string {
  const { bucket } = outputs;
  const given = outputs.name ?? bucket ?? name;
  return String(given);
}

function inDependencyOrder(graph: Graph): Resource[] {
  const byUrn = new Map(graph.resources.map((resource) => [resource.urn, resource]));
  const ordered = new Set<Resource>();
  const visit = (resource: Resource): void => {
    if (ordered.has(resource)) return;
    for (const urn of resource.dependencies) {
      const dependency = byUrn.get(urn);
      if (dependency !== undefined) visit(dependency);
    }
    ordered.add(resource);
  };
  for (const resource of graph.resources) visit(resource);
  return [...ordered];
}
