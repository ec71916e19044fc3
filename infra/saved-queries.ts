import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { readSavedQueries, type SavedQuery, SavedQueryError } from "../queries/saved-queries.ts";
import type { Catalog } from "./catalog.ts";
import type { LakeBucket } from "./lake-bucket.ts";

export interface SavedQueriesArgs {
  readonly lake: LakeBucket;
  readonly gold: Catalog;
  readonly queries: readonly SavedQuery[];
  /** A query that would scan more is stopped. */
  readonly scanLimitMegabytes: number;
}

/**
 * The saved queries of the project's folder `queries/`.
 *
 * @throws {pulumi.RunError} naming the file that is not one; Pulumi prints it without a stack trace.
 */
export function declaredQueries(project: string): SavedQuery[] {
  try {
    return readSavedQueries(`${project}/queries`);
  } catch (error) {
    if (error instanceof SavedQueryError) throw new pulumi.RunError(`queries/${error.message}`);
    throw error;
  }
}

/**
 * The Athena workgroup, and of every file of `queries/` a named query, to read and change in the console, and a prepared
 * statement, to call by name from any client: `EXECUTE name USING value, …`.
 */
export class SavedQueries extends pulumi.ComponentResource {
  readonly workgroup: aws.athena.Workgroup;

  constructor(name: string, args: SavedQueriesArgs, opts?: pulumi.ComponentResourceOptions) {
    super("stormwire:infra:SavedQueries", name, {}, opts);
    const parent = this;

    const workgroup = createWorkgroup();
    for (const query of args.queries) {
      createNamedQuery(query);
      createPreparedStatement(query);
    }

    this.workgroup = workgroup;
    this.registerOutputs({ workgroup: workgroup.name });

    function createWorkgroup() {
      return new aws.athena.Workgroup(
        name,
        {
          description: "Saved queries over the observations",
          configuration: {
            enforceWorkgroupConfiguration: true,
            bytesScannedCutoffPerQuery: args.scanLimitMegabytes * 1024 * 1024,
            engineVersion: { selectedEngineVersion: "Athena engine version 3" },
            resultConfiguration: {
              outputLocation: pulumi.interpolate`s3://${args.lake.bucket.bucket}/athena-results/`,
              encryptionConfiguration: { encryptionOption: "SSE_S3" },
            },
          },
          forceDestroy: true, // holds only query history
        },
        { parent },
      );
    }

    function createNamedQuery(query: SavedQuery) {
      return new aws.athena.NamedQuery(
        query.name,
        {
          workgroup: workgroup.name,
          database: args.gold.database.name,
          name: query.name,
          description: describe(query),
          query: query.sql,
        },
        { parent },
      );
    }

    function createPreparedStatement(query: SavedQuery) {
      return new aws.athena.PreparedStatement(
        query.name,
        {
          workgroup: workgroup.name,
          name: statementName(query),
          description: describe(query),
          queryStatement: query.sql,
        },
        { parent },
      );
    }
  }
}

/** At most 1024 characters: https://docs.aws.amazon.com/athena/latest/APIReference/API_NamedQuery.html */
function describe({ title, question }: SavedQuery): string {
  return `${title}: ${question}`;
}

/** Athena takes letters, digits and underscores. */
function statementName({ name }: SavedQuery): string {
  return name.replaceAll(/[^A-Za-z0-9_]/g, "_");
}
