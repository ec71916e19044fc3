import type { Column, StorageDescriptor } from "./catalog.ts";

export interface CrawlTarget {
  readonly bucket: string;
  /** Ends in `/`, or is empty for a whole bucket. */
  readonly prefix: string;
}

/** Thrown when the folders below a crawler's target do not form a table. */
export class TableLayoutError extends Error {
  override readonly name = "TableLayoutError";
}

export interface PartitionFolder {
  readonly values: readonly string[];
  /** `s3://BUCKET/PREFIX/key=value/`. */
  readonly location: string;
  readonly keys: readonly string[];
}

export interface TableLayout {
  readonly partitionKeys: readonly Column[];
  /** One folder without values when the table has no partitions. */
  readonly folders: readonly PartitionFolder[];
}

/** Parses `s3://BUCKET/PATH/`. Throws {@link TableLayoutError} for anything else. */
export function parseTarget(path: string): CrawlTarget {
  const [, bucket, rest = ""] = /^s3:\/\/([^/]+)\/?(.*)$/.exec(path) ?? [];
  if (bucket === undefined)
    throw new TableLayoutError(`crawler target "${path}" is not of the form s3://BUCKET/PATH`);
  return { bucket, prefix: rest === "" || rest.endsWith("/") ? rest : `${rest}/` };
}

/** A crawler names a table after the last folder of its target, in lower case and with `_` for other characters. */
export function tableName({ bucket, prefix }: CrawlTarget, tablePrefix: string): string {
  const folder = prefix.split("/").findLast((part) => part !== "") ?? bucket;
  return `${tablePrefix}${folder}`.toLowerCase().replaceAll(/[^a-z0-9_]/g, "_");
}

/**
 * Groups the keys below the target by folder. `key=value` folders are partition columns named by their keys, other
 * folders `partition_0`, …, all strings, as in Glue. Throws {@link TableLayoutError} when the folders do not agree.
 */
export function layOut(target: CrawlTarget, keys: readonly string[]): TableLayout {
  const folders = Map.groupBy(keys, (key) => key.slice(target.prefix.length, key.lastIndexOf("/") + 1));
  const columns = [...new Set([...folders.keys()].map((folder) => columnNames(folder).join("/")))];
  if (columns.length > 1) {
    const shown = columns.map((names) => `"${names}"`).join(" and ");
    throw new TableLayoutError(
      `folders below s3://${target.bucket}/${target.prefix} differ in their partition columns: ${shown}`,
    );
  }
  const names = (columns[0] ?? "").split("/").filter((name) => name !== "");
  const twice = names.find((name, index) => names.indexOf(name) < index);
  if (twice !== undefined) {
    throw new TableLayoutError(
      `folders below s3://${target.bucket}/${target.prefix} have the partition column "${twice}" twice`,
    );
  }
  return {
    partitionKeys: names.map((Name) => ({ Name, Type: "string" })),
    folders: [...folders].map(([folder, keys]) => ({
      values: partsOf(folder).map((part) => part.slice(part.indexOf("=") + 1)),
      location: `s3://${target.bucket}/${target.prefix}${folder}`,
      keys,
    })),
  };
}

function columnNames(folder: string): string[] {
  return partsOf(folder).map((part, index) => {
    const equals = part.indexOf("=");
    return equals < 0 ? `partition_${index}` : part.slice(0, equals).toLowerCase();
  });
}

function partsOf(folder: string): string[] {
  return folder.split("/").filter((part) => part !== "");
}

export type TableFormat = "json" | "parquet";

/** The classes with which Hive, and so Athena, reads the files of a format. */
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

/** The storage descriptor that a crawler writes for files below `location`. */
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

/** The format of a table by its SerDe; undefined for one that is not emulated. */
export function formatOf({ SerdeInfo }: StorageDescriptor): TableFormat | undefined {
  return (["json", "parquet"] as const).find(
    (format) => READERS[format].SerializationLibrary === SerdeInfo.SerializationLibrary,
  );
}
