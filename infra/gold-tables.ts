import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ATHENA_TYPES, type TableColumn, type TableDefinition } from "../etl/table-definition.ts";
import { DAY_COLUMN } from "../etl/tables.ts";

/**
 * A table of gold as the Glue catalog has it. The days are computed and not looked up (partition projection): one is
 * visible as soon as its file is there, and a day without a file is empty.
 * https://docs.aws.amazon.com/athena/latest/ug/partition-projection.html
 */
export function goldTableArgs(
  table: TableDefinition,
  bucket: pulumi.Input<string>,
): Omit<aws.glue.CatalogTableArgs, "databaseName"> & { name: string } {
  const location = pulumi.interpolate`s3://${bucket}/gold/${table.name}/`;
  return {
    name: table.name,
    description: table.title,
    tableType: "EXTERNAL_TABLE",
    parameters: {
      classification: "parquet",
      // As a crawler finds it, for Parquet is compressed inside; where it was missing, crawlers have refused the table.
      compressionType: "none",
      "projection.enabled": "true",
      "projection.day.type": "date",
      "projection.day.format": "yyyy-MM-dd",
      // What is older is no record (handlers/weather/observation/record.ts); a record may be a day ahead of its arrival.
      "projection.day.range": "2000-01-01,NOW+1DAYS",
      "projection.day.interval": "1",
      "projection.day.interval.unit": "DAYS",
      "storage.location.template": pulumi.concat(location, `day=\${${DAY_COLUMN.name}}/`),
    },
    partitionKeys: [glueColumn(DAY_COLUMN)],
    storageDescriptor: {
      location,
      inputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
      outputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
      serDeInfo: { serializationLibrary: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe" },
      columns: table.columns.map(glueColumn),
    },
  };
}

function glueColumn({ name, type, unit, description }: TableColumn) {
  return {
    name,
    type: ATHENA_TYPES[type],
    comment: unit === undefined ? description : `${description} In ${unit}.`,
  };
}
