import { copyFile, mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, join } from "node:path";
import { pathToFileURL } from "node:url";
import { type JobReport, jobReportSchema } from "../../../etl/report.ts";
import { runCommand } from "../support/command.ts";
import type { ServedLake } from "../support/served-lake.ts";
import type { Spark } from "./install.ts";

export interface JobOptions {
  /** Arguments of this run. */
  readonly argv?: readonly string[];
  /** Kills the run. */
  readonly signal?: AbortSignal;
}

/** A session anywhere but in UTC: what the job writes must not depend on it. */
const ELSEWHERE = "America/Sao_Paulo";

/**
 * Runs the job's own script, as uploaded, on Spark with two cores. S3 calls go to the served lake with the role of the
 * job; Spark's own reads and writes go to the bucket's files, for its S3 connector is Glue's and not in pyspark.
 */
export async function runSparkJob(
  { python, javaHome }: Spark,
  lake: ServedLake,
  { argv = [], signal }: JobOptions = {},
): Promise<JobReport> {
  const { job, bucketDirectory, jobEnvironment } = lake;
  return await inEmptyFolder(async (cwd) => {
    // The driver finds the modules that the program names, beside the script. Executors do not: their path has neither.
    const folder = join(cwd, "script");
    const script = await download(lake, job.script.key, folder);
    for (const key of extraPythonFiles(lake)) await download(lake, key, folder);
    const root = ["--data_root", pathToFileURL(bucketDirectory).href];
    const { stdout } = await runCommand(python, [script, ...argumentsOf(lake, argv), ...root], {
      cwd,
      ...(signal && { signal }),
      env: {
        ...jobEnvironment,
        PATH: process.env.PATH,
        HOME: cwd, // no AWS configuration of whoever runs the tests
        TMPDIR: cwd,
        TZ: ELSEWHERE,
        JAVA_HOME: javaHome,
        SPARK_LOCAL_IP: "127.0.0.1",
        PYSPARK_SUBMIT_ARGS:
          "--master local[2] --driver-memory 1g --conf spark.ui.enabled=false pyspark-shell",
      },
    });
    return parseReport(stdout);
  });
}

/** Runs the job's stand-in of the local run, DuckDB in place of Spark, on the same lake. */
export async function runDuckdbJob(lake: ServedLake, { argv = [] }: JobOptions = {}): Promise<JobReport> {
  const { stdout } = await runCommand(process.execPath, [lake.job.localScript, ...argumentsOf(lake, argv)], {
    env: { ...lake.jobEnvironment, PATH: process.env.PATH },
  });
  return parseReport(stdout);
}

/** Keys of the modules that Glue puts on Python's path before it runs the script. */
function extraPythonFiles({ job }: ServedLake): string[] {
  const root = `s3://${job.script.bucket}/`;
  const urls = job.defaultArguments["--extra-py-files"]?.split(",") ?? [];
  const foreign = urls.find((url) => !url.startsWith(root));
  if (foreign !== undefined) throw new Error(`--extra-py-files has "${foreign}", which is not in ${root}`);
  return urls.map((url) => url.slice(root.length));
}

async function download({ bucketDirectory }: ServedLake, key: string, folder: string): Promise<string> {
  const path = join(folder, basename(key));
  await mkdir(folder, { recursive: true });
  await copyFile(join(bucketDirectory, key), path);
  return path;
}

/** The job's arguments from the program, those of one run, and what Glue adds. */
function argumentsOf({ job }: ServedLake, argv: readonly string[]): string[] {
  const ofGlue = ["--JOB_NAME", job.name, "--JOB_RUN_ID", "jr_1"];
  return [...Object.entries(job.defaultArguments).flat(), ...argv, ...ofGlue];
}

/** The report is the last line: what comes before is the engine's. */
function parseReport(stdout: string): JobReport {
  return jobReportSchema.parse(JSON.parse(stdout.trim().split("\n").at(-1) ?? ""));
}

async function inEmptyFolder<Result>(use: (folder: string) => Promise<Result>): Promise<Result> {
  const folder = await mkdtemp(join(tmpdir(), "stormwire-spark-"));
  try {
    return await use(folder);
  } finally {
    // The Java of a job that was killed notices it a moment later, and writes until then.
    await rm(folder, { recursive: true, force: true, maxRetries: 10 });
  }
}
