/**
 * Stands in for `gold.py` in the local run: the same arguments, the same SQL, DuckDB in place of Spark.
 * Prints one line of JSON when done; exits with an error that names what is wrong otherwise.
 */
import { parseArgs } from "node:util";
import { S3Client } from "@aws-sdk/client-s3";
import { createS3Lake } from "./lake.ts";
import { type RebuildReport, rebuild } from "./rebuild.ts";

const started = performance.now();
const { values } = parseArgs({
  // Glue adds its own arguments (--job-language, --TempDir, …).
  strict: false,
  options: {
    bucket: { type: "string" },
    tables: { type: "string" },
    etl_prefix: { type: "string", default: "etl/" },
  },
});

function argument(name: keyof typeof values): string {
  const value = values[name];
  if (typeof value !== "string" || value === "")
    throw new Error(`--${name} is missing: the Glue job must pass it`);
  return value;
}

const s3 = new S3Client({ forcePathStyle: true });
const lake = createS3Lake(s3, argument("bucket"));
const readText = async (file: string) =>
  Buffer.from(await lake.read(`${argument("etl_prefix")}${file}`)).toString("utf8");

const reports: Record<string, RebuildReport> = {};
for (const name of argument("tables").split(",")) {
  reports[name] = await rebuild(lake, {
    table: await readText(`${name}.json`),
    sql: await readText(`${name}.sql`),
  });
}
s3.destroy();
console.log(JSON.stringify({ ...reports, seconds: Math.round(performance.now() - started) / 1000 }));
