import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import {
  type Catalog,
  CRAWLER_CONFIGURATION,
  catalogGrants,
  crawlerLogGrant,
  createDatabase,
} from "./catalog.ts";
import type { LakeBucket } from "./lake-bucket.ts";
import { createRole, type Grant } from "./policy.ts";

export interface RawCatalogArgs {
  readonly lake: LakeBucket;
}

/** Folder that is crawled. `transitions/` is not: our own code writes those, and gold's `alerts` has every one of them. */
const RAW_PREFIX = "raw/";

/**
 * The database of records as they came, whose one table `raw` is inferred. Of JSON no single file says what a column
 * is (`8` here, `8.2` there), so the crawler reads all of them, each time, and updates the table.
 */
export class RawCatalog extends pulumi.ComponentResource implements Catalog {
  readonly database: aws.glue.CatalogDatabase;
  readonly crawler: aws.glue.Crawler;

  constructor(name: string, args: RawCatalogArgs, opts?: pulumi.ComponentResourceOptions) {
    super("stormwire:infra:RawCatalog", name, {}, opts);
    const parent = this;

    const database = createDatabase(name, "Observations as they came", { parent });
    const { role, policy } = createRole(`${name}-crawler`, "glue", crawlerGrants(), { parent });
    const crawler = createCrawler();

    this.database = database;
    this.crawler = crawler;
    this.registerOutputs({ database: database.name, crawler: crawler.name });

    function crawlerGrants(): Grant[] {
      return [
        ...args.lake.crawlGrants(RAW_PREFIX),
        ...catalogGrants(database, ["*"], CRAWLER_ACTIONS),
        crawlerLogGrant(),
      ];
    }

    function createCrawler() {
      return new aws.glue.Crawler(
        name,
        {
          databaseName: database.name,
          role: role.arn,
          s3Targets: [{ path: pulumi.interpolate`s3://${args.lake.bucket.bucket}/${RAW_PREFIX}` }],
          recrawlPolicy: { recrawlBehavior: "CRAWL_EVERYTHING" },
          schemaChangePolicy: { updateBehavior: "UPDATE_IN_DATABASE", deleteBehavior: "LOG" },
          configuration: CRAWLER_CONFIGURATION,
        },
        { parent, dependsOn: [policy] },
      );
    }
  }
}

/** What a crawler that makes tables calls, of AWSGlueServiceRole's `glue:*`. */
const CRAWLER_ACTIONS: Grant["actions"] = [
  "glue:BatchCreatePartition",
  "glue:BatchGetPartition",
  "glue:BatchUpdatePartition",
  "glue:CreateTable",
  "glue:GetPartitions",
  "glue:GetTable",
  "glue:UpdateTable",
];
