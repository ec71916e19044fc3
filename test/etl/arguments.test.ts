import { expect } from "chai";
import { ArgumentError, type JobArguments, parseArguments } from "../../etl/arguments.ts";
import { TABLES } from "../../etl/tables.ts";
import { runWithJob } from "./python.ts";

const needed = ["--bucket", "lake", "--tables", "observations,alerts"];

describe("the job's arguments", () => {
  const taken: [string, string[], Partial<JobArguments>][] = [
    ["those of the job", [], { bucket: "lake", tables: ["observations", "alerts"], dryRun: false }],
    [
      "what Glue adds",
      ["--job-language", "python", "--TempDir", "s3://x/", "--JOB_NAME", "etl-1", "--JOB_RUN_ID", "jr_1"],
      { job: "etl-1", run: "jr_1" },
    ],
    ["one table", ["--tables", "alerts"], { tables: ["alerts"] }],
    [
      "days",
      ["--from", "2024-02-29", "--to", "2024-02-29"],
      { asked: { from: "2024-02-29", to: "2024-02-29" } },
    ],
    ["days from one on", ["--from", "2024-05-01"], { asked: { from: "2024-05-01" } }],
    ["days up to one", ["--to", "2024-05-01"], { asked: { to: "2024-05-01" } }],
    ["a dry run", ["--dry_run", "true"], { dryRun: true }],
  ];
  for (const [name, argv, expected] of taken) {
    it(`take ${name}`, () => {
      expect(parseArguments([...needed, ...argv])).to.deep.include(expected);
    });
  }

  const refused: [string[], string][] = [
    [["--from", "2024-13-01"], '--from is "2024-13-01"; allowed: a day that exists, YYYY-MM-DD'],
    [["--to", "2023-02-29"], '--to is "2023-02-29"; allowed: a day that exists, YYYY-MM-DD'],
    [["--from", "20240501"], '--from is "20240501"; allowed: a day that exists, YYYY-MM-DD'],
    [["--from", ""], '--from is ""; allowed: a day that exists, YYYY-MM-DD'],
    [
      ["--from", "2024-05-02", "--to", "2024-05-01"],
      '--from is "2024-05-02"; allowed: a day not after --to, 2024-05-01',
    ],
    [
      ["--tables", "observations,rain"],
      '--tables is "observations,rain"; allowed: observations, alerts, separated by commas',
    ],
    [["--tables", "alerts,"], '--tables is "alerts,"; allowed: observations, alerts, separated by commas'],
    [["--tables", ""], "--tables is missing: the Glue job must pass it"],
    [["--bucket", ""], "--bucket is missing: the Glue job must pass it"],
    [["--JOB_NAME", ""], "--JOB_NAME is missing: the Glue job must pass it"],
    [["--dry_run", "yes"], '--dry_run is "yes"; allowed: true, false'],
  ];
  for (const [argv, message] of refused) {
    it(`are refused: ${argv.join(" ")}`, () => {
      expect(() => parseArguments([...needed, ...argv])).to.throw(ArgumentError, message);
    });
  }

  it("are those of the Spark job, refused in the same words", function () {
    const argvs = [...taken.map(([, argv]) => argv), ...refused.map(([argv]) => argv)];

    const answers: unknown = JSON.parse(
      runWithJob(
        this,
        PARSE_ALL,
        argvs.map((argv) => [...needed, ...argv]),
      ),
    );

    expect(answers).to.deep.equal([
      ...taken.map(([, argv]) => {
        const { bucket, tables, etlPrefix, asked, dryRun, job, run } = parseArguments([...needed, ...argv]);
        return [
          bucket,
          tables.join(","),
          etlPrefix,
          asked?.from ?? null,
          asked?.to ?? null,
          String(dryRun),
          job,
          run,
        ];
      }),
      ...refused.map(([, message]) => message),
    ]);
  });

  it("name the tables there are, in the Spark job as well", function () {
    const names = TABLES.map(({ name }) => name);
    expect(JSON.parse(runWithJob(this, "print(json.dumps(job.TABLES))"))).to.deep.equal(names);
  });
});

const PARSE_ALL = `
def parse(argv):
    try:
        a = job.parse_arguments(argv)
        return [a.bucket, a.tables, a.etl_prefix, a.first, a.last, a.dry_run, a.JOB_NAME, a.JOB_RUN_ID]
    except job.ArgumentError as error:
        return str(error)
print(json.dumps([parse(argv) for argv in given]))
`;
