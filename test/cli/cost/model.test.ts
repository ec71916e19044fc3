import { expect } from "chai";
import { assume } from "../../../cli/cost/assumptions.ts";
import { billOf, type Usage } from "../../../cli/cost/bill.ts";
import type { Mapping, Subscriber } from "../../../cli/cost/deployment.ts";
import { batchesOf } from "../../../cli/cost/events.ts";
import { unpricedParts, usageOf } from "../../../cli/cost/model.ts";
import { PRICES } from "../../../cli/cost/prices.ts";
import { savingsOf, withPoll } from "../../../cli/cost/savings.ts";
import { runsPerMonth } from "../../../cli/cost/schedule-runs.ts";
import { DAYS, GB, monthWith, polled, serviceUsd } from "./support.ts";

const EPSILON = 1e-9;
const FREE = { freeTier: true, region: "us-east-1" };
const NOT_FREE = { freeTier: false, region: "us-east-1" };

describe("the bill", () => {
  it("is quantities times prices, and the always-free tier a line of its own", () => {
    const usages: Usage[] = [
      { price: "cloudwatch.alarm", quantity: 12, basis: "12 alarms" },
      { price: "kinesis.shardHour", quantity: 1460, basis: "2 shards x 730 h" },
    ];
    const bill = billOf(usages, FREE);
    // 12 x 0.10 = 1.20; 1,460 x 0.015 = 21.90; ten alarms are free: 1.00
    expect(bill.usd).to.be.closeTo(23.1, EPSILON);
    expect(bill.afterFreeUsd).to.be.closeTo(22.1, EPSILON);
    expect(bill.free.map(({ service, allowance }) => [service, allowance.unit])).to.deep.equal([
      ["CloudWatch", "alarms"],
    ]);
    expect(bill.services.map(({ service }) => service)).to.deep.equal(["Kinesis", "CloudWatch"]);
    expect(billOf(usages, NOT_FREE)).to.include({ usd: bill.usd, afterFreeUsd: bill.usd });
  });

  it("shares an allowance over the prices that it is for", () => {
    const logs = (ingested: number, kept: number): Usage[] => [
      { price: "logs.ingest", quantity: ingested, basis: "" },
      { price: "logs.store", quantity: kept, basis: "" },
    ];
    // 4 GB of ingestion and 1 of the 8 GB kept are free: 4 x 0.50 + 1 x 0.03
    expect(billOf(logs(4, 8), FREE).free[0]?.usd).to.be.closeTo(2.03, EPSILON);
    expect(billOf(logs(6, 8), FREE).free[0]?.usd).to.be.closeTo(5 * 0.5, EPSILON);
  });

  it("is by the prices of its region where they are known, and by those of us-east-1 where not", () => {
    const usages: Usage[] = [
      { price: "glue.jobDpuHour", quantity: 10, basis: "" },
      { price: "cloudwatch.alarm", quantity: 12, basis: "" },
      { price: "kinesis.shardHour", quantity: 100, basis: "" },
    ];
    // 10 x 0.69 + 12 x 0.135 + 100 x 0.015; ten alarms are free: 1.35
    const bill = billOf(usages, { freeTier: true, region: "sa-east-1" });
    expect(bill.usd).to.be.closeTo(6.9 + 1.62 + 1.5, EPSILON);
    expect(bill.afterFreeUsd).to.be.closeTo(6.9 + 0.27 + 1.5, EPSILON);
    expect(bill.lines.map(({ price }) => price.region)).to.deep.equal([
      "sa-east-1",
      "sa-east-1",
      "us-east-1",
    ]);
    expect(billOf(usages, { freeTier: true, region: "eu-west-1" }).usd).to.equal(billOf(usages, FREE).usd);
  });

  it("has a date, a source and a price above nothing for each of the table", () => {
    for (const [name, price] of Object.entries(PRICES)) {
      expect(price.usd, name).to.be.above(0);
      expect(price.source, name).to.match(/^https:\/\/aws\.amazon\.com\/[a-z0-9/-]+\/pricing\/$/);
    }
  });
});

