import * as z from "zod";
import type { Cell, QueryResult } from "../../../local/athena/result.ts";

/** Thrown when Trino refuses or fails a statement. */
export class TrinoError extends Error {
  override readonly name = "TrinoError";
  /** E.g. `COLUMN_NOT_FOUND`: https://github.com/trinodb/trino/blob/476/core/trino-spi/src/main/java/io/trino/spi/StandardErrorCode.java */
  readonly code: string;

  constructor(code: string, message: string) {
    super(`${code}: ${message}`);
    this.code = code;
  }
}

export type Value = string | number;
export type Answer = Pick<QueryResult, "columns" | "rows">;

export interface TrinoClient {
  /** Runs one statement, `values` in place of its `?`. Throws {@link TrinoError}. */
  run(sql: string, values?: readonly Value[], session?: SessionProperties): Promise<Answer>;
}

/** E.g. `{ "catalog.query_partition_filter_required": "true" }` */
export type SessionProperties = Readonly<Record<string, string>>;

const pageSchema = z.object({
  nextUri: z.url().optional(),
  columns: z.array(z.object({ name: z.string(), type: z.string() })).optional(),
  data: z.array(z.array(z.json())).optional(),
  error: z.object({ errorName: z.string(), message: z.string() }).optional(),
});

/**
 * A client of Trino's REST protocol, as much of it as tests need: https://trino.io/docs/current/develop/client-protocol.html
 * Its session is Athena's: in UTC, with one database for names without any.
 */
export function createTrinoClient(options: {
  url: string;
  catalog?: string;
  database?: string;
}): TrinoClient {
  const { url, catalog, database } = options;
  const headers = {
    "X-Trino-User": "engine-tests",
    "X-Trino-Time-Zone": "UTC",
    ...(catalog !== undefined && { "X-Trino-Catalog": catalog }),
    ...(database !== undefined && { "X-Trino-Schema": database }),
  };
  return {
    async run(sql, values = [], session = {}) {
      const properties = Object.entries(session).map(([name, value]) => `${name}=${value}`);
      let page = await fetchPage(new URL("/v1/statement", url), {
        method: "POST",
        headers: { ...headers, "X-Trino-Session": properties.join(",") },
        body: bindParameters(sql, values),
      });
      let columns = page.columns;
      const rows = [...(page.data ?? [])];
      while (page.nextUri !== undefined) {
        page = await fetchPage(page.nextUri, { headers });
        columns ??= page.columns;
        rows.push(...(page.data ?? []));
      }
      return readAnswer(columns ?? [], rows);
    },
  };
}

async function fetchPage(url: string | URL, init: RequestInit): Promise<z.infer<typeof pageSchema>> {
  const response = await fetch(url, init);
  const text = await response.text();
  if (!response.ok) throw new TrinoError(`HTTP ${response.status}`, text);
  const page = pageSchema.parse(JSON.parse(text));
  if (page.error !== undefined) throw new TrinoError(page.error.errorName, page.error.message);
  return page;
}

/** `EXPLAIN` goes before `EXECUTE`, for `?` inside of an explained statement get no value. */
function bindParameters(sql: string, values: readonly Value[]): string {
  if (values.length === 0) return sql;
  const [explain = ""] = /^EXPLAIN \(TYPE \w+\) /.exec(sql) ?? [];
  const statement = literal(sql.slice(explain.length));
  return `${explain}EXECUTE IMMEDIATE ${statement} USING ${values.map(literal).join(", ")}`;
}

function literal(value: Value): string {
  return typeof value === "number" ? String(value) : `'${value.replaceAll("'", "''")}'`;
}

function readAnswer(
  columns: readonly { name: string; type: string }[],
  rows: readonly z.JSONType[][],
): Answer {
  const types = columns.map(({ type }) => type.replace(/\(\d+\)/, ""));
  return {
    columns: columns.map(({ name }, index) => ({ name, type: types[index] ?? "" })),
    rows: rows.map((row) => row.map((value, index) => readCell(value, types[index] ?? ""))),
  };
}

function readCell(value: z.JSONType, type: string): Cell {
  if (value === null || typeof value === "boolean" || typeof value === "number") return value;
  if (typeof value !== "string") return JSON.stringify(value);
  // What JSON has no number for.
  return type === "double" || type === "real" ? Number(value) : value;
}
