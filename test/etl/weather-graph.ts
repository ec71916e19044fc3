import { resolve } from "node:path";
import { tableText } from "../../etl/table-definition.ts";
import { TABLES } from "../../etl/tables.ts";
import type { Graph, Resource } from "../../local/graph.ts";
import { ACCOUNT, allow, graphOf, REGION, resource, roleArn } from "../local/endpoint/support.ts";
import { glueRole } from "../local/glue/lake.ts";

export const BUCKET = "weather-lake";

/**
 * The lake as the program declares it: exact actions on exact resources.
 *
 * @param rawCrawlerGrants what the raw crawler may do in the catalog, in place of what it needs
 */
export function weatherGraph(rawCrawlerGrants = crawlerGrant("weather_raw")): Graph {
  const object = (prefix: string, ...actions: string[]) =>
    allow(actions, `arn:aws:s3:::${BUCKET}/${prefix}*`);
  const list = allow("s3:ListBucket", `arn:aws:s3:::${BUCKET}`);
  const logs = allow(
    ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"],
    `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/aws-glue/*`,
  );
  const jobGrants = [
    list,
    object("etl/", "s3:GetObject"),
    object("raw/", "s3:GetObject"),
    object("transitions/", "s3:GetObject"),
    object("gold/observations/", "s3:PutObject", "s3:DeleteObject"),
    object("gold/alerts/", "s3:PutObject", "s3:DeleteObject"),
    object("state/etl/", "s3:GetObject", "s3:PutObject"),
    object("reports/etl/", "s3:PutObject"),
    logs,
  ];
  return graphOf(
    resource("aws:s3/bucket:Bucket", "lake", { bucket: BUCKET }),
    ...["gold.py", "observations.sql", "alerts.sql"].map((file) =>
      upload(file, { path: resolve("etl", file) }),
    ),
    ...TABLES.map((table) => upload(`${table.name}.json`, { text: tableText(table) })),
    ...["raw", "gold"].flatMap((name) => [
      resource("aws:glue/catalogDatabase:CatalogDatabase", name, { name: `weather_${name}` }),
      ...glueRole(
        `crawl-${name}`,
        list,
        logs,
        object(`${name}/`, "s3:GetObject"),
        name === "raw" ? rawCrawlerGrants : crawlerGrant(`weather_${name}`),
      ),
    ]),
    crawler("raw", "raw/"),
    crawler("gold", "gold/observations/"),
    ...glueRole("job", ...jobGrants),
    resource("aws:glue/job:Job", "job", {
      roleArn: roleArn("job"),
      command: { scriptLocation: `s3://${BUCKET}/etl/gold.py` },
      defaultArguments: {
        "--bucket": BUCKET,
        "--tables": "observations,alerts",
        "--job-bookmark-option": "job-bookmark-disable",
      },
    }),
    resource("aws:glue/workflow:Workflow", "etl", {}),
    trigger("1", { type: "ON_DEMAND", actions: [{ crawlerName: "raw" }, { jobName: "job" }] }),
    trigger("2", conditional({ jobName: "job", state: "SUCCEEDED" }, { crawlerName: "gold" })),
  );
}

function upload(file: string, source: object): Resource {
  const key = `etl/${file}`;
  return resource("aws:s3/bucketObjectv2:BucketObjectv2", file, { bucket: BUCKET, key, source });
}

function crawlerGrant(database: string) {
  const catalog = `arn:aws:glue:${REGION}:${ACCOUNT}`;
  const actions = [
    "GetDatabase",
    "GetTable",
    "GetPartitions",
    "CreateTable",
    "UpdateTable",
    "BatchCreatePartition",
  ];
  return allow(
    actions.map((action) => `glue:${action}`),
    [`${catalog}:catalog`, `${catalog}:database/${database}`, `${catalog}:table/${database}/*`],
  );
}

function crawler(name: string, prefix: string): Resource {
  return resource("aws:glue/crawler:Crawler", name, {
    role: roleArn(`crawl-${name}`),
    databaseName: `weather_${name}`,
    s3Targets: [{ path: `s3://${BUCKET}/${prefix}` }],
    configuration: JSON.stringify({
      Version: 1,
      Grouping: { TableGroupingPolicy: "CombineCompatibleSchemas" },
      CrawlerOutput: { Partitions: { AddOrUpdateBehavior: "InheritFromTable" } },
    }),
  });
}

function trigger(name: string, inputs: object): Resource {
  return resource("aws:glue/trigger:Trigger", name, { workflowName: "etl", ...inputs });
}

function conditional(condition: object, action: object) {
  return { type: "CONDITIONAL", predicate: { conditions: [condition] }, actions: [action] };
}
