import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { stripVTControlCharacters } from "node:util";
import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { assume } from "../../../cli/cost/assumptions.ts";
import { estimate } from "../../../cli/cost/estimate.ts";
import { formatCost } from "../../../cli/cost/format.ts";
import { toJson } from "../../../cli/cost/json.ts";
import { type CostOptions, parseOptions } from "../../../cli/cost/options.ts";
import { PRICES } from "../../../cli/cost/prices.ts";
import { readMonth, type StackMonth } from "../../../cli/cost/read-month.ts";
import { classifyTypes } from "../../../cli/cost/resource-types.ts";
import { withPoll } from "../../../cli/cost/savings.ts";
import type { Graph } from "../../../local/graph.ts";
import { runCommandLine } from "../command-line.ts";
import { DAYS, GB, serviceUsd } from "./support.ts";

const projectDirectory = fileURLToPath(new URL("../../..", import.meta.url));
const DOCS = join(projectDirectory, "docs/cost.md");
const EPSILON = 1e-9;

const run = (...argv: string[]) => runCommandLine(["cost", ...argv], { projectDirectory });

const options = (typed: Partial<Parameters<typeof parseOptions>[0]> = {}): CostOptions =>
  parseOptions({ stack: "dev", assume: [], freeTier: true, json: false, ...typed });

