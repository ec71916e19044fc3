import { ATHENA_TYPES, type TableColumn, type TableDefinition } from "../../etl/table-definition.ts";
import { DAY_COLUMN, TABLES } from "../../etl/tables.ts";
import { code, markdownTable } from "./markdown.ts";

const INTRODUCTION = `<!-- Generated from etl/tables.ts and handlers/weather/observation/fields.ts by npm run docs: change those. -->
# Data dictionary

This page describes the gold tables for queries on Athena. The same definition gives the columns of the Glue catalog with their
comments, the fields that the job reads, and this page.

- Times are UTC, without a zone. Values are metric. NULL means unknown, never zero.
- A good value is unchanged from the weather API. An impossible or unlikely value is NULL in its column and is kept in \`flags\`
  with its flag, so that no query counts it by mistake. \`npx stormwire query flagged_values\` lists these values.
- Always limit the days of a query, \`WHERE day BETWEEN '2024-04-29' AND '2024-05-05'\`. The days are the folders, so Athena reads
  only these. It reads only the columns that the query names.
- A day is empty until the job has written its file.
`;

/** The text of docs/data-dictionary.md. */
export function dataDictionary(): string {
  return [INTRODUCTION, ...TABLES.map(tableSection)].join("\n");
}

function tableSection(table: TableDefinition): string {
  const facts = [
    ["key", table.key.map(code).join(", ")],
    ["partition", `${code(DAY_COLUMN.name)}, the UTC day of the event`],
    ["files", code(`gold/${table.name}/day=YYYY-MM-DD/${table.name}.parquet`)],
    ["sorted by", table.sort.map(code).join(", ")],
    ["made by", code(`etl/${table.name}.sql`)],
    ["raw", code(`${table.rawPrefix}year=YYYY/month=MM/day=DD/hour=HH/*.ndjson.gz`)],
  ];
  const head = ["column", "type", "unit", "NULL", "source in a raw line", "what it is"];
  const rows = [...table.columns, DAY_COLUMN].map((column) => columnRow(column, table));
  return `## ${table.name}\n\n${table.title}.\n\n${markdownTable(["", ""], facts)}\n${markdownTable(head, rows)}`;
}

function columnRow(
  { name, type, unit = "", nullable, source, description }: TableColumn,
  table: TableDefinition,
) {
  return [
    code(name),
    ATHENA_TYPES[type],
    unit,
    nullable ? "may be" : "never",
    source === undefined ? computed(name, table) : code(source),
    description,
  ];
}

function computed(name: string, { rawPrefix }: TableDefinition): string {
  return name === DAY_COLUMN.name ? `folder below ${code(rawPrefix)}` : "computed";
}