describe("runs a month", () => {
  for (const [expression, runs] of [
    ["rate(5 minutes)", 8760], // 730 h x 12
    ["rate(1 day)", 730 / 24],
    ["cron(30 0 * * ? *)", DAYS],
    ["cron(0/15 * * * ? *)", 4 * 24 * DAYS],
    ["cron(30 0 ? * MON *)", DAYS / 7],
    ["cron(0 8 ? * MON-FRI *)", (DAYS * 5) / 7],
    ["cron(0 0 1 * ? *)", 1],
    ["cron(0 0 1 1 ? *)", 1 / 12],
    ["cron(0 9 ? * FRI#2 *)", 1],
    ["cron(0 9 ? * 6L *)", 1],
    ["at(2024-05-02T18:00:00)", 1],
  ] as const) {
    it(`of ${expression} are ${runs.toFixed(2)}`, () => {
      expect(runsPerMonth(expression)).to.be.closeTo(runs, 1e-6);
    });
  }
});

describe("the bucket", () => {
  it("pays for old versions of the alerts' state where it keeps some", () => {
    const stored = (oldStateDays: number | undefined) =>
      usageOf(monthWith({ oldStateDays }, { places: 10 }))
        .filter(({ price, basis }) => price === "s3.gigabyteMonth" && basis.startsWith("old versions"))
        .reduce((sum, { quantity }) => sum + quantity, 0);

    // 288 polls a day of 10 places, each state of 20,000 bytes
    expect(stored(1)).to.be.closeTo((2880 * 20_000) / GB, EPSILON);
    expect(stored(undefined)).to.equal(0);
  });
});

describe("batches a month", () => {
  const alert: Mapping = { function: "alert", batchSize: 100, windowSeconds: 0, partsOfShard: 1 };
  const archive: Mapping = { function: "archive", batchSize: 1000, windowSeconds: 60, partsOfShard: 1 };
  const shards = (count: number) =>
    [{ mode: "provisioned", shards: count, retentionHours: 24, isEncrypted: false }] as const;

  it("are one a poll while its records fit into one", () => {
    expect(batchesOf(monthWith({}, { places: 50 }), alert)).to.equal(8760);
    expect(batchesOf(monthWith({}, { places: 250 }), alert), "3 batches of 100").to.equal(3 * 8760);
    expect(batchesOf(monthWith({}, { places: 250 }), archive)).to.equal(8760);
  });

  it("are each shard's own, of no more shards than places", () => {
    expect(batchesOf(monthWith({ streams: shards(4) }, { places: 2 }), alert)).to.equal(2 * 8760);
    expect(batchesOf(monthWith({ streams: shards(4) }, { places: 50 }), alert)).to.equal(4 * 8760);
  });

  it("are each part's own where a shard is read in parts, of no more parts than places", () => {
    const inParts = { ...alert, partsOfShard: 5 };
    expect(batchesOf(monthWith({}, { places: 1 }), inParts)).to.equal(8760);
    expect(batchesOf(monthWith({}, { places: 50 }), inParts)).to.equal(5 * 8760);
    expect(batchesOf(monthWith({ streams: shards(4) }, { places: 12 }), inParts)).to.equal(12 * 8760);
  });

  it("hold the polls of a window", () => {
    const everyMinute = monthWith({ timers: polled(1) }, { places: 10 });
    expect(batchesOf(everyMinute, archive), "a window of a minute holds one").to.equal(43_800);
    expect(batchesOf(everyMinute, { ...archive, windowSeconds: 300 })).to.equal(8760);
    // five polls of 300 places are 1,500 records: two batches of 1,000 at most
    const many = monthWith({ timers: polled(1) }, { places: 300 });
    expect(batchesOf(many, { ...archive, windowSeconds: 300 })).to.equal(2 * 8760);
  });

  it("are none without polls or places", () => {
    expect(batchesOf(monthWith({ timers: [] }), alert)).to.equal(0);
    expect(batchesOf(monthWith({}, { places: 0 }), alert)).to.equal(0);
  });
});