describe("npm run cost", () => {
  const byDefault = options();
  const asked = options({ stack: "prod", locations: "50", poll: "1m" });
  let dev: StackMonth;
  let prod: StackMonth;

  before(async () => {
    [dev, prod] = await Promise.all([
      readMonth(byDefault, projectDirectory),
      readMonth(asked, projectDirectory),
    ]);
  });

  it("prices the default dev stack as by hand, below 20 dollars", () => {
    const { bill } = estimate(dev, byDefault);
    // A poll each 5 minutes: 8,760 a month, each a record, a batch for alert and one for archive, and a run of watch.
    const polls = 8760;
    const weeks = DAYS / 7;
    // Raw objects of a year, one a poll, are all there in month 12.
    const kept = polls * 12;
    const hands = {
      Kinesis: 730 * 0.015 + (polls / 1e6) * 0.014,
      // Three users of the stream; two calls for each of four alerts and ten messages to ops.
      KMS: 1 + ((3 * 12 * 730 + 2 * 14) / 1e4) * 0.03,
      // produce 2 s, alert and archive 0.5 s, watch 1 s
      Lambda:
        ((4 * polls) / 1e6) * 0.2 + polls * (2 * 0.25 + 0.5 * 0.25 + 0.5 * 0.5 + 1 * 0.25) * 0.0000133334,
      S3:
        ((polls + polls + 4 * 5 + DAYS * (kept / 1000)) / 1000) * 0.005 +
        ((polls * 2 + weeks * kept + DAYS * ((2 * 2 * polls) / DAYS + 365)) / 1000) * 0.0004 +
        ((kept * (450 + 220)) / GB) * 0.023,
      // Two crawlers on Sundays, 2 DPUs for 10 minutes each; the job each day, 2 DPUs for 2 minutes.
      Glue: 2 * weeks * 2 * (10 / 60) * 0.44 + DAYS * 2 * (2 / 60) * 0.44 + (365 * 24 + 365) / 1e5,
      Athena: ((200 * 10) / 1024 ** 2) * 5,
      SNS: (14 / 1e6) * 0.5 + (10 / 1e5) * 2,
    };
    for (const [service, usd] of Object.entries(hands)) {
      expect(serviceUsd(bill, service), service).to.be.closeTo(usd, EPSILON);
    }
    const { alarms, dashboards } = dev.deployment;
    const lambdaLogs = (4 * polls * 1200) / GB;
    const crawlLogs = (2 * weeks) / 1024;
    const jobLogs = DAYS / 1024;
    expect(serviceUsd(bill, "CloudWatch")).to.be.closeTo(
      alarms * 0.1 +
        7 * 0.3 +
        dashboards * 3 +
        (lambdaLogs + crawlLogs + jobLogs) * 0.5 +
        ((lambdaLogs + jobLogs) * (7 / DAYS) + crawlLogs * 12) * 0.03,
      EPSILON,
    );
    expect(bill.afterFreeUsd).to.be.below(20);
  });

  it("stays below 20 dollars where a crawl takes three times as long, or so does the job", () => {
    const totalWith = (assumption: string) => {
      const asked = options({ assume: [assumption] });
      const { workload } = dev;
      const month = { ...dev, workload: { ...workload, assumptions: assume(asked.assumptions) } };
      return estimate(month, asked).bill.afterFreeUsd;
    };

    expect(totalWith("crawlMinutes=30")).to.be.below(20);
    expect(totalWith("jobMinutes=6")).to.be.below(20);
  });

  it("prices 50 places at one a minute on prod's config as by hand, by what São Paulo takes where that is known", () => {
    const { bill, nextPlaceUsd } = estimate(prod, asked);
    const polls = 43_800;
    const records = 50 * polls;
    // One archived object a poll, all the places' records in it; a year of them is there.
    const kept = polls * 12;
    const hands = {
      Kinesis: 730 * 0.015 + (records / 1e6) * 0.014,
      S3:
        ((records + polls + 50 * 4 * 5 + DAYS * (kept / 1000)) / 1000) * 0.007 +
        ((polls * 51 + DAYS * kept + DAYS * ((2 * 2 * polls) / DAYS + 365)) / 1000) * 0.00056 +
        // Raw and gold of a year, and the old versions of a day's states.
        ((records * 12 * (450 + 220)) / GB + ((records / DAYS) * 20_000) / GB) * 0.0405,
      // The places lie in all five parts of the shard, of which each is a batch for alert.
      Lambda:
        ((8 * polls) / 1e6) * 0.2 + polls * (2 * 0.25 + 5 * 0.5 * 0.25 + 0.5 * 0.5 + 1 * 0.25) * 0.0000133334,
      // Two crawlers each day, 2 DPUs for 10 minutes each; the job each day, 2 DPUs for 2 minutes.
      Glue: DAYS * 2 * ((2 * 10) / 60 + 2 / 60) * 0.69 + (365 * 24 + 365) / 1e5,
      Athena: ((200 * 10) / 1024 ** 2) * 9,
    };
    for (const [service, usd] of Object.entries(hands)) {
      expect(serviceUsd(bill, service), service).to.be.closeTo(usd, EPSILON);
    }
    // One more: 43,800 state PUTs and PUT units, 43,800 reads by the watch, a year of rows, four alerts.
    expect(nextPlaceUsd).to.be.closeTo(
      (43_820 / 1000) * 0.007 +
        (43_800 / 1e6) * 0.014 +
        (43_800 / 1000) * 0.00056 +
        ((polls * 12 * 670) / GB + ((polls / DAYS) * 20_000) / GB) * 0.0405 +
        ((2 * 4) / 1e4) * 0.03,
      EPSILON,
    );
  });

  it("names the three biggest savings, and what would cost more", () => {
    const text = formatCost(prod, estimate(prod, asked), asked);
    const savings = stripVTControlCharacters(text).split("Savings, one at a time\n")[1]?.split("\n\n")[0];
    expect(savings?.split("\n").map((line) => line.replaceAll(/ {2,}/g, " ").slice(0, 40))).to.deep.equal([
      "-$22.69 poll every 5 minutes instead of ",
      "-$19.67 crawl once a week, rebuild gold ",
      " -$8.47 keep raw objects for 40 days sto",
      "+$50.97 an on-demand stream stormwire:st",
    ]);
  });

  it("changes the same timers by a saving as by the option", () => {
    const faster = withPoll(dev, "rate(1 minute)");
    expect(faster.deployment.timers).to.deep.equal(prod.deployment.timers);
  });

  it("says plainly that another region is priced as us-east-1", () => {
    const elsewhere = { ...dev, deployment: { ...dev.deployment, region: "eu-west-1" } };
    const result = estimate(elsewhere, byDefault);

    expect(result.bill.usd).to.equal(estimate(dev, byDefault).bill.usd);
    const text = stripVTControlCharacters(formatCost(elsewhere, result, byDefault));
    expect(text).to.include(
      "The stack is in eu-west-1, whose prices are not known here: it is priced as us-east-1",
    );
    expect(text, "once is enough").to.match(/x \$0\.015 per shard-hour {2}/);
    expect(JSON.parse(toJson(elsewhere, result, byDefault)).prices.region).to.equal("us-east-1");
  });

  it("says by service and on each line what is priced as us-east-1 in a region that is known in part", () => {
    const result = estimate(prod, asked);
    const text = stripVTControlCharacters(formatCost(prod, result, asked));

    expect(text).to.match(/\nPrices of sa-east-1, 2026-11-25, in US dollars without tax; 730 h a month\.\n/);
    expect(text).to.include(
      "! Not known there, and priced as us-east-1: Kinesis (shard-hour, PUT payload units); ",
    );
    expect(text).to.match(/; CloudWatch \(custom metric, dashboard\)\. Other regions are mostly dearer\.\n/);
    expect(text).to.match(/x \$0\.015 per shard-hour, us-east-1 /);
    expect(text).to.match(/x \$0\.69 per job DPU-hour {2}/);
    const { prices, lines } = JSON.parse(toJson(prod, result, asked));
    expect(prices.region).to.equal("sa-east-1");
    for (const { service, unit, priceRegion, source } of lines) {
      const isOfUs = ["Kinesis", "X-Ray", "SNS"].includes(service) || /custom metric|dashboard/.test(unit);
      expect(priceRegion, `${service} ${unit}`).to.equal(isOfUs ? "us-east-1" : "sa-east-1");
      if (!isOfUs) expect(source, unit).to.match(/^https:\/\/pricing\..*\/sa-east-1\/index\.json$/);
    }
  });

  it("says what the API plan cannot carry", () => {
    const text = formatCost(prod, estimate(prod, asked), asked);
    expect(text).to.include("! rate(1 minute) over 50 locations makes 72000 calls a day of tomorrow.io");
    expect(formatCost(dev, estimate(dev, byDefault), byDefault)).not.to.match(/not known|^!/im);
  });

  it("prints what docs/cost.md shows", async () => {
    const text = stripVTControlCharacters(formatCost(dev, estimate(dev, byDefault), byDefault));
    const docs = await readFile(DOCS, "utf8");
    const example = /(?<=\n```text\n)(.*?)(?=```\n)/s;
    if (process.env.UPDATE_GOLDEN === "1") {
      await writeFile(
        DOCS,
        docs.replace(example, () => text),
      );
      return;
    }
    expect(example.exec(docs)?.[1], "if it changed on purpose: UPDATE_GOLDEN=1 npx mocha").to.equal(text);
  });

  it("prints what README and docs/cost.md tell in words", async () => {
    const { bill } = estimate(dev, byDefault);
    const usdOf = (service: string) => serviceUsd(bill, service).toFixed(2);
    const readme = await readFile(join(projectDirectory, "README.md"), "utf8");
    expect(readme).to.include(
      `costs $${bill.afterFreeUsd.toFixed(2)} a month, of which the stream makes $${usdOf("Kinesis")}`,
    );
    const { crawlDpus, crawlMinutes, jobMinutes } = dev.workload.assumptions;
    const crawl = ((crawlDpus * crawlMinutes) / 60) * PRICES["glue.crawlerDpuHour"].usd;
    const job = ((2 * jobMinutes) / 60) * PRICES["glue.jobDpuHour"].usd;
    const docs = await readFile(DOCS, "utf8");
    expect(docs).to.include(
      `($${job.toFixed(2)} and $${(2 * crawl + job).toFixed(2)} by the assumptions below)`,
    );
    expect(docs).to.include(`for \`+$${(((DAYS * 6) / 7) * crawl).toFixed(2)}\` a month`);
  });

  it("is there for scripts, of the local stack too, with every type of resource classified", async () => {
    const { code, out, error } = await run("--stack", "local", "--json", "--no-free-tier");
    expect([code, error]).to.deep.equal([0, ""]);
    const bill = JSON.parse(out);
    expect(bill).to.include({ stack: "local", freeTier: false, totalAfterFreeTierUsd: bill.totalUsd });
    const lines = bill.lines as { usd: number }[];
    expect(lines.reduce((sum, { usd }) => sum + usd, 0)).to.be.closeTo(bill.totalUsd, EPSILON);
    const types = [...bill.resourceTypes, ...dev.types, ...prod.types].map(
      (one) => one.classification ?? one,
    );
    expect(types.map(({ kind }) => kind)).not.to.include("not priced");
    // two phones with four alerts each; the digest is for civil defence, the briefing once for all
    expect(bill.lines.find(({ unit }: { unit: string }) => unit === "text").quantity).to.equal(2 * 4 + 2);
  });

  it("names a type that it knows no price for", () => {
    const resource = (type: string) => ({ type }) as Graph["resources"][number];
    const graph = {
      resources: ["aws:ec2/natGateway:NatGateway", "aws:iam/role:Role", "x:infra:Part"].map(resource),
    };
    const types = classifyTypes(graph as unknown as Graph);
    expect(types.map(({ type, classification }) => [type, classification.kind])).to.deep.equal([
      ["aws:ec2/natGateway:NatGateway", "not priced"],
      ["aws:iam/role:Role", "free"],
    ]);
    expect(formatCost({ ...dev, types }, estimate(dev, byDefault), byDefault)).to.include(
      "! not priced: 1 resource of type aws:ec2/natGateway:NatGateway",
    );
  });

  it("exits with 2 for what the person at the keyboard can put right, in one line", async () => {
    expect(await run("--locations", "none")).to.deep.equal({
      code: 2,
      out: "",
      error: "--locations none is not allowed: a whole number, 1 to 100000\n",
    });
    const { code, error } = await run("--stack", "cost");
    expect(code).to.equal(2);
    expect(error).to.match(/stack "cost" does not exist \(existing stacks: dev, local, prod\)\n$/);
    expect(await run("--help")).to.include({ code: 0, error: "" });
  });
});

