import * as z from "zod";
import { AwsError } from "../endpoint/error.ts";
import { type Graph, resourcesOfType } from "../graph.ts";

export const WORKGROUP_TYPE = "aws:athena/workgroup:Workgroup";
export const NAMED_QUERY_TYPE = "aws:athena/namedQuery:NamedQuery";

export interface Workgroup {
  readonly name: string;
  /** The location of results, `s3://BUCKET/PREFIX`. */
  readonly outputLocation: string | undefined;
  /** Whether the workgroup overrides the output location of the client. */
  readonly enforced: boolean;
  readonly scanLimitBytes: number | undefined;
}

/** https://docs.aws.amazon.com/athena/latest/APIReference/API_NamedQuery.html */
export interface NamedQuery {
  readonly NamedQueryId: string;
  readonly Name: string;
  readonly Description?: string;
  readonly Database: string;
  readonly QueryString: string;
  readonly WorkGroup: string;
}

const workgroupInputs = z.object({
  configuration: z
    .object({
      bytesScannedCutoffPerQuery: z.number().optional(),
      enforceWorkgroupConfiguration: z.boolean().default(true),
      resultConfiguration: z.object({ outputLocation: z.string().optional() }).optional(),
    })
    .optional(),
});

const namedQueryInputs = z.object({
  name: z.string().optional(),
  description: z.string().optional(),
  database: z.string(),
  query: z.string(),
  workgroup: z.string().default("primary"),
});

/** Every account has the workgroup `primary`. */
const PRIMARY: Workgroup = {
  name: "primary",
  outputLocation: undefined,
  enforced: false,
  scanLimitBytes: undefined,
};

/** The workgroups of the program and `primary`; the function throws InvalidRequestException for others. */
export function workgroupsOf(graph: Graph): (name: string) => Workgroup {
  const declared = resourcesOfType(graph, WORKGROUP_TYPE).map(({ name, inputs, outputs }): Workgroup => {
    const { configuration } = workgroupInputs.parse(inputs);
    return {
      name: String(outputs.name ?? name),
      outputLocation: configuration?.resultConfiguration?.outputLocation,
      enforced: configuration?.enforceWorkgroupConfiguration ?? true,
      scanLimitBytes: configuration?.bytesScannedCutoffPerQuery,
    };
  });
  const byName = new Map([PRIMARY, ...declared].map((workgroup) => [workgroup.name, workgroup]));
  return (name) => {
    const workgroup = byName.get(name);
    if (workgroup === undefined)
      throw new AwsError("InvalidRequestException", `WorkGroup ${name} is not found.`);
    return workgroup;
  };
}

/** The named queries of the program. */
export function namedQueriesOf(graph: Graph): NamedQuery[] {
  return resourcesOfType(graph, NAMED_QUERY_TYPE).map((resource) => {
    const { name, description, database, query, workgroup } = namedQueryInputs.parse(resource.inputs);
    return {
      NamedQueryId: resource.id,
      Name: name ?? resource.name,
      ...(description !== undefined && { Description: description }),
      Database: database,
      QueryString: query,
      WorkGroup: workgroup,
    };
  });
}
