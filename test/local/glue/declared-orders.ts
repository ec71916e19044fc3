import type { Graph, Resource } from "../../../local/graph.ts";
import { resource } from "../endpoint/support.ts";
import { ordersGraph } from "./orders.ts";

export const PROJECTION = {
  "projection.enabled": "true",
  "projection.day.type": "date",
  "projection.day.format": "yyyy-MM-dd",
  "projection.day.range": "2024-04-01,NOW+1DAYS",
  "projection.day.interval": "1",
  "projection.day.interval.unit": "DAYS",
};

/** The table `orders` over `raw/orders/day=…/`, as a program declares it. */
export function ordersTable(parameters: Record<string, string> = PROJECTION): Resource {
  return resource("aws:glue/catalogTable:CatalogTable", "orders", {
    databaseName: "shop",
    name: "orders",
    tableType: "EXTERNAL_TABLE",
    parameters: { classification: "json", ...parameters },
    partitionKeys: [{ name: "day", type: "string" }],
    storageDescriptor: {
      location: "s3://shop-lake/raw/orders/",
      inputFormat: "org.apache.hadoop.mapred.TextInputFormat",
      outputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
      serDeInfo: { serializationLibrary: "org.openx.data.jsonserde.JsonSerDe" },
      columns: [
        { name: "item", type: "string", comment: "What was ordered." },
        { name: "price", type: "double", comment: "In euro." },
      ],
    },
  });
}

/** The orders with their table declared, and a crawler of that table whose inputs are changed by `crawler`. */
export function declaredOrders(
  changes: {
    parameters?: Record<string, string>;
    crawler?: Record<string, unknown>;
    analystGrants?: readonly object[];
  } = {},
): Graph {
  const graph = ordersGraph({
    ...(changes.analystGrants && { analystGrants: changes.analystGrants }),
    crawler: {
      s3Targets: [],
      catalogTargets: [{ databaseName: "shop", tables: ["orders"] }],
      schemaChangePolicy: { updateBehavior: "LOG", deleteBehavior: "LOG" },
      ...changes.crawler,
    },
  });
  return { ...graph, resources: [...graph.resources, ordersTable(changes.parameters)] };
}
