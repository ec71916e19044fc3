import { execFileSync } from "node:child_process";
import type { Context } from "mocha";

/** Loads the job's functions as `job`, without Spark or boto3, which importing the file would need. */
const LOAD_JOB = `
import json, runpy, sys, types
for name in ('boto3', 'pyspark', 'pyspark.sql'): sys.modules[name] = types.ModuleType(name)
sys.modules['pyspark.sql'].DataFrame = sys.modules['pyspark.sql'].SparkSession = object
sys.dont_write_bytecode = True
job = types.SimpleNamespace(**runpy.run_path('etl/gold.py', run_name='job'))
`;

/**
 * What `script` prints; `job` is the Spark job's module in it, `given` the value of that name. Skips the test where
 * there is no python3.
 */
export function runWithJob(test: Context, script: string, given: unknown = null): string {
  try {
    return execFileSync("python3", ["-c", `${LOAD_JOB}\ngiven = json.load(sys.stdin)\n${script}`], {
      encoding: "utf8",
      input: JSON.stringify(given),
    }).trim();
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "ENOENT")) throw error;
    console.log("      skipped: no python3 on PATH to compare with");
    return test.skip();
  }
}
