import * as z from "zod";
import { parse } from "./syntax-tree.ts";

/** Of each `?` of a query, in the order of the text, whether the innermost query around it has it in its WHERE, by the syntax tree. */
export async function areInWhere(sql: string): Promise<boolean[]> {
  const found = parametersBelow(await parse(sql), false);
  return found.sort((a, b) => a.position - b.position).map(({ isInWhere }) => isInWhere);
}

interface Parameter {
  /** In the order of the text, from 1. */
  readonly position: number;
  readonly isInWhere: boolean;
}

const parameter = z.object({ class: z.literal("PARAMETER"), identifier: z.coerce.number().int() });

/** A SELECT, or what joins several: UNION, a common table expression, with its own ORDER BY and LIMIT. */
const query = z.object({ type: z.string().endsWith("_NODE") });

function parametersBelow(node: unknown, isInWhere: boolean): Parameter[] {
  if (typeof node !== "object" || node === null) return [];
  const { data } = parameter.safeParse(node);
  if (data !== undefined) return [{ position: data.identifier, isInWhere }];
  const isQuery = query.safeParse(node).success;
  return Object.entries(node).flatMap(([key, below]) =>
    parametersBelow(below, isQuery ? key === "where_clause" : isInWhere),
  );
}
