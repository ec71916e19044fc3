import { spawn } from "node:child_process";
import { once } from "node:events";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { archivedLine, gzipLines, rawKey } from "../../etl/memory-lake.ts";
import { BUCKET, weatherGraph } from "../../etl/weather-graph.ts";
import { projectDirectory } from "../../infra/program.ts";
import { type Lake, openLake } from "../../local/glue/lake.ts";
import { type PulumiAnswers, printedConfig, standInPulumi } from "../subscriptions/support.ts";

const answers: PulumiAnswers = {
  config: printedConfig({}),
  "stack output": { bucket: BUCKET },
  "stack export": exported("aws:glue/job:Job", "job"),
};

describe("npm run etl on AWS", function () {
  this.timeout(60_000);
  let lake: Lake;

  before(async () => {
    lake = await openLake(weatherGraph());
    await putDay("2024-05-01");
    await putDay("2024-05-02");
  });

  after(async () => {
    await lake[Symbol.asyncDispose]();
  });

  function putDay(day: string, name = "a"): Promise<void> {
    return lake.put(
      BUCKET,
      rawKey(`${day}T10`, name),
      gzipLines([archivedLine({ time: `${day}T10:00:00Z` })]),
    );
  }

  async function run(parameters: readonly string[], given: PulumiAnswers = answers) {
    await using pulumi = await standInPulumi(given);
    const { accessKeyId, secretAccessKey } = lake.identities.operator;
    const child = spawn(
      process.execPath,
      [join(projectDirectory, "cli/main.ts"), "etl", "--stack", "dev", ...parameters],
      {
        cwd: tmpdir(),
        env: {
          HOME: "/nowhere",
          PATH: pulumi.directory,
          AWS_EC2_METADATA_DISABLED: "true",
          AWS_ENDPOINT_URL: lake.endpoint.url,
          AWS_ACCESS_KEY_ID: accessKeyId,
          AWS_SECRET_ACCESS_KEY: secretAccessKey,
        },
        stdio: ["ignore", "pipe", "pipe"],
      },
    );
    const said = { stdout: "", stderr: "" };
    for (const stream of ["stdout", "stderr"] as const) {
      child[stream].setEncoding("utf8").on("data", (text: string) => {
        said[stream] += text;
      });
    }
    const [code] = await once(child, "close");
    return { code: code as number | null, ...said };
  }

  it("tells in a dry run what is stale and why, and starts no job", async () => {
    const { code, stdout, stderr } = await run(["--dry-run"]);

    expect({ code, stderr }).to.deep.equal({ code: 0, stderr: "" });
    expect(stdout).to.equal(
      [
        'ETL of stack "dev": dry run, nothing was written',
        "",
        "table         day         is     because",
        "────────────  ──────────  ─────  ───────",
        "observations  2024-05-01  stale  new",
        "observations  2024-05-02  stale  new",
        "",
        "table         stale  frozen  up to date",
        "────────────  ─────  ──────  ──────────",
        "observations      2       0           0",
        "alerts            0       0           0",
        "",
      ].join("\n"),
    );
    expect(lake.glue.runs()).to.deep.equal([]);
  });

  it("names what is skipped", async () => {
    await lake.put(BUCKET, "raw/notes.txt", "");

    const { stdout } = await run(["--dry-run"]);

    await lake.remove(BUCKET, "raw/notes.txt");
    expect(stdout).to.match(/^skipped: belongs to no day, or cannot be read$/m);
    expect(stdout).to.match(/^raw\/notes\.txt$/m);
  });

  it("runs the stack's job for the days asked for, and tells what it did", async () => {
    const { code, stdout, stderr } = await run(["--from", "2024-05-02", "--to", "2024-05-02"]);

    expect(code).to.equal(0);
    expect(stderr).to.match(/^job job: SUCCEEDED$/m);
    expect(stdout)
      .to.match(/^ETL of stack "dev", days 2024-05-02 to 2024-05-02: run jr_[0-9a-f]+ on duckdb, [\d.]+ s$/m)
      .and.match(/^observations {2}2024-05-02 {2}rebuilt {2}new$/m)
      .and.match(/^observations +1 +0 +0 +1 +1 +0 +0 +[\d.]+$/m);
    expect(lake.glue.runs().at(-1)?.arguments).to.include({ "--from": "2024-05-02", "--to": "2024-05-02" });
  });

  it("gives the report of its own run as JSON", async () => {
    await putDay("2024-05-02", "late");

    const { code, stdout } = await run(["--json"]);

    const { run: id, tables } = JSON.parse(stdout);
    expect({ code, id }).to.deep.equal({ code: 0, id: lake.glue.runs().at(-1)?.id });
    expect(tables.observations.reasons).to.deep.equal({
      "2024-05-01": "new",
      "2024-05-02": "raw changed",
    });
  });

  it("answers 1 when the job fails, with its error", async () => {
    const key = "state/etl/observations/day=2024-05-01.json";
    await lake.put(BUCKET, key, "{}");

    const { code, stdout, stderr } = await run([]);

    await lake.remove(BUCKET, key);
    expect({ code, stdout }).to.deep.equal({ code: 1, stdout: "" });
    expect(stderr).to.match(/^run jr_[0-9a-f]+ of job job: FAILED .*day=2024-05-01\.json is not a marker/m);
  });

  const refused: [string, string[], PulumiAnswers, RegExp][] = [
    [
      "a day that is none",
      ["--from", "2024-13-01"],
      answers,
      /^--from is "2024-13-01"; allowed: a day that exists/,
    ],
    [
      "days the wrong way round",
      ["--from", "2024-05-02", "--to", "2024-05-01"],
      answers,
      /^--from is "2024-05-02"; /,
    ],
    [
      "an unknown option",
      ["--days", "3"],
      answers,
      /^error: unknown option '--days'\nSee: npx stormwire etl --help\n$/,
    ],
    [
      "a stack that is not deployed",
      [],
      { ...answers, "stack output": {} },
      /^stack "dev" has no output bucket yet: run pulumi up --stack dev first\n$/,
    ],
    [
      "a stack without the job",
      [],
      { ...answers, "stack export": exported("aws:s3/bucket:Bucket", "lake") },
      /^stack "dev" has no Glue job yet/,
    ],
    [
      "a job that is gone",
      [],
      { ...answers, "stack export": exported("aws:glue/job:Job", "gone") },
      /^Glue says EntityNotFoundException: .*gone could not be found; it is in the stack's state: run pulumi up --refresh\n$/,
    ],
  ];
  for (const [name, parameters, given, message] of refused) {
    it(`answers 2 to ${name}`, async () => {
      const { code, stdout, stderr } = await run(parameters, given);
      expect({ code, stdout }).to.deep.equal({ code: 2, stdout: "" });
      expect(stderr).to.match(message);
    });
  }
});

function exported(type: string, id: string) {
  return { deployment: { resources: [{ urn: `urn:pulumi:dev::stormwire::${type}::etl`, type, id }] } };
}
