import { createCommand, type Invocation, outOption } from "./command.ts";

/**
 * Options of the command stand here; those of a saved query are its parameters, so `query/arguments.ts` defines a command
 * for the query that was named.
 */
export const query = (invocation: Invocation) => {
  const command = createCommand("query", "data")
    .summary("list the saved queries, run one, or run SQL of your own")
    .description(
      `Without a name: lists the saved queries. With one: runs it on the gold of the last local run, or on Athena with --stack. \`query NAME --help\` lists the parameters of a query.

What it cost, or would have, goes to standard error. Exit code: 0 answered, 1 the query failed, 2 bad input, 130 stopped by Ctrl-C, which also stops the query on Athena.`,
    )
    .usage("[name] [--PARAMETER VALUE …] [options]")
    .argument("[words...]", "a saved query, and with --plot the columns to draw")
    .option(
      "--sql <sql>",
      "one statement that only reads: SELECT, WITH, SHOW, DESCRIBE or EXPLAIN, in Athena's dialect; gold tables by their names, raw ones as DATABASE.TABLE",
    )
    .option("--file <file>", "the same, from a file")
    .option("--format <format>", "table (the default), csv or json")
    .option("--json", "the same as --format json", false)
    .option("--plot", "draw it over time, for results with a column of times", false)
    .option("--stack <name>", "Athena, in that stack's workgroup; needs the Pulumi CLI and AWS credentials")
    .addOption(outOption)
    .helpOption(false)
    .option("--help", "print this text, or that of a saved query", false)
    .allowUnknownOption()
    .action(async (words, options) => {
      const { runQuery } = await import("./query/run.ts");
      await runQuery(words, options, invocation, () => command.outputHelp());
    });
  return command;
};
