import { createCommand, type Invocation } from "./command.ts";

export const docs = (invocation: Invocation) =>
  createCommand("docs", "project")
    .summary("write the pages that are generated from other files of the project")
    .description(
      `Writes the pages, and parts of pages, that are generated from other files of the project.

Exit code: 0 done, 1 --check found a page that is out of date, 2 bad input or a saved query without its header.`,
    )
    .option("--check", "write nothing, and end with 1 when a page is out of date", false)
    .action(async (options) => {
      const { writeDocs } = await import("./docs/run.ts");
      await writeDocs(options, invocation);
    });
