import * as z from "zod";
import { TABLES } from "../../etl/tables.ts";
import { nodesOf, parse } from "./syntax-tree.ts";

/**
 * Where a query would read a table of gold whole, in words; empty when it never does. Each table that a SELECT reads must
 * have, among the conditions that its WHERE joins by AND, `day BETWEEN x AND y` whose x and y need no row to be known. This
 * is the syntax tree's word: a comment is not in it, and a function of `day` or a condition of JOIN is none of those.
 */
export async function unfilteredTables(sql: string): Promise<string[]> {
  const tree = await parse(sql);
  const offences: string[] = [];
  let judged = 0;
  for (const node of nodesOf(tree)) {
    const select = selectNode.safeParse(node).data;
    if (select === undefined) continue;
    const tables = leavesOf(select.from_table);
    const conditions = conjunctsOf(select.where_clause);
    for (const table of tables.map((leaf) => goldTable.safeParse(leaf).data)) {
      if (table === undefined) continue;
      judged += 1;
      if (table.column_name_alias.length > 0) offences.push(`${table.table_name} has its columns renamed`);
      else if (!conditions.some((condition) => boundsDay(condition, table, tables.length === 1)))
        offences.push(`${table.table_name} is read without day BETWEEN`);
    }
  }
  const named = nodesOf(tree).filter((node) => goldTable.safeParse(node).success).length;
  if (named !== judged) offences.push("a table is read outside of a FROM");
  if (nodesOf(tree).some(readsFiles)) offences.push("files are read without a table");
  return offences;
}

/**
 * Names of common table expressions that a query reads more than once: Trino puts each into its place and reads the table
 * below as often, and Athena bills every time. Those without a table of gold below are not told apart; none is needed twice.
 */
export async function readAgain(sql: string): Promise<string[]> {
  const nodes = nodesOf(await parse(sql));
  const references = nodes.flatMap((node) => {
    const name = tableReference.safeParse(node).data?.table_name.toLowerCase();
    return name === undefined || TABLES.some((table) => table.name === name) ? [] : [name];
  });
  return [...new Set(references.filter((name, index) => references.indexOf(name) !== index))];
}

const tableReference = z.object({ type: z.literal("BASE_TABLE"), table_name: z.string() });

const selectNode = z.object({
  type: z.literal("SELECT_NODE"),
  from_table: z.unknown(),
  where_clause: z.unknown(),
});

const join = z.object({ type: z.literal("JOIN"), left: z.unknown(), right: z.unknown() });

const goldTable = z.object({
  type: z.literal("BASE_TABLE"),
  table_name: z
    .string()
    .transform((name) => name.toLowerCase())
    .refine((name) => TABLES.some((table) => table.name === name)),
  alias: z.string(),
  column_name_alias: z.array(z.unknown()),
});

const conjunction = z.object({ type: z.literal("CONJUNCTION_AND"), children: z.array(z.unknown()) });

const between = z.object({
  type: z.literal("COMPARE_BETWEEN"),
  input: z.object({ type: z.literal("COLUMN_REF"), column_names: z.array(z.string()) }),
  lower: z.unknown(),
  upper: z.unknown(),
});

const rowDependent = z.object({ class: z.enum(["COLUMN_REF", "SUBQUERY"]) });

const tableFunction = z.object({
  type: z.literal("TABLE_FUNCTION"),
  function: z.object({ function_name: z.string() }),
});

function boundsDay(condition: unknown, table: z.infer<typeof goldTable>, isAlone: boolean): boolean {
  const filter = between.safeParse(condition).data;
  if (filter === undefined) return false;
  const name = filter.input.column_names.join(".").toLowerCase();
  const owner = (table.alias || table.table_name).toLowerCase();
  const isDay = name === `${owner}.day` || (isAlone && name === "day");
  return isDay && !nodesOf([filter.lower, filter.upper]).some((node) => rowDependent.safeParse(node).success);
}

/** What a FROM names, however it joins them. */
function leavesOf(from: unknown): unknown[] {
  const joined = join.safeParse(from).data;
  return joined === undefined ? [from] : [...leavesOf(joined.left), ...leavesOf(joined.right)];
}

function conjunctsOf(condition: unknown): unknown[] {
  const all = conjunction.safeParse(condition).data;
  return all === undefined ? [condition] : all.children.flatMap(conjunctsOf);
}

function readsFiles(node: unknown): boolean {
  const call = tableFunction.safeParse(node).data;
  return call !== undefined && call.function.function_name !== "unnest";
}
