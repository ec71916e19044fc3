/**
 * Stands in for `observations.py` in the local run: the same arguments, the same SQL, DuckDB in place of Spark.
 * Prints one line of JSON when done; exits with an error that names what is wrong otherwise.
 */
import { parseArgs } from "node:util";
import { S3Client } from "@aws-sdk/client-s3";
import { createS3Lake } from "./lake.ts";
import { rebuild } from "./rebuild.ts";

const started = performance.now();
const s3 = new S3Client({ forcePathStyle: true });
const { values } = parseArgs({
  // Glue adds its own arguments (--job-language, --TempDir, …).
  strict: false,
  options: {
    bucket: { type: "string" },
    raw_prefix: { type: "string", default: "raw/" },
    gold_prefix: { type: "string", default: "gold/observations/" },
    state_prefix: { type: "string", default: "state/etl/observations/" },
    sql_uri: { type: "string" },
    schema_uri: { type: "string" },
  },
});

function argument(name: keyof typeof values): string {
  const value = values[name];
  if (typeof value !== "string" || value === "")
    throw new Error(`--${name} is missing: the Glue job must pass it`);
  return value;
}

async function readText(uri: string): Promise<string> {
  const [, bucket, key] = /^s3:\/\/([^/]+)\/(.+)$/.exec(uri) ?? [];
  if (bucket === undefined || key === undefined)
    throw new Error(`"${uri}" is not of the form s3://BUCKET/KEY`);
  return Buffer.from(await createS3Lake(s3, bucket).read(key)).toString("utf8");
}

const report = await rebuild(createS3Lake(s3, argument("bucket")), {
  rawPrefix: argument("raw_prefix"),
  goldPrefix: argument("gold_prefix"),
  statePrefix: argument("state_prefix"),
  sql: await readText(argument("sql_uri")),
  fields: await readText(argument("schema_uri")),
});
s3.destroy();
console.log(JSON.stringify({ ...report, seconds: Math.round(performance.now() - started) / 1000 }));
