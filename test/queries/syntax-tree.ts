import { DuckDBInstance } from "@duckdb/node-api";
import * as z from "zod";

/** Every object of a tree. */
export function nodesOf(tree: unknown): object[] {
  if (typeof tree !== "object" || tree === null) return [];
  return [tree, ...Object.values(tree).flatMap(nodesOf)];
}

const parsed = z.discriminatedUnion("error", [
  z.object({ error: z.literal(false), statements: z.array(z.unknown()).length(1) }),
  z.object({ error: z.literal(true), error_message: z.string() }),
]);

/** DuckDB's syntax tree. Throws when it is no single SELECT. */
export async function parse(sql: string): Promise<unknown> {
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  const serialize = "SELECT CAST(json_serialize_sql(CAST($sql AS VARCHAR)) AS VARCHAR)";
  const reader = await connection.runAndReadAll(serialize, { sql });
  connection.closeSync();
  const answer = parsed.parse(JSON.parse(String(reader.getRows()[0]?.[0])));
  if (answer.error) throw new SyntaxError(answer.error_message);
  return answer.statements[0];
}
