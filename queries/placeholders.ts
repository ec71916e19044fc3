/** One `?` of a query's text. */
interface Placeholder {
  /** From 1. */
  readonly line: number;
  /** Directly in the WHERE of the innermost query around it, which is where Athena takes parameters. */
  readonly isInWhere: boolean;
}

/** Clauses that end a WHERE, and queries that begin. FROM is not among them: it stands before a WHERE, or in EXTRACT. */
const OUTSIDE = new Set(
  "SELECT VALUES WITH GROUP HAVING WINDOW QUALIFY ORDER LIMIT OFFSET FETCH UNION INTERSECT EXCEPT".split(" "),
);

interface Level {
  readonly isQuery: boolean;
  readonly isInWhere: boolean;
}

const TOP: Level = { isQuery: false, isInWhere: false };

/** The question marks outside of comments, string literals and quoted names. */
export function placeholdersOf(sql: string): Placeholder[] {
  const found: Placeholder[] = [];
  const outer: Level[] = [];
  let level = TOP;
  for (const { 0: token, index } of withoutText(sql).matchAll(/\w+|[()?]/g)) {
    const word = token.toUpperCase();
    if (token === "?")
      found.push({ line: sql.slice(0, index).split("\n").length, isInWhere: level.isInWhere });
    else if (token === "(") {
      outer.push(level);
      level = { isQuery: false, isInWhere: level.isInWhere };
    } else if (token === ")") level = outer.pop() ?? TOP;
    else if (OUTSIDE.has(word)) level = { isQuery: level.isQuery || word === "SELECT", isInWhere: false };
    // An aggregate's FILTER (WHERE …) is none.
    else if (word === "WHERE" && level.isQuery) level = { isQuery: true, isInWhere: true };
  }
  return found;
}

/** Blanks in place of what is no code, so that each character keeps its place. */
export function withoutText(sql: string): string {
  return sql.replaceAll(/--[^\n]*|\/\*[\s\S]*?\*\/|'(?:[^']|'')*'|"(?:[^"]|"")*"/g, (text) =>
    text.replaceAll(/[^\n]/g, " "),
  );
}
