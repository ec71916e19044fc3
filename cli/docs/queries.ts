import {
  PARAMETER_KINDS,
  type ParameterKind,
  parameterValues,
  type QueryParameter,
} from "../../queries/parameters.ts";
import type { SavedQuery } from "../../queries/saved-queries.ts";
import { sqlLiteral } from "../query/athena-values.ts";
import { isPlottable } from "../query/plot-columns.ts";
import { DOLLARS_PER_TERABYTE } from "../query/price.ts";
import { code, markdownTable } from "./markdown.ts";

const introduction = (
  example: SavedQuery,
  queries: readonly SavedQuery[],
) => `<!-- Generated from the headers of queries/*.sql by npm run docs: change those. -->
# Saved queries

${queriesList(queries)}
Each query is a file in \`queries/\`, in Athena's dialect, with \`?\` for each parameter.

| where | how |
|---|---|
| the last local run, on DuckDB | \`npx stormwire query NAME --location porto-alegre\` |
| a stack on AWS, on Athena | \`npx stormwire query NAME --stack dev\`; ends with the bytes scanned and the price, Ctrl-C stops the query |
| Athena's console | the named query of the same name, in the stack's workgroup; it asks for the values |
| any other client of Athena | the prepared statement of the same name: ${code(executeStatement(example))} |

Named queries and prepared statements serve different people. A named query is text to read, change and run in the console. A prepared
statement is called by name, so a dashboard or a script always runs the deployed text, with values that never become SQL.

\`%\` stands for every location. Any other text is the name of one location, without wildcards.

On the command line a value is \`--PARAMETER VALUE\`; in SQL the values are literals in the order of the table. \`last\` is the last
day with data: in a local run the newest day in gold, on AWS today in UTC. \`last-30d\` is thirty days before it. Only
\`npx stormwire query\` knows these two; Athena itself accepts plain days. The command rejects values that do not fit a parameter. If
there are no rows, it reads the locations of gold and their days (on Athena with a second query of the column \`location\`, which
costs the minimum). A location that is not in gold and days without data are errors; otherwise it shows what gold has. \`--format\`
prints \`table\`, \`csv\` or \`json\`, and \`--plot\` draws a query if its section says so.

Athena bills the bytes that it reads: $${DOLLARS_PER_TERABYTE} per terabyte, and at least 10 MB per query
([prices](https://aws.amazon.com/athena/pricing/)). From Parquet it reads the columns that a query names, for the days between
\`from\` and \`to\`. It stops a query that would read more than the workgroup's \`scanLimitMegabytes\`.

## SQL of your own

\`\`\`sh
npx stormwire query --sql "SELECT location, MAX(wind_gust) AS gust FROM observations GROUP BY location"
npx stormwire query --file gusts.sql --stack dev --format csv
npx stormwire query --sql "SELECT * FROM stormwire_dev_raw.records WHERE year = '2024' LIMIT 10" --stack dev
\`\`\`

\`--sql\` and \`--file\` accept one statement that only reads (\`SELECT\`, \`WITH\`, \`SHOW\`, \`DESCRIBE\`, \`EXPLAIN\`). Other
statements are rejected before they are sent. Gold tables need only their names. Raw tables need the name of their database, which is
\`stormwire_local_raw\` in a local run. On Athena the workgroup's scan limit applies, and the command shows bytes and price as for a
saved query. \`--plot\` draws the numbers over the time column, if the result has exactly one.
A local run uses DuckDB, which does not know all of Athena's syntax and shows \`SHOW\`, \`DESCRIBE\` and \`EXPLAIN\` in its own way.

## A saved query of your own

Add a file to \`queries/\` that begins with these lines, then run \`npm run docs\`. \`npx stormwire query\` names and skips a file
without these lines, and \`pulumi preview\` rejects it:

\`\`\`sql
-- title: Worst gusts
-- question: Which hours were the windiest?
-- columns: location, observed_at UTC, wind_gust m/s
-- parameters: location = %, from = last-30d, to = last, at_least = 10, season = all (all|summer|winter)
-- cost: location, time and gusts of every day between from and to
\`\`\`

Each \`?\` has a parameter, in the order of the text. Its default decides what it accepts: a day, a number, numbers as
\`20/50\`, a time zone as \`America/Sao_Paulo\`, or text. To set this explicitly, write one of ${PARAMETER_KINDS.map((kind) => code(`(${kind})`)).join(", ")}, the
allowed values, or a range \`(-40..60)\` after the default. A column is a name and a unit; \`UTC\` and \`local …\` are units of times.
A query can be plotted when one column is a time and others have units.

A \`?\` can only be in a WHERE, because Athena accepts parameters
[only there](https://docs.aws.amazon.com/athena/latest/ug/querying-with-prepared-statements.html). A file with one in a
SELECT, a JOIN's ON, a HAVING or an UNNEST is rejected. A WHERE can still choose a value that the rest of the query computes
with: join the possible values, and keep the one that fits.

\`\`\`sql
SELECT month, SUM(is_windy) AS windy_hours
FROM hourly
CROSS JOIN (VALUES (0), (1)) AS flags (is_windy)
WHERE is_windy = CASE WHEN gust >= ? THEN 1 ELSE 0 END -- not SUM(CASE WHEN gust >= ? …)
GROUP BY month
\`\`\`
`;

/** `docs/queries.md`. */
export function queriesPage(queries: readonly SavedQuery[]): string {
  return [
    ...queries.slice(0, 1).map((example) => introduction(example, queries)),
    ...queries.map(querySection),
  ].join("\n");
}

/** A query called as a prepared statement, its days as if one in spring were the last. */
function executeStatement({ name, parameters }: SavedQuery): string {
  const literals = parameterValues(parameters, { lastDay: "2024-05-31" }).map(sqlLiteral);
  return [`EXECUTE ${name}`, literals.join(", ")].join(literals.length > 0 ? " USING " : "");
}

function queriesList(queries: readonly SavedQuery[]): string {
  return queries.map(({ name, question }) => `- ${code(name)}: ${question}\n`).join("");
}

function querySection(query: SavedQuery): string {
  const { name, title, question, parameters, columns, cost } = query;
  return [
    `## ${title}\n`,
    `${code(`npx stormwire query ${name}`)}: ${question}\n`,
    ...(parameters.length > 0
      ? [markdownTable(["parameter", "takes", "default"], parameters.map(parameterRow))]
      : []),
    markdownTable(
      ["column", "unit"],
      columns.map((column) => [code(column.name), column.unit ?? ""]),
    ),
    `Scans ${cost}.${isPlottable(query) ? " `--plot` draws it." : ""}\n`,
  ].join("\n");
}

function parameterRow(parameter: QueryParameter): string[] {
  return [code(parameter.name), takes(parameter), code(parameter.default)];
}

const KINDS = {
  day: "a day",
  number: "a number",
  numbers: "numbers with slashes between them",
  zone: "an IANA time zone",
  text: "text",
} as const satisfies Record<ParameterKind, string>;

function takes({ kind, allowed, range }: QueryParameter): string {
  if (allowed !== undefined) return allowed.map(code).join(", ");
  const limits = range === undefined ? "" : ` from ${range.from} to ${range.to}`;
  return `${KINDS[kind]}${limits}`;
}
