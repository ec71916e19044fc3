import type { GlueTable } from "./glue-tables.ts";

/** Thrown when a table of the catalog says something that this translation does not know. */
export class UntranslatableTableError extends Error {
  override readonly name = "UntranslatableTableError";
}

/** Hive's names of types, which Glue uses, and Trino's. */
const TYPES: Readonly<Record<string, string>> = {
  string: "varchar",
  double: "double",
  int: "integer",
  bigint: "bigint",
  boolean: "boolean",
  timestamp: "timestamp",
  date: "date",
};

/** SerDes as Glue names them, Trino's format, and the parameters that are lost: no statement of Trino can say them. */
const FORMATS: Readonly<Record<string, { format: string; lost: readonly string[] }>> = {
  "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe": { format: "PARQUET", lost: [] },
  // Of keys that are one without their case, Trino takes the last.
  "org.openx.data.jsonserde.JsonSerDe": {
    format: "OPENX_JSON",
    lost: ["case.insensitive", "ignore.malformed.json"],
  },
};

/** A property of a projected column: Glue's word behind `projection.COLUMN.`, and how Trino writes its value. */
const PROJECTION: Readonly<Record<string, (value: string) => string>> = {
  type: text,
  format: text,
  range: list,
  values: list,
  digits: String,
  interval: String,
  "interval.unit": text,
};

/**
 * Trino's `CREATE TABLE` for a table of the Glue catalog, partition projection included: what Athena does with the
 * declaration, Trino does with the statement. https://trino.io/docs/current/connector/hive.html#partition-projection
 * @param translate S3 address to the one that Trino has the files under
 * @throws {UntranslatableTableError}
 */
export function createTableStatement(table: GlueTable, translate: (s3Uri: string) => string): string {
  const { name, databaseName, storageDescriptor, partitionKeys } = table;
  const columns = [
    ...storageDescriptor.columns.map((column) => columnOf(table, column)),
    ...partitionKeys.map((key) => columnOf(table, key) + projectionOf(table, key.name)),
  ];
  const { serializationLibrary, parameters = {} } = storageDescriptor.serDeInfo;
  const serde = FORMATS[serializationLibrary];
  if (serde === undefined) throw new UntranslatableTableError(`${name}: SerDe ${serializationLibrary}`);
  const unknown = Object.keys(parameters).find((parameter) => !serde.lost.includes(parameter));
  if (unknown !== undefined) throw new UntranslatableTableError(`${name}: parameter ${unknown} of the SerDe`);
  const properties = [
    `external_location = ${text(translate(storageDescriptor.location))}`,
    `format = ${text(serde.format)}`,
    `partitioned_by = ${list(partitionKeys.map((key) => key.name).join(","))}`,
    ...tableProjection(table, translate),
  ];
  return `CREATE TABLE ${identifier(databaseName)}.${identifier(name)} (\n  ${columns.join(",\n  ")}\n)\nWITH (\n  ${properties.join(",\n  ")}\n)`;
}

function columnOf(table: GlueTable, column: { name: string; type: string }): string {
  const type = TYPES[column.type];
  if (type === undefined)
    throw new UntranslatableTableError(`${table.name}.${column.name}: type ${column.type}`);
  return `${identifier(column.name)} ${type}`;
}

function projectionOf(table: GlueTable, column: string): string {
  const prefix = `projection.${column}.`;
  const properties = Object.entries(table.parameters)
    .filter(([parameter]) => parameter.startsWith(prefix))
    .map(([parameter, value]) => {
      const word = parameter.slice(prefix.length);
      const write = PROJECTION[word];
      if (write === undefined) throw new UntranslatableTableError(`${table.name}: parameter ${parameter}`);
      return `partition_projection_${word.replace(".", "_")} = ${write(value)}`;
    });
  return properties.length === 0 ? "" : ` WITH (${properties.join(", ")})`;
}

function tableProjection({ parameters }: GlueTable, translate: (s3Uri: string) => string): string[] {
  const { "projection.enabled": enabled, "storage.location.template": template } = parameters;
  return [
    ...(enabled === undefined ? [] : [`partition_projection_enabled = ${enabled}`]),
    ...(template === undefined
      ? []
      : [`partition_projection_location_template = ${text(translate(template))}`]),
  ];
}

function text(value: string): string {
  return `'${value.replaceAll("'", "''")}'`;
}

/** Glue lists with commas. */
function list(value: string): string {
  const items = value.split(",").filter((item) => item !== "");
  return `ARRAY[${items.map(text).join(", ")}]`;
}

function identifier(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}