describe("files of npm run cost", () => {
  let directory: string;

  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), "stormwire-cost-test-"));
  });
  afterEach(() => rm(directory, { recursive: true, force: true }));

  it("that a run left tell what was assumed", async () => {
    const put = async (path: string, content: string | Uint8Array) => {
      await mkdir(join(directory, path, ".."), { recursive: true });
      await writeFile(join(directory, path), content);
    };
    const object = gzipSync('{"a":1}\n{"a":2}\n');
    await put("summary.json", JSON.stringify({ alerts: [{}, {}], gold: { rows: 5 } }));
    await put("s3/lake/raw/year=2024/one.ndjson.gz", object);
    await put("s3/lake/raw/year=2024/two.ndjson.gz", object);
    await put("s3/lake/gold/observations/day=2024-04-30/observations.parquet", "x".repeat(100));
    await put("logs/archive.log", `2024-04-30T00:00:00.000Z ${"x".repeat(30)}\n`);
    await put("logs/produce.log", `2024-04-30T00:00:00.000Z ${"x".repeat(10)}\n`);
    const { code, out } = await run("--measure", directory);
    const measured = out.split("\n").map((line) => line.split(/ {2,}/).slice(0, 2));
    expect(code).to.equal(0);
    expect(measured).to.deep.equal([
      ["rawBytes", String(object.length / 2)],
      ["objectsPerBatch", "2"],
      ["goldBytes", "20"],
      ["logBytes", "20"],
      ["alertsPerPlace", "2"],
      [""],
    ]);
    expect(await run("--measure", join(directory, "s3"))).to.include({ code: 2 });
  });
});
