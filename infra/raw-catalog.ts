import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { tableNamed } from "../etl/tables.ts";
import {
  type Catalog,
  CRAWLER_ACTIONS,
  CRAWLER_CONFIGURATION,
  catalogGrants,
  crawlerLogGrant,
  createDatabase,
} from "./catalog.ts";
import type { LakeBucket } from "./lake-bucket.ts";
import { createRole, type Grant } from "./policy.ts";
import { RECORDS, rawTableArgs } from "./raw-table.ts";

export interface RawCatalogArgs {
  readonly lake: LakeBucket;
}

/** Whose raw is crawled. `transitions/` is not: our own code writes those, and gold's `alerts` has every one of them. */
const CRAWLED = tableNamed("observations");

/**
 * The database of records as they came. Its one table `records` is declared; the crawler registers its hours, and can
 * neither make nor change a table: docs/decisions/0017-raw-is-declared-as-text.md
 */
export class RawCatalog extends pulumi.ComponentResource implements Catalog {
  readonly database: aws.glue.CatalogDatabase;
  readonly crawler: aws.glue.Crawler;

  constructor(name: string, args: RawCatalogArgs, opts?: pulumi.ComponentResourceOptions) {
    super("stormwire:infra:RawCatalog", name, {}, opts);
    const parent = this;

    const database = createDatabase(name, "Observations as they came", { parent });
    const table = createTable();
    const { role, policy } = createRole(`${name}-crawler`, "glue", crawlerGrants(), { parent });
    const crawler = createCrawler();

    this.database = database;
    this.crawler = crawler;
    this.registerOutputs({ database: database.name, crawler: crawler.name });

    function createTable() {
      const tableArgs = rawTableArgs(CRAWLED, args.lake.bucket.bucket);
      return new aws.glue.CatalogTable(RECORDS, { ...tableArgs, databaseName: database.name }, { parent });
    }

    function crawlerGrants(): Grant[] {
      return [
        ...args.lake.crawlGrants(CRAWLED.rawPrefix),
        ...catalogGrants(database, [RECORDS], CRAWLER_ACTIONS),
        crawlerLogGrant(),
      ];
    }

    function createCrawler() {
      return new aws.glue.Crawler(
        name,
        {
          databaseName: database.name,
          role: role.arn,
          catalogTargets: [{ databaseName: database.name, tables: [table.name] }],
          schemaChangePolicy: { updateBehavior: "LOG", deleteBehavior: "LOG" },
          configuration: CRAWLER_CONFIGURATION,
        },
        { parent, dependsOn: [policy] },
      );
    }
  }
}
