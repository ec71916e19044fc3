import type { Column, StorageDescriptor } from "./catalog-shapes.ts";

export type TableFormat = "json" | "parquet";

/** How Hive, and so Athena, reads files of the format. */
const READERS = {
  json: {
    InputFormat: "org.apache.hadoop.mapred.TextInputFormat",
    OutputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
    SerializationLibrary: "org.openx.data.jsonserde.JsonSerDe",
  },
  parquet: {
    InputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
    OutputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
    SerializationLibrary: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
  },
} as const;

/** The storage descriptor a crawler writes for files of a format below `location`. */
export function storageOf(
  { format, columns, compressed }: { format: TableFormat; columns: readonly Column[]; compressed: boolean },
  location: string,
): StorageDescriptor {
  const { InputFormat, OutputFormat, SerializationLibrary } = READERS[format];
  const paths = columns.map(({ Name }) => Name).join(",");
  return {
    Columns: [...columns],
    Location: location,
    InputFormat,
    OutputFormat,
    Compressed: compressed,
    NumberOfBuckets: -1,
    SerdeInfo: {
      SerializationLibrary,
      Parameters: format === "json" ? { paths } : { "serialization.format": "1" },
    },
    Parameters: { classification: format, compressionType: compressed ? "gzip" : "none", typeOfData: "file" },
    StoredAsSubDirectories: false,
  };
}

/** The format of a table by its reader; undefined for one that this run cannot read. */
export function formatOf({ SerdeInfo }: StorageDescriptor): TableFormat | undefined {
  return (["json", "parquet"] as const).find(
    (format) => READERS[format].SerializationLibrary === SerdeInfo.SerializationLibrary,
  );
}
