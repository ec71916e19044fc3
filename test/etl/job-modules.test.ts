import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { jobsOf } from "../../local/glue/job.ts";
import { resourcesOfType } from "../../local/graph.ts";
import { BUCKET_OBJECT_TYPES } from "../../local/s3/buckets.ts";
import { graphOf } from "../infra/loader/graphs.ts";
import { projectDirectory } from "../infra/program.ts";
import { runWithJob } from "./python.ts";

describe("the job's script", () => {
  it("has the modules that it imports with it, and no others", async () => {
    const graph = await graphOf({ stack: "local" });
    const [job] = jobsOf(graph);
    const uploaded = BUCKET_OBJECT_TYPES.flatMap((type) => resourcesOfType(graph, type)).map(
      ({ inputs }) => `s3://${inputs.bucket}/${inputs.key}`,
    );

    const named = job?.defaultArguments["--extra-py-files"]?.split(",") ?? [];
    const imported = await importsOf("gold");

    expect(imported).to.have.length.greaterThan(1);
    expect(named).to.have.members(imported.map((module) => `s3://${job?.script.bucket}/etl/${module}.py`));
    expect(uploaded).to.include.members(named);
  });
});

describe("the job on Spark", () => {
  it("hands functions of its modules to executors by value: they may not be able to import them", async function () {
    const sent = runWithJob(
      this,
      `
import re
used = set(name for path in glob.glob('etl/gold_*.py') for name in re.findall(r"udf\\((\\w+)\\.", open(path).read()))
print(json.dumps([sorted(used), [module.__name__ for module in by_value]]))
`,
    );

    expect(JSON.parse(sent)).to.deep.equal([["gold_objects"], ["gold_objects"]]);
  });

  it("makes a Spark context in each run, also when no day is stale", async function () {
    const calls = runWithJob(
      this,
      `
sys.modules['boto3'] = types.ModuleType('boto3')
sys.modules['boto3'].client = lambda service: None
import gold
calls = []
gold.spark_session = lambda: calls.append('session')
gold.run = lambda lake, arguments: calls.append('run') or {'dryRun': True}
out, sys.stdout = sys.stdout, sys.stderr
gold.main(['--JOB_NAME', 'etl', '--JOB_RUN_ID', 'jr_1', '--bucket', 'lake', '--tables', 'observations', '--etl_prefix', 'etl/'])
print(json.dumps(calls), file=out)
`,
    );

    expect(JSON.parse(calls)).to.deep.equal(["session", "run"]);
  });
});

/** The project's modules that one imports, also by way of others; each once. */
async function importsOf(script: string): Promise<string[]> {
  const found = new Set([script]);
  for (const module of found) {
    const text = await readFile(join(projectDirectory, `etl/${module}.py`), "utf8");
    for (const [, name = ""] of text.matchAll(/^(?:from|import) (gold_\w+)/gm)) found.add(name);
  }
  return [...found].filter((module) => module !== script);
}