describe("the stream", () => {
  it("on demand is paid by the hour, by GB in and by GB to each consumer", () => {
    const month = monthWith({
      streams: [{ mode: "on-demand", shards: 4, retentionHours: 24, isEncrypted: false }],
    });
    // 730 h x 0.04 = 29.20; 8,760 records x 1 KB = 0.00835 GB in at 0.08 and, to two consumers, out at 0.04
    const gigabytes = (8760 * 1024) / GB;
    expect(serviceUsd(billOf(usageOf(month), FREE), "Kinesis")).to.be.closeTo(
      730 * 0.04 + gigabytes * 0.08 + 2 * gigabytes * 0.04,
      EPSILON,
    );
    expect(unpricedParts(month)).to.deep.equal([]);
  });

  it("that keeps its records for 168 h pays the shard-hours once more", () => {
    const month = monthWith({
      streams: [{ mode: "provisioned", shards: 2, retentionHours: 168, isEncrypted: false }],
    });
    // 2 shards x 730 h x (0.015 + 0.020) and 8,760 PUT units
    expect(serviceUsd(billOf(usageOf(month), FREE), "Kinesis")).to.be.closeTo(
      51.1 + (8760 / 1e6) * 0.014,
      EPSILON,
    );
  });

  it("says what it has no price for", () => {
    const keeping = (mode: "provisioned" | "on-demand", retentionHours: number) =>
      unpricedParts(monthWith({ streams: [{ mode, shards: 1, retentionHours, isEncrypted: false }] }));
    expect(keeping("provisioned", 168)).to.deep.equal([]);
    expect(keeping("provisioned", 169)).to.deep.equal([
      "what the stream keeps for 169 h: beyond 168 h it is paid by GB-month",
    ]);
    expect(keeping("on-demand", 25)).to.deep.equal([
      "what the stream keeps for 25 h: on-demand streams pay it by GB-month",
    ]);
  });

  it("costs a second PUT unit from 25 KB on", () => {
    const bytes = (recordBytes: number) =>
      usageOf(monthWith({}, { assumptions: assume({ recordBytes }) })).find(
        ({ price }) => price === "kinesis.putUnit",
      )?.quantity;
    expect([bytes(25 * 1024), bytes(25 * 1024 + 1)]).to.deep.equal([8760, 17_520]);
  });
});

describe("a key", () => {
  const versions = (month: number, isRotated = true) =>
    usageOf(monthWith({ keys: [{ isRotated }] }, { assumptions: assume({ month }) })).find(
      ({ price }) => price === "kms.key",
    )?.quantity;

  it("costs its first two rotations as well", () => {
    expect([12, 13, 24, 25, 37].map((month) => versions(month))).to.deep.equal([1, 2, 2, 3, 3]);
    expect(versions(37, false)).to.equal(1);
  });
});

describe("messages", () => {
  const subscriber = (protocol: string, places?: number, audiences = ["all"]): Subscriber => ({
    protocol,
    function: undefined,
    places,
    audiences,
  });
  const smsUsd = (month: ReturnType<typeof monthWith>) =>
    billOf(usageOf(month), FREE)
      .lines.filter(({ price }) => price.unit === "text")
      .reduce((sum, { usd }) => sum + usd, 0);

  it("go to each subscriber for its places", () => {
    const month = monthWith(
      { subscribers: [subscriber("sms"), subscriber("sms", 1), subscriber("sms", 9), subscriber("email")] },
      { places: 3 },
    );
    // 4 alerts a place: 12 to the first, 4 to the second, 12 to the third, who names more places than there are
    expect(smsUsd(month)).to.be.closeTo(28 * 0.05, EPSILON);
  });

  it("at an hour go to those whom they are for", () => {
    const daily = {
      name: "digest",
      kind: "schedule",
      function: "notify",
      expression: "cron(0 7 * * ? *)",
      timeZone: "America/Sao_Paulo",
    } as const;
    const subscribers = [subscriber("sms", 1, ["all", "duty"]), subscriber("sms", 1, ["all", "port"])];
    const month = (audience: string[]) =>
      monthWith(
        { subscribers, timers: [daily] },
        { audiences: { digest: audience }, assumptions: assume({ alertsPerPlace: 0 }) },
      );
    expect(smsUsd(month(["all"]))).to.be.closeTo(2 * DAYS * 0.05, EPSILON);
    expect(smsUsd(month(["port"]))).to.be.closeTo(DAYS * 0.05, EPSILON);
    expect(smsUsd(month(["nobody"]))).to.equal(0);
  });

  it("go to as many phones as the command line says, in place of the graph's", () => {
    const month = monthWith({ subscribers: [subscriber("sms", 1)] }, { phones: 10, places: 2 });
    expect(smsUsd(month), "10 phones x 8 alerts").to.be.closeTo(80 * 0.05, EPSILON);
  });
});

