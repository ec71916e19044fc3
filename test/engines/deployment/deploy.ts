import type { Graph, Resource } from "../../../local/graph.ts";
import type { Clients } from "./clients.ts";
import type { Creates } from "./definition.ts";
import { ATHENA } from "./resources/athena.ts";
import { FUNCTIONS } from "./resources/functions.ts";
import { GLUE } from "./resources/glue.ts";
import { IAM } from "./resources/iam.ts";
import { KEYS } from "./resources/keys.ts";
import { MESSAGING } from "./resources/messaging.ts";
import { OPERATIONS } from "./resources/operations.ts";
import { STORAGE } from "./resources/storage.ts";
import { TIMERS } from "./resources/timers.ts";

const CREATES: Creates = {
  ...ATHENA,
  ...FUNCTIONS,
  ...GLUE,
  ...IAM,
  ...KEYS,
  ...MESSAGING,
  ...OPERATIONS,
  ...STORAGE,
  ...TIMERS,
};

/** Types whose ARN ends in an id that the service draws: a graph can but make one up. */
export const DRAWN_ID: readonly string[] = ["aws:kms/key:Key"];

/** What came of creating a resource. */
export interface Deployed {
  readonly urn: string;
  readonly type: string;
  readonly name: string;
  /** As the graph has it. */
  readonly expectedArn: unknown;
  /** As the service told it, where it tells one. */
  readonly arn: string | undefined;
}

/** A resource that was not created: the service refused it, or does not know of such. */
export class DeploymentError extends Error {
  override readonly name = "DeploymentError";
  readonly urn: string;

  constructor({ urn, type, name }: Resource, cause: unknown) {
    const reason = cause instanceof Error ? `${cause.name}: ${cause.message}` : String(cause);
    super(`${type} ${name}: ${reason}`, { cause });
    this.urn = urn;
  }
}

/** Whether a resource is one of AWS's, and not a component of the program. */
export function isAws({ type }: Resource): boolean {
  return type.startsWith("aws:");
}

/**
 * Creates the AWS resources of a graph, what they depend on before them, with the inputs that the program gave. Account and
 * region must be the graph's, so that the ARNs in the inputs are those that come to be; only where the service draws a
 * resource's id, what refers to it gets the ARN that it came to have, as from Pulumi.
 */
export class Deployment {
  readonly deployed: Deployed[] = [];
  readonly refused: DeploymentError[] = [];
  readonly #graph: Graph;
  readonly #clients: Clients;

  constructor(graph: Graph, clients: Clients) {
    this.#graph = graph;
    this.#clients = clients;
  }

  /** Tries each resource that is wanted and was not tried yet. What the service does not take is in `refused`. */
  async create(isWanted: (resource: Resource) => boolean = () => true): Promise<void> {
    const tried = new Set([...this.deployed, ...this.refused].map(({ urn }) => urn));
    for (const resource of inDependencyOrder(this.#graph).filter(isAws)) {
      if (tried.has(resource.urn) || !isWanted(resource)) continue;
      try {
        this.deployed.push(await this.#createOne(resource));
      } catch (cause) {
        this.refused.push(new DeploymentError(resource, cause));
      }
    }
  }

  async #createOne({ urn, type, name, inputs, outputs }: Resource): Promise<Deployed> {
    const create = CREATES[type];
    if (create === undefined) throw new Error("the suite knows no calls that create it");
    const physicalName = String(outputs.name ?? outputs.bucket ?? name);
    const arn = await create({ ...this.#clients, name: physicalName, inputs: this.#withDrawnArns(inputs) });
    return { urn, type, name, expectedArn: outputs.arn ?? outputs.dashboardArn, arn };
  }

  #withDrawnArns(inputs: Resource["inputs"]): unknown {
    let text = JSON.stringify(inputs);
    for (const { type, arn, expectedArn } of this.deployed)
      if (DRAWN_ID.includes(type)) text = text.replaceAll(String(expectedArn), String(arn));
    return JSON.parse(text);
  }
}

function inDependencyOrder({ resources }: Graph): Resource[] {
  const byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
  const ordered = new Set<Resource>();
  const visit = (resource: Resource): void => {
    if (ordered.has(resource)) return;
    for (const urn of resource.dependencies) {
      const dependency = byUrn.get(urn);
      if (dependency !== undefined) visit(dependency);
    }
    ordered.add(resource);
  };
  for (const resource of resources) visit(resource);
  return [...ordered];
}
