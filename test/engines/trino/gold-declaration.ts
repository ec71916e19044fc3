import type { TableDefinition } from "../../../etl/table-definition.ts";
import { TABLES } from "../../../etl/tables.ts";
import { type Graph, type Resource, resourcesOfType } from "../../../local/graph.ts";
import { GLUE_TABLE_TYPE } from "./glue-tables.ts";

/** The graph as it is once the program declares its gold tables. To be deleted then: `tablesOfGraph(graph)` is enough. */
export function withGoldDeclared(graph: Graph): Graph {
  if (resourcesOfType(graph, GLUE_TABLE_TYPE).length > 0) return graph;
  return { ...graph, resources: [...graph.resources, ...TABLES.map((table) => declared(graph, table))] };
}

function declared(graph: Graph, { name, columns }: TableDefinition): Resource {
  const location = `s3://${bucketOf(graph)}/gold/${name}/`;
  const inputs = {
    name,
    databaseName: goldDatabaseOf(graph),
    tableType: "EXTERNAL_TABLE",
    storageDescriptor: {
      location,
      inputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
      outputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
      serDeInfo: { serializationLibrary: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe" },
      columns: columns.map((column) => ({
        name: column.name,
        type: column.type === "integer" ? "int" : column.type,
      })),
    },
    partitionKeys: [{ name: "day", type: "string" }],
    parameters: {
      classification: "parquet",
      "projection.enabled": "true",
      "projection.day.type": "date",
      "projection.day.format": "yyyy-MM-dd",
      "projection.day.range": "2000-01-01,NOW+1DAYS",
      "projection.day.interval": "1",
      "projection.day.interval.unit": "DAYS",
      "storage.location.template": `${location}day=\${day}/`,
    },
  };
  return {
    urn: `urn:pulumi:${graph.stack}::${graph.project}::${GLUE_TABLE_TYPE}::${name}`,
    type: GLUE_TABLE_TYPE,
    name,
    id: name,
    inputs,
    outputs: inputs,
    dependencies: [],
    propertyDependencies: {},
    secrets: [],
    protect: false,
  };
}

function bucketOf(graph: Graph): string {
  const [bucket] = resourcesOfType(graph, "aws:s3/bucket:Bucket");
  return String(bucket?.outputs.bucket);
}

function goldDatabaseOf(graph: Graph): string {
  const database = resourcesOfType(graph, "aws:glue/catalogDatabase:CatalogDatabase").find(
    ({ name }) => name === "gold",
  );
  return String(database?.outputs.name);
}
