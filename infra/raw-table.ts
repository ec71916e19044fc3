import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ATHENA_TYPES, type RawShape, rawShape, type TableDefinition } from "../etl/table-definition.ts";

/** The one table of the raw database. */
export const RECORDS = "records";

/** Folders of the archive, from the longest span to the shortest. */
const PARTITIONS = ["year", "month", "day", "hour"];

/**
 * The table of the records as they came, one row for each archived line: the top of a line as columns, and what lies
 * below as the text of its JSON. So no name and no value of a field can make the table unreadable, and every field can
 * be asked for: docs/decisions/0017-raw-is-declared-as-text.md
 */
export function rawTableArgs(
  table: TableDefinition,
  bucket: pulumi.Input<string>,
): Omit<aws.glue.CatalogTableArgs, "databaseName"> {
  const descriptions = new Map(table.columns.map(({ source, description }) => [source, description]));
  return {
    name: RECORDS,
    description: "Records as they came, one row for each archived line",
    tableType: "EXTERNAL_TABLE",
    parameters: { classification: "json", compressionType: "gzip" },
    partitionKeys: PARTITIONS.map((name) => ({
      name,
      type: ATHENA_TYPES.string,
      comment: `UTC ${name} of the observation.`,
    })),
    storageDescriptor: {
      location: pulumi.interpolate`s3://${bucket}/${table.rawPrefix}`,
      inputFormat: "org.apache.hadoop.mapred.TextInputFormat",
      outputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
      compressed: true,
      // https://docs.aws.amazon.com/athena/latest/ug/openx-json-serde.html
      serDeInfo: {
        serializationLibrary: "org.openx.data.jsonserde.JsonSerDe",
        parameters: {
          // With the default, a line with two spellings of a field fails the query: "Duplicate key".
          "case.insensitive": "FALSE",
          // A line that is not JSON, which the archive does not write, is a row of NULL.
          "ignore.malformed.json": "TRUE",
        },
      },
      columns: Object.entries(rawShape(table)).map(([name, shape]) => ({
        name,
        type: ATHENA_TYPES.string,
        comment: shape === null ? descriptions.get(name) : jsonComment(shape),
      })),
    },
  };
}

function jsonComment(shape: RawShape): string {
  return `JSON of ${Object.keys(shape).join(", ")} and whatever else came.`;
}
