import type { JobArguments } from "./arguments.ts";
import type { Lake } from "./lake.ts";
import { rebuild } from "./rebuild.ts";
import { type JobReport, reportKey, type TableReport } from "./report.ts";

/** Brings the tables up to date, leaves the report in the bucket and returns it. A dry run writes nothing at all. */
export async function runJob(lake: Lake, job: Omit<JobArguments, "job">): Promise<JobReport> {
  const startedAt = new Date();
  const started = performance.now();
  const tables: Record<string, TableReport> = {};
  for (const name of job.tables) tables[name] = await rebuildTable(lake, name, job);
  const report: JobReport = {
    run: job.run,
    engine: "duckdb",
    startedAt: startedAt.toISOString(),
    seconds: secondsSince(started),
    dryRun: job.dryRun,
    from: job.asked?.from ?? null,
    to: job.asked?.to ?? null,
    tables,
  };
  if (!job.dryRun) await lake.write(reportKey(report), `${JSON.stringify(report)}\n`);
  return report;
}

async function rebuildTable(lake: Lake, name: string, job: Omit<JobArguments, "job">): Promise<TableReport> {
  const started = performance.now();
  const readText = async (file: string) =>
    Buffer.from(await lake.read(`${job.etlPrefix}${file}`)).toString("utf8");
  const report = await rebuild(lake, {
    table: await readText(`${name}.json`),
    sql: await readText(`${name}.sql`),
    ...(job.asked && { asked: job.asked }),
    dryRun: job.dryRun,
  });
  return { ...report, seconds: secondsSince(started) };
}

function secondsSince(started: number): number {
  return Math.round(performance.now() - started) / 1000;
}
