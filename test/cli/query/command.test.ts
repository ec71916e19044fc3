import { createServer } from "node:http";
import { expect } from "chai";
import { hourly } from "../../queries/weather-table.ts";
import { type PulumiAnswers, runCommand, standInPulumi } from "../subscriptions/support.ts";
import { BUCKET, type GoldLake, openGoldLake, WORKGROUP } from "./gold-lake.ts";
import { runQuery } from "./run-query.ts";

const ROWS = hourly("2024-04-30T00:00:00Z", 30, (hour) => ({
  temperature: hour % 4 === 0 ? null : hour,
  rain_intensity: 0.5,
}));
const DAYS = ["--from", "2024-04-30", "--to", "2024-05-01"];

describe("npm run query -- --stack NAME", function () {
  this.timeout(60_000);
  let lake: GoldLake;
  let answers: PulumiAnswers;

  before(async () => {
    lake = await openGoldLake(ROWS);
    answers = {
      config: {
        "aws:region": { value: "eu-central-1", secret: false },
        "stormwire:apiKey": { secret: true },
      },
      "stack output": { workgroup: WORKGROUP, database: lake.database, bucket: BUCKET },
    };
  });

  after(() => lake[Symbol.asyncDispose]());

  /** In this process, with this environment and no other. */
  async function onStack(
    argv: readonly string[],
    pulumi: PulumiAnswers,
    environment: Record<string, string>,
  ) {
    await using stand = await standInPulumi(pulumi);
    using _ = environmentOf({ ...environment, PATH: stand.directory });
    const ended = await runQuery(["--stack", "dev", ...argv]);
    return { ...ended, calls: await stand.calls().catch(() => []) };
  }

  for (const format of ["table", "csv", "json"]) {
    it(`prints the same ${format} as the local run, and on standard error what it cost`, async () => {
      const argv = ["daily_summary", ...DAYS, "--format", format];

      const { code, out, error, calls } = await onStack(argv, answers, lake.environment);

      const local = await runQuery([...argv, "--out", lake.directory]);
      expect({ code, out }, error).to.deep.equal({ code: 0, out: local.out });
      expect(error).to.match(/^scanned [\d.]+ kB, \$0\.00005\n$/);
      expect(local.error).to.match(
        /^its tables have [\d.]+ kB of files; Athena would take \$0\.00005 at most\n$/,
      );
      expect(calls).to.deep.equal([
        ["stack", "output", "--json", "--stack", "dev", "--non-interactive"],
        ["config", "--json", "--stack", "dev", "--non-interactive"],
      ]);
    });
  }

  it("counts days back from today, in UTC", async () => {
    await onStack(["gaps"], answers, lake.environment);
    expect(lake.athena.executions().at(-2)?.parameters.slice(1, 3)).to.deep.equal([
      "'2024-04-03'",
      "'2024-05-03'",
    ]);
  });

  it("is the same as a command of its own", async () => {
    await using pulumi = await standInPulumi(answers);
    const argv = ["daily_summary", ...DAYS];

    const { code, stdout, stderr } = await runCommand("query", [...argv, "--stack", "dev"], {
      ...lake.environment,
      PATH: pulumi.directory,
    });

    const local = await runQuery([...argv, "--out", lake.directory]);
    expect({ code, stdout }, stderr).to.deep.equal({ code: 0, stdout: local.out });
    expect(stderr).to.match(/^scanned .*\n$/);
  });

  it("takes input for values, never for SQL", async () => {
    const { out, error, code } = await onStack(
      ["gaps", ...DAYS, "--location", "' OR 1 = 1 --", "--format", "csv"],
      answers,
      lake.environment,
    );

    const [{ text, parameters } = {}, lookup] = lake.athena.executions().slice(-2);
    expect({ code, out }, error).to.deep.equal({ code: 2, out: "" });
    expect(error).to.match(
      /^--location "' OR 1 = 1 --" is not in gold: gold has poa \(2024-04-30 to 2024-05-01\)/,
    );
    expect(text).not.to.include("1 = 1");
    expect(lookup?.text).to.include("GROUP BY location");
    expect(parameters).to.deep.equal(["''' OR 1 = 1 --'", "'2024-04-30'", "'2024-05-01'", "60"]);
  });

  it("checks a location against gold's, and bills both queries", async () => {
    const ask = (location: string) =>
      onStack(["gaps", ...DAYS, "--location", location], answers, lake.environment);

    const unknown = await ask("po_");
    const calm = await ask("poa");

    expect({ code: unknown.code, out: unknown.out }, unknown.error).to.deep.equal({ code: 2, out: "" });
    expect(unknown.error).to.match(
      /^--location "po_" is not in gold: gold has poa \(2024-04-30 to 2024-05-01\); did you mean "poa"\?\nscanned .*, \$0\.0001\n$/,
    );
    expect(calm.code, calm.error).to.equal(0);
    expect(calm.out).to.match(/\n0 rows\n$/);
    expect(calm.error).to.match(
      /^no rows; gold has poa \(2024-04-30 to 2024-05-01\)\nscanned .*, \$0\.0001\n$/,
    );
  });

  const refused: [
    string,
    { argv?: string[]; pulumi?: PulumiAnswers; shell?: Record<string, string>; message: RegExp },
  ][] = [
    [
      "a value that is no day, before it asks anybody",
      {
        argv: ["gaps", "--from", "yesterday"],
        message: /^--from yesterday is not allowed: a day as 2024-04-30/,
      },
    ],
    [
      "a stack that Pulumi does not know",
      {
        pulumi: { failing: { command: "stack output", stderr: "error: no stack named 'dev' found\n" } },
        message: /^pulumi stack output --json --stack dev failed: no stack named 'dev' found\n$/,
      },
    ],
    [
      "a stack without outputs",
      {
        pulumi: { "stack output": { database: "weather" } },
        message: /^stack "dev" has no output workgroup yet: run pulumi up --stack dev first\n$/,
      },
    ],
    [
      "a workgroup that is gone",
      {
        pulumi: { "stack output": { workgroup: "gone", database: "weather" } },
        message: /^Athena says InvalidRequestException: WorkGroup gone is not found\.\n$/,
      },
    ],
    [
      "a shell without credentials",
      { shell: {}, message: /^there are no AWS credentials in this shell .*\n$/ },
    ],
    [
      "foreign credentials",
      {
        shell: { AWS_ACCESS_KEY_ID: "AKIAFOREIGN", AWS_SECRET_ACCESS_KEY: "x" },
        message: /^Athena says UnrecognizedClientException: .*\n$/,
      },
    ],
    [
      "an Athena out of reach",
      {
        shell: { AWS_ENDPOINT_URL: "http://127.0.0.1:1", AWS_ACCESS_KEY_ID: "x", AWS_SECRET_ACCESS_KEY: "x" },
        message: /^Athena cannot be reached: .*\n$/,
      },
    ],
    [
      "a stack without region",
      {
        pulumi: { config: {} },
        message: /^neither the stack's config \(aws:region\) nor this shell \(AWS_REGION\) names a region\n$/,
      },
    ],
  ];
  for (const [what, { argv = ["gaps"], pulumi, shell, message }] of refused) {
    it(`says what to do about ${what}`, async () => {
      const { AWS_ENDPOINT_URL = "" } = lake.environment;

      const { code, out, error } = await onStack(
        argv,
        { ...answers, ...pulumi },
        {
          AWS_ENDPOINT_URL,
          ...(shell ?? lake.environment),
        },
      );

      expect({ code, out }, error).to.deep.equal({ code: 2, out: "" });
      expect(error).to.match(message);
    });
  }

  it("answers 1 with Athena's reason when the query fails", async () => {
    const missing = { ...answers, "stack output": { workgroup: WORKGROUP, database: "elsewhere" } };

    const { code, out, error } = await onStack(["gaps"], missing, lake.environment);

    expect({ code, out }, error).to.deep.equal({ code: 1, out: "" });
    expect(error).to.match(/^the query failed: .*observations.*\n$/);
  });

  it("stops the query on Ctrl-C, and answers 130", async () => {
    const interrupt = new AbortController();
    await using athena = await startEndlessAthena(() => interrupt.abort());
    await using pulumi = await standInPulumi(answers);
    const environment = { ...lake.environment, AWS_ENDPOINT_URL: athena.url, PATH: pulumi.directory };

    const { code, stdout, stderr } = await runCommand(
      "query",
      ["gaps", "--stack", "dev"],
      environment,
      interrupt.signal,
    );

    expect({ code, stdout }, stderr).to.deep.equal({ code: 130, stdout: "" });
    expect(stderr).to.equal("the query was stopped; what it scanned is billed, 12.3 MB as far as known\n");
    expect(athena.calls.filter((call) => call !== "GetQueryExecution")).to.deep.equal([
      "StartQueryExecution",
      "StopQueryExecution",
    ]);
  });
});

/** Replaces the environment of this process until it is disposed of. */
function environmentOf(environment: Record<string, string>): Disposable {
  const before = process.env;
  process.env = { HOME: "/nowhere", AWS_EC2_METADATA_DISABLED: "true", ...environment };
  return {
    [Symbol.dispose]() {
      process.env = before;
    },
  };
}

/** An Athena whose queries never end; `onLook` is called when somebody looks how far one is. */
async function startEndlessAthena(onLook: () => void) {
  const calls: string[] = [];
  const server = createServer((request, response) => {
    const operation = String(request.headers["x-amz-target"]).replace("AmazonAthena.", "");
    calls.push(operation);
    const execution = { Status: { State: "RUNNING" }, Statistics: { DataScannedInBytes: 12_345_678 } };
    const answer =
      operation === "GetQueryExecution" ? { QueryExecution: execution } : { QueryExecutionId: "q-1" };
    response.setHeader("content-type", "application/x-amz-json-1.1");
    response.end(JSON.stringify(answer), () => {
      if (operation === "GetQueryExecution") onLook();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return {
    url: `http://127.0.0.1:${port}`,
    calls,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
