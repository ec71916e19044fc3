import { readFile, rm } from "node:fs/promises";
import { join, relative } from "node:path";
import type { QueryTable, TableColumn } from "../../../local/athena/tables.ts";
import { graphOf, resource } from "../../local/endpoint/support.ts";
import { type Lake, openLake } from "../../local/glue/lake.ts";
import { type GoldRow, writeGold } from "../../queries/weather-table.ts";

export const BUCKET = "lake-1a2b3c4";
export const WORKGROUP = "queries-5d6e7f8";

export interface GoldLake extends Lake {
  readonly database: string;
  /** Environment of a shell that talks to the lake's services instead of AWS's, as the operator. */
  readonly environment: Readonly<Record<string, string>>;
}

/** A lake whose gold holds these rows, with the services of AWS that serve it. */
export async function openGoldLake(rows: readonly GoldRow[]): Promise<GoldLake> {
  const { tables, directory } = await writeGold(rows);
  const database = tables[0]?.database ?? "";
  const lake = await openLake(
    graphOf(
      resource("aws:s3/bucket:Bucket", BUCKET, { bucket: BUCKET }),
      resource("aws:glue/catalogDatabase:CatalogDatabase", database, { name: database }),
      resource("aws:glue/catalogDatabase:CatalogDatabase", "raw", { name: "raw" }),
      resource("aws:athena/workgroup:Workgroup", WORKGROUP, {
        configuration: { resultConfiguration: { outputLocation: `s3://${BUCKET}/results/` } },
      }),
    ),
  );
  for (const table of tables) await declareTable(lake, table, directory);
  await rm(directory, { recursive: true });
  const { operator } = lake.identities;
  return Object.assign(lake, {
    database,
    environment: {
      AWS_ENDPOINT_URL: lake.endpoint.url,
      AWS_ACCESS_KEY_ID: operator.accessKeyId,
      AWS_SECRET_ACCESS_KEY: operator.secretAccessKey,
    },
  });
}

/** Puts the files of a table into the bucket, and the table with its partitions into the catalog. */
async function declareTable(lake: Lake, table: QueryTable, directory: string): Promise<void> {
  const { database: DatabaseName, name: Name } = table;
  const location = `s3://${BUCKET}/gold/${Name}/`;
  const columns = (described: readonly TableColumn[]) =>
    described.map(({ name, type }) => ({ Name: name, Type: type }));
  const parquet = (Location: string) => ({
    Columns: columns(table.columns),
    Location,
    InputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
    OutputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
    SerdeInfo: { SerializationLibrary: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe" },
  });
  const keys = table.files.map((file) => relative(directory, file));
  for (const key of keys) await lake.put(BUCKET, key, await readFile(join(directory, key)));
  const { operator } = lake.identities;
  await lake.endpoint.gateway.call(operator, "glue", "CreateTable", {
    DatabaseName,
    TableInput: {
      Name,
      TableType: "EXTERNAL_TABLE",
      StorageDescriptor: parquet(location),
      PartitionKeys: columns(table.partitionKeys),
    },
  });
  if (keys.length === 0) return;
  await lake.endpoint.gateway.call(operator, "glue", "BatchCreatePartition", {
    DatabaseName,
    TableName: Name,
    PartitionInputList: keys.map((key) => {
      const day = /day=([^/]+)/.exec(key)?.[1] ?? "";
      return { Values: [day], StorageDescriptor: parquet(`${location}day=${day}/`) };
    }),
  });
}
