import { execFileSync } from "node:child_process";
import type { Context } from "mocha";

/** Loads the functions of the job's modules as `job`, without Spark, which one of them would need. */
const LOAD_JOB = `
import glob, importlib, json, os, sys, types
names = ('pyspark', 'pyspark.cloudpickle', 'pyspark.sql', 'pyspark.sql.functions')
sys.modules.update((name, types.ModuleType(name)) for name in names)
sys.modules['pyspark'].cloudpickle = sys.modules['pyspark.cloudpickle']
by_value = []
sys.modules['pyspark.cloudpickle'].register_pickle_by_value = by_value.append
sys.modules['pyspark.sql.functions'].udf = None
sys.modules['pyspark.sql'].DataFrame = sys.modules['pyspark.sql'].SparkSession = object
sys.dont_write_bytecode = True
sys.path.insert(0, 'etl')
job = types.SimpleNamespace()
for path in glob.glob('etl/gold_*.py'):
    job.__dict__.update(vars(importlib.import_module(os.path.basename(path)[:-3])))
`;

/**
 * What `script` prints; `job` has the Spark job's functions in it, `given` the value of that name. Skips the test where
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