describe("savings", () => {
  it("are worth what the bill says with one setting changed", () => {
    const month = monthWith({
      streams: [{ mode: "provisioned", shards: 2, retentionHours: 168, isEncrypted: false }],
      crawlers: [{ name: "raw", schedules: ["cron(30 0 * * ? *)"] }],
    });
    const savings = Object.fromEntries(
      savingsOf(month, FREE).map(({ name, savingUsd }) => [name, savingUsd] as const),
    );
    // 2 shards x 730 h x 0.020; one shard: 730 h x (0.015 + 0.020)
    expect(savings["keep the stream for 24 h"]).to.be.closeTo(29.2, EPSILON);
    expect(savings["one shard less"]).to.be.closeTo(25.55, 0.05);
    expect(savings["an on-demand stream"], "29.20 instead of 51.10").to.be.closeTo(21.9, 0.05);
    // 6 of 7 crawls of 10 minutes with 2 DPUs and of their 105,120 GETs of objects
    const crawl = (2 * 0.44) / 6 + (105_120 * 0.0004) / 1000;
    expect(savings["crawl once a week, rebuild gold every day"]).to.be.closeTo((DAYS * 6 * crawl) / 7, 0.05);
  });

  it("tell crawls from rebuilds", () => {
    const etl = (crawls: string, ...besides: string[]) =>
      Object.fromEntries(
        savingsOf(
          monthWith({
            crawlers: [{ name: "gold", schedules: [crawls] }],
            jobs: [{ name: "etl", dpus: 2, logRetentionDays: undefined, schedules: [crawls, ...besides] }],
          }),
          FREE,
        ).map(({ name, savingUsd }) => [name, savingUsd] as const),
      );
    // A crawl: 2 DPUs for 10 minutes; a run of the job: 2 for 2.
    // The job's requests of S3 are cents.
    const [crawl, job] = [(2 * 0.44) / 6, (2 * 0.44) / 30];
    const sixDays = (DAYS * 6) / 7;

    const daily = etl("cron(30 0 * * ? *)");
    expect(daily["crawl once a week, rebuild gold every day"]).to.be.closeTo(sixDays * crawl, 0.02);
    const weekly = etl("cron(30 0 ? * SUN *)", "cron(30 0 ? * MON-SAT *)");
    expect(weekly["rebuild gold once a week"]).to.be.closeTo(sixDays * job, 0.03);
    expect(weekly["crawl every day"]).to.be.closeTo(-sixDays * crawl, 0.02);
  });

  it("name the most saving first, and leave out what changes nothing", () => {
    const savings = savingsOf(monthWith(), FREE).map(({ savingUsd }) => savingUsd);
    expect(savings).to.deep.equal(savings.toSorted((a, b) => b - a));
    expect(savingsOf(monthWith(), FREE).map(({ name }) => name)).not.to.include("one shard less");
  });

  it("poll slower together with the watch, which goes by the poll", () => {
    const timers = [
      ...polled(5),
      { name: "watch", kind: "rule", function: "watch", expression: "rate(5 minutes)", timeZone: "UTC" },
    ] as const;
    const slower = withPoll(monthWith({ timers }), "rate(15 minutes)");
    expect(slower.deployment.timers.map(({ expression }) => expression)).to.deep.equal([
      "rate(15 minutes)",
      "rate(15 minutes)",
    ]);
  });
});
