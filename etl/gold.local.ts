/**
 * Stands in for `gold.py` in the local run: the same arguments, the same SQL, DuckDB in place of Spark.
 * Prints metrics, and as its last line the report; exits with an error that names what is wrong otherwise.
 */
import { S3Client } from "@aws-sdk/client-s3";
import { parseArguments } from "./arguments.ts";
import { runJob } from "./job.ts";
import { createS3Lake } from "./lake.ts";
import { metricLines } from "./report.ts";

const job = parseArguments(process.argv.slice(2));
const s3 = new S3Client({ forcePathStyle: true });
const report = await runJob(createS3Lake(s3, job.bucket), job);
s3.destroy();
const metrics = job.dryRun ? [] : metricLines(job.job, report);
console.log([...metrics, JSON.stringify(report)].join("\n"));
