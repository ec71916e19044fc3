/** One resource as the program registered it. */
export interface Resource {
  readonly urn: string;
  /** Pulumi type token, e.g. `aws:kinesis/stream:Stream`. */
  readonly type: string;
  /** Logical name within the program. */
  readonly name: string;
  readonly id: string;
  readonly parent?: string;
  /** Inputs as the program gave them, outputs resolved, secrets unwrapped, archives replaced by `{ directory }`. */
  readonly inputs: Readonly<Record<string, unknown>>;
  /** Inputs plus what the provider computes: `arn`, `name`, `id`, … */
  readonly outputs: Readonly<Record<string, unknown>>;
  readonly dependencies: readonly string[];
  readonly propertyDependencies: Readonly<Record<string, readonly string[]>>;
  /** Paths of secret inputs, e.g. `["endpoint"]`. */
  readonly secrets: readonly string[];
  readonly protect: boolean;
  /** Earlier URNs. A stack that contains one of them renames the resource instead of creating a new one. */
  readonly aliases?: readonly string[];
}

/** The resources that a Pulumi program declares for one stack, sorted by URN, and the stack's outputs. */
export interface Graph {
  readonly project: string;
  readonly stack: string;
  readonly region: string;
  readonly accountId: string;
  readonly resources: readonly Resource[];
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** The resources of one type, sorted by URN. */
export function resourcesOfType(graph: Graph, type: string): readonly Resource[] {
  return graph.resources.filter((resource) => resource.type === type);
}
