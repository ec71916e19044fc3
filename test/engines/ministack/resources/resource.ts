import type { Graph } from "../../../../local/graph.ts";
import type { Clients } from "../clients.ts";
import type { Inputs } from "../inputs.ts";

/** What a resource is created from. */
export interface Creation extends Clients {
  readonly graph: Graph;
  /** Physical name, as the graph has it. */
  readonly name: string;
  readonly inputs: Inputs;
}

/** Creates a resource with the calls that AWS's provider makes. Returns the ARN that the service gave, where it tells one. */
export type Create = (creation: Creation) => Promise<string | undefined>;

export type Creates = Readonly<Record<string, Create>>;
