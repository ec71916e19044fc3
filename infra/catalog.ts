import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ownArn } from "./account.ts";
import type { Grant } from "./policy.ts";

/** One catalog database and the crawler that keeps what is in it up to date. */
export interface Catalog {
  readonly database: aws.glue.CatalogDatabase;
  readonly crawler: aws.glue.Crawler;
}

/** How every crawler of ours makes one table of one folder, whose partitions have the table's columns and no other. */
export const CRAWLER_CONFIGURATION = JSON.stringify({
  Version: 1,
  // A query reads the days it names; an index would need permissions and find nothing that the names do not say.
  CreatePartitionIndex: false,
  Grouping: { TableGroupingPolicy: "CombineCompatibleSchemas" },
  CrawlerOutput: { Partitions: { AddOrUpdateBehavior: "InheritFromTable" } },
});

export function createDatabase(
  name: string,
  description: string,
  opts: pulumi.CustomResourceOptions,
): aws.glue.CatalogDatabase {
  return new aws.glue.CatalogDatabase(
    name,
    { name: databaseName(pulumi.getProject(), pulumi.getStack(), name), description },
    opts,
  );
}

/** Glue database names take letters, digits and underscores only. */
export function databaseName(project: string, stack: string, name: string): string {
  return [project, stack, name]
    .join("_")
    .toLowerCase()
    .replaceAll(/[^a-z0-9_]/g, "_");
}

/**
 * Looking the database up, and actions on its tables; `*` is every table. Glue asks for each on the catalog, the database
 * and the table alike: https://docs.aws.amazon.com/glue/latest/dg/glue-specifying-resource-arns.html
 */
export function catalogGrants(
  database: aws.glue.CatalogDatabase,
  tables: readonly string[],
  actions: Grant["actions"],
): Grant[] {
  const prefix = database.arn.apply((arn) => arn.slice(0, arn.indexOf(":database/")));
  const catalog = pulumi.interpolate`${prefix}:catalog`;
  const arns = tables.map((table) => pulumi.interpolate`${prefix}:table/${database.name}/${table}`);
  return [
    { actions: ["glue:GetDatabase"], resources: [catalog, database.arn] },
    { actions, resources: [catalog, database.arn, ...arns] },
  ];
}

/**
 * What every crawler may do with its database and tables. No page of AWS lists what a crawl calls; this is what AWS's own
 * sample grants that does without AWSGlueServiceRole, but for making and changing tables:
 * https://github.com/awslabs/cid-data-collection-framework
 */
export const CRAWLER_ACTIONS: Grant["actions"] = [
  "glue:BatchCreatePartition",
  "glue:BatchGetPartition",
  "glue:BatchUpdatePartition",
  "glue:CreatePartition",
  "glue:DeletePartition",
  "glue:DeleteTableVersion",
  "glue:GetDatabases",
  "glue:GetPartition",
  "glue:GetPartitions",
  "glue:GetTable",
  "glue:GetTableVersion",
  "glue:GetTableVersions",
  "glue:GetTables",
  "glue:TagResource",
  "glue:UpdatePartition",
];

/** Glue writes to a log group of its own naming: no setting moves a crawler's. */
export function crawlerLogGrant(): Grant {
  return {
    actions: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
    resources: [ownArn("logs", "log-group:/aws-glue/crawlers*")],
  };
}
