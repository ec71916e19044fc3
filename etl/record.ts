import * as z from "zod";

const columnSchema = z.strictObject({
  /** Name in gold. */
  name: z.string().regex(/^[a-z][a-z_]*$/),
  type: z.enum(["string", "double", "integer", "timestamp"]),
  /** Unit of the figures, as Tomorrow.io's metric units write it; absent where there is none. */
  unit: z.string().optional(),
  nullable: z.boolean(),
  /** Dotted path of the leaf in an archived line. */
  source: z.string(),
});

const recordSchema = z.strictObject({
  columns: z.array(columnSchema),
  /** Leaves of the archived line that order rows but are no column. */
  ordering: z.array(z.string()),
});

export type GoldColumn = z.infer<typeof columnSchema>;
/** The one list of fields, `etl/record.json`: what gold holds and where in an archived line it comes from. */
export type RecordFields = z.infer<typeof recordSchema>;

/** A folder of leaves or, where `null`, a leaf. */
export type RawShape = { readonly [name: string]: RawShape | null };

/** Thrown when `record.json` is not the list of fields that the transformation needs. */
export class RecordFieldsError extends Error {
  override readonly name = "RecordFieldsError";
}

/** Reads the text of `record.json`. Throws {@link RecordFieldsError} with every problem found. */
export function parseRecordFields(text: string): RecordFields {
  const parsed = recordSchema.safeParse(parseJson(text));
  if (!parsed.success) throw new RecordFieldsError(z.prettifyError(parsed.error), { cause: parsed.error });
  return parsed.data;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new RecordFieldsError("the list of fields is not JSON", { cause });
  }
}

/** The nested shape of an archived line as far as gold needs it. */
export function rawShape(fields: RecordFields): RawShape {
  const paths = [...fields.columns.map((column) => column.source), ...fields.ordering].map((path) =>
    path.split("."),
  );
  return shapeOf(paths);
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
