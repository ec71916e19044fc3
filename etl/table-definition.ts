import * as z from "zod";

const columnSchema = z.strictObject({
  /** Name in gold. */
  name: z.string().regex(/^[a-z][a-z_]*$/),
  type: z.enum(["string", "double", "integer", "timestamp"]),
  /** Unit of the figures; absent where there is none. */
  unit: z.string().optional(),
  nullable: z.boolean(),
  /** Dotted path of the leaf in an archived line; absent where the transformation computes the column. */
  source: z.string().optional(),
  description: z.string(),
});

const tableSchema = z.strictObject({
  /** Of the table, its folder below `gold/` and its transformation `etl/NAME.sql`. */
  name: z.string(),
  title: z.string(),
  /** Folder of the raw objects, ending in `/`. */
  rawPrefix: z.string().endsWith("/"),
  /** Columns that together name a row. */
  key: z.array(z.string()),
  /** How the rows of a day lie in their file: what a query asks for together lies together. */
  sort: z.array(z.string()),
  /** In the order of the Parquet files; the partition `day` follows. */
  columns: z.array(columnSchema),
  /** Columns of the view `raw` that the transformation reads: dotted paths of an archived line. */
  view: z.record(z.string(), z.string()),
  /** Leaves of the archived line that the transformation reads but that are not the source of a column. */
  alsoRead: z.array(z.string()),
});

export type TableColumn = Readonly<z.infer<typeof columnSchema>>;
/** One table of gold: what it holds, and where in an archived line that comes from. */
export type TableDefinition = Readonly<z.infer<typeof tableSchema>>;

/** Types as Athena's DDL and the Glue catalog name them: https://docs.aws.amazon.com/athena/latest/ug/data-types.html */
export const ATHENA_TYPES: Readonly<Record<TableColumn["type"], string>> = {
  string: "string",
  double: "double",
  integer: "int",
  timestamp: "timestamp",
};

/** A folder of leaves or, where `null`, a leaf. */
export type RawShape = { readonly [name: string]: RawShape | null };

/** Thrown when `etl/NAME.json` is not what {@link tableText} writes. */
class TableDefinitionError extends Error {
  override readonly name = "TableDefinitionError";
}

/** The definition as the job reads it from the bucket, `etl/NAME.json`. */
export function tableText(table: TableDefinition): string {
  return `${JSON.stringify(table, null, 2)}\n`;
}

/** Reads what {@link tableText} wrote. Throws {@link TableDefinitionError} with every problem found. */
export function parseTable(text: string): TableDefinition {
  const parsed = tableSchema.safeParse(parseJson(text));
  if (!parsed.success) throw new TableDefinitionError(z.prettifyError(parsed.error), { cause: parsed.error });
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new TableDefinitionError("the table's definition is not JSON", { cause });
  }
}

/** The nested shape of an archived line as far as gold needs it. */
export function rawShape({ columns, alsoRead }: TableDefinition): RawShape {
  const sources = columns.flatMap(({ source }) => (source === undefined ? [] : [source]));
  return shapeOf([...sources, ...alsoRead].map((path) => path.split(".")));
}

function shapeOf(paths: readonly (readonly string[])[]): RawShape {
  const groups = Map.groupBy(paths, ([head]) => head ?? "");
  return Object.fromEntries(
    [...groups].map(([name, members]) => {
      const rest = members.map((path) => path.slice(1)).filter((path) => path.length > 0);
      return [name, rest.length === 0 ? null : shapeOf(rest)];
    }),
  );
}
