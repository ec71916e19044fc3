import { join } from "node:path";
import type { Graph, Resource } from "../../../local/graph.ts";
import { ACCOUNT, allow, graphOf, REGION, resource, roleArn } from "../endpoint/support.ts";
import { glueRole } from "./lake.ts";

const GLUE = `arn:aws:glue:${REGION}:${ACCOUNT}`;
const CATALOG = [`${GLUE}:catalog`, `${GLUE}:database/shop`, `${GLUE}:table/shop/*`];
const CATALOG_ACTIONS = [
  "glue:GetDatabase",
  "glue:GetTable",
  "glue:GetPartitions",
  "glue:CreateTable",
  "glue:UpdateTable",
  "glue:BatchCreatePartition",
  "glue:BatchUpdatePartition",
];
const LOGS = allow(
  ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
  `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/aws-glue/*`,
);
const LIST = allow("s3:ListBucket", "arn:aws:s3:::shop-lake");
const read = (prefix: string) => allow("s3:GetObject", `arn:aws:s3:::shop-lake/${prefix}*`);

/** A little lake of orders: crawler over `raw/`, a job that counts, a crawler over `counts/`, a workflow of the three. */
export function ordersGraph(
  changes: {
    crawler?: Record<string, unknown>;
    jobGrants?: readonly object[];
    analystGrants?: readonly object[];
  } = {},
): Graph {
  return graphOf(
    resource("aws:s3/bucket:Bucket", "shop-lake", { bucket: "shop-lake" }),
    resource(
      "aws:s3/bucketObjectv2:BucketObjectv2",
      "script",
      {
        bucket: "shop-lake",
        key: "etl/count.py",
        source: { path: join(import.meta.dirname, "fixtures/count.py") },
      },
      { key: "etl/count.py" },
    ),
    resource("aws:glue/catalogDatabase:CatalogDatabase", "shop", { name: "shop" }),
    ...glueRole("crawl", LIST, read("raw/"), read("counts/"), LOGS, allow(CATALOG_ACTIONS, CATALOG)),
    ...glueRole(
      "count",
      ...(changes.jobGrants ?? [
        LIST,
        read("etl/"),
        LOGS,
        allow("s3:PutObject", "arn:aws:s3:::shop-lake/counts/*"),
      ]),
    ),
    ...glueRole("analyst", ...(changes.analystGrants ?? [LIST])),
    crawler("orders", "s3://shop-lake/raw/orders/", changes.crawler),
    crawler("counts", "s3://shop-lake/counts/"),
    resource("aws:glue/job:Job", "count", {
      roleArn: roleArn("count"),
      command: { scriptLocation: "s3://shop-lake/etl/count.py" },
      defaultArguments: { "--bucket": "shop-lake" },
    }),
    resource("aws:glue/workflow:Workflow", "nightly", {}),
    trigger("first", {
      type: "SCHEDULED",
      schedule: "cron(0 3 * * ? *)",
      actions: [{ crawlerName: "orders" }],
    }),
    trigger("second", {
      type: "CONDITIONAL",
      predicate: { conditions: [{ crawlerName: "orders", crawlState: "SUCCEEDED" }] },
      actions: [{ jobName: "count" }],
    }),
    trigger("third", {
      type: "CONDITIONAL",
      predicate: { conditions: [{ jobName: "count", state: "SUCCEEDED" }] },
      actions: [{ crawlerName: "counts" }],
    }),
    resource("aws:athena/workgroup:Workgroup", "analysts", {
      configuration: {
        bytesScannedCutoffPerQuery: 10_000,
        resultConfiguration: { outputLocation: "s3://shop-lake/results/" },
      },
    }),
    resource("aws:athena/namedQuery:NamedQuery", "total", {
      database: "shop",
      query: "SELECT 1",
      workgroup: "analysts",
    }),
  );
}

function crawler(name: string, path: string, changes: Record<string, unknown> = {}): Resource {
  return resource("aws:glue/crawler:Crawler", name, {
    role: roleArn("crawl"),
    databaseName: "shop",
    s3Targets: [{ path }],
    ...changes,
  });
}

function trigger(name: string, inputs: Record<string, unknown>): Resource {
  return resource("aws:glue/trigger:Trigger", name, { workflowName: "nightly", ...inputs });
}
