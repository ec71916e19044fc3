import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { TableDefinition } from "../etl/table-definition.ts";
import {
  type Catalog,
  CRAWLER_ACTIONS,
  CRAWLER_CONFIGURATION,
  catalogGrants,
  crawlerLogGrant,
  createDatabase,
} from "./catalog.ts";
import { goldTableArgs } from "./gold-tables.ts";
import type { LakeBucket } from "./lake-bucket.ts";
import { createRole, type Grant } from "./policy.ts";

export interface GoldCatalogArgs {
  readonly lake: LakeBucket;
  readonly tables: readonly TableDefinition[];
}

/**
 * The database that analysts query. Its tables are declared; the crawler registers their days, for readers that know no
 * partition projection, and can neither make nor change a table: docs/decisions/0013-gold-tables-are-declared.md
 */
export class GoldCatalog extends pulumi.ComponentResource implements Catalog {
  readonly database: aws.glue.CatalogDatabase;
  readonly crawler: aws.glue.Crawler;

  constructor(name: string, args: GoldCatalogArgs, opts?: pulumi.ComponentResourceOptions) {
    super("stormwire:infra:GoldCatalog", name, {}, opts);
    const parent = this;

    const database = createDatabase(name, "Observations and alerts, exact, as Parquet", { parent });
    const tables = args.tables.map(createTable);
    const { role, policy } = createRole(`${name}-crawler`, "glue", crawlerGrants(), { parent });
    const crawler = createCrawler();

    this.database = database;
    this.crawler = crawler;
    this.registerOutputs({ database: database.name, crawler: crawler.name });

    function createTable(table: TableDefinition) {
      const tableArgs = goldTableArgs(table, args.lake.bucket.bucket);
      return new aws.glue.CatalogTable(table.name, { ...tableArgs, databaseName: database.name }, { parent });
    }

    function crawlerGrants(): Grant[] {
      return [
        ...args.lake.crawlGrants(...args.tables.map((table) => `gold/${table.name}/`)),
        ...catalogGrants(
          database,
          args.tables.map((table) => table.name),
          CRAWLER_ACTIONS,
        ),
        crawlerLogGrant(),
      ];
    }

    function createCrawler() {
      return new aws.glue.Crawler(
        name,
        {
          databaseName: database.name,
          role: role.arn,
          catalogTargets: [{ databaseName: database.name, tables: tables.map((table) => table.name) }],
          schemaChangePolicy: { updateBehavior: "LOG", deleteBehavior: "LOG" },
          configuration: CRAWLER_CONFIGURATION,
        },
        { parent, dependsOn: [policy] },
      );
    }
  }
}
