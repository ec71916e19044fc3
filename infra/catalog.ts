import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { LakeBucket } from "./lake-bucket.ts";
import { createRole, type Grant } from "./policy.ts";

export interface CatalogArgs {
  readonly lake: LakeBucket;
  /** Folder that is crawled, ending in `/`; the table is named after its last part. */
  readonly prefix: string;
  readonly description: string;
  /**
   * Whether files say what their columns are. Parquet does; of JSON no single file does (`8` here, `8.2` there), so
   * its table is inferred from all of them, each time.
   */
  readonly isTyped: boolean;
}

/** One catalog database and the crawler that keeps its table and partitions up to date. */
export class Catalog extends pulumi.ComponentResource {
  readonly database: aws.glue.CatalogDatabase;
  readonly crawler: aws.glue.Crawler;

  constructor(name: string, args: CatalogArgs, opts?: pulumi.ComponentResourceOptions) {
    super("stormwire:infra:Catalog", name, {}, opts);
    const parent = this;

    const database = createDatabase();
    const { role, policy } = createRole(`${name}-crawler`, "glue.amazonaws.com", crawlerGrants(), { parent });
    const crawler = createCrawler();

    this.database = database;
    this.crawler = crawler;
    this.registerOutputs({ database: database.name, crawler: crawler.name });

    function createDatabase() {
      return new aws.glue.CatalogDatabase(
        name,
        { name: databaseName(pulumi.getProject(), pulumi.getStack(), name), description: args.description },
        { parent },
      );
    }

    function crawlerGrants(): Grant[] {
      return [
        args.lake.grant(args.prefix, "s3:GetObject"),
        args.lake.listGrant(),
        { actions: [...CRAWLER_CATALOG_ACTIONS], resources: catalogArns(database) },
        {
          actions: ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
          resources: [glueLogs("crawlers")],
        },
      ];
    }

    function createCrawler() {
      return new aws.glue.Crawler(
        name,
        {
          databaseName: database.name,
          role: role.arn,
          s3Targets: [{ path: pulumi.interpolate`s3://${args.lake.bucket.bucket}/${args.prefix}` }],
          ...(args.isTyped
            ? {
                recrawlPolicy: { recrawlBehavior: "CRAWL_NEW_FOLDERS_ONLY" },
                // The only policy that goes with new folders: a table is never changed behind a query's back.
                schemaChangePolicy: { updateBehavior: "LOG", deleteBehavior: "LOG" },
              }
            : {
                recrawlPolicy: { recrawlBehavior: "CRAWL_EVERYTHING" },
                schemaChangePolicy: { updateBehavior: "UPDATE_IN_DATABASE", deleteBehavior: "LOG" },
              }),
          configuration: JSON.stringify({
            Version: 1,
            Grouping: { TableGroupingPolicy: "CombineCompatibleSchemas" },
            CrawlerOutput: { Partitions: { AddOrUpdateBehavior: "InheritFromTable" } },
          }),
        },
        { parent, dependsOn: [policy] },
      );
    }
  }
}

/** What a crawler calls on the catalog, of AWSGlueServiceRole's `glue:*`. */
const CRAWLER_CATALOG_ACTIONS = [
  "glue:BatchCreatePartition",
  "glue:BatchGetPartition",
  "glue:BatchUpdatePartition",
  "glue:CreateTable",
  "glue:GetDatabase",
  "glue:GetPartitions",
  "glue:GetTable",
  "glue:UpdateTable",
] as const;

/** Glue database names take letters, digits and underscores only. */
export function databaseName(project: string, stack: string, name: string): string {
  return [project, stack, name]
    .join("_")
    .toLowerCase()
    .replaceAll(/[^a-z0-9_]/g, "_");
}

function catalogArns(
  database: aws.glue.CatalogDatabase,
): [pulumi.Output<string>, ...pulumi.Output<string>[]] {
  const prefix = database.arn.apply((arn) => arn.slice(0, arn.indexOf(":database/")));
  return [
    pulumi.interpolate`${prefix}:catalog`,
    database.arn,
    pulumi.interpolate`${prefix}:table/${database.name}/*`,
  ];
}

/** Glue writes to log groups of its own naming; no setting moves a crawler's. */
export function glueLogs(kind: "crawlers" | "jobs"): pulumi.Output<string> {
  const region = aws.getRegionOutput().region;
  const account = aws.getCallerIdentityOutput().accountId;
  return pulumi.interpolate`arn:aws:logs:${region}:${account}:log-group:/aws-glue/${kind}*`;
}
