import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout } from "node:timers/promises";
import { gzipSync } from "node:zlib";
import { GetJobRunCommand, GetTableCommand, GlueClient, StartJobRunCommand } from "@aws-sdk/client-glue";
import { expect } from "chai";
import { openCatalog } from "../../../local/glue/catalog.ts";
import type { Glue } from "../../../local/glue/glue.ts";
import { clientConfig } from "../endpoint/support.ts";
import { type Lake, openLake } from "./lake.ts";
import { ordersGraph } from "./orders.ts";

describe("Glue", () => {
  let lake: Lake;

  afterEach(async () => {
    await lake[Symbol.asyncDispose]();
  });

  const put = (name: string, ...lines: object[]) =>
    lake.put(
      "shop-lake",
      `raw/orders/day=${name}.json.gz`,
      gzipSync(lines.map((line) => JSON.stringify(line)).join("\n")),
    );

  const crawl = async () => {
    await lake.endpoint.gateway.call(lake.identities.operator, "glue", "StartCrawler", { Name: "orders" });
    await lake.glue.stop();
    return lake.glue.runs().at(-1);
  };

  const columns = () =>
    Object.fromEntries(
      lake.glue.catalog
        .table("shop", "orders")
        .StorageDescriptor.Columns.map(({ Name, Type }) => [Name, Type]),
    );

  describe("a crawler", () => {
    it("infers the table and its partitions from JSON lines", async () => {
      lake = await openLake(ordersGraph());
      await put("2024-04-29/a", { id: 1, price: 8, tags: ["x"], buyer: { name: "Ana", since: null } });
      await put(
        "2024-04-30/b",
        { id: 3_000_000_000, price: 8.2, tags: [], paid: true, buyer: { age: 30 } },
        {},
      );

      const run = await crawl();

      expect(run).to.include({ state: "SUCCEEDED" });
      expect(columns()).to.deep.equal({
        id: "bigint",
        price: "double",
        tags: "array<string>",
        buyer: "struct<name:string,since:string,age:int>",
        paid: "boolean",
      });
      expect(lake.glue.catalog.table("shop", "orders").PartitionKeys).to.deep.equal([
        { Name: "day", Type: "string" },
      ]);
      expect(lake.glue.catalog.partitions("shop", "orders").map(({ Values }) => Values)).to.deep.equal([
        ["2024-04-29"],
        ["2024-04-30"],
      ]);
    });

    it("updates the table, adds partitions, reports missing ones, and writes its log", async () => {
      lake = await openLake(ordersGraph());
      await put("2024-04-29/a", { price: 8 });
      await crawl();
      await put("2024-04-30/b", { price: 8.5 });
      await lake.remove("shop-lake", "raw/orders/day=2024-04-29.json.gz");
      await lake.remove("shop-lake", "raw/orders/day=2024-04-29/a.json.gz");

      const run = await crawl();

      expect(columns()).to.deep.equal({ price: "double" });
      expect(run?.output)
        .to.include("Updated table orders")
        .and.include("1 partitions of table orders no longer have files");
      expect(await readFile(join(lake.directory, "logs", "-aws-glue-crawlers.log"), "utf8")).to.include(
        "Updated table orders",
      );
    });

    it("does not change a table when its policy forbids it, and reads only new folders", async () => {
      const crawler = {
        recrawlPolicy: { recrawlBehavior: "CRAWL_NEW_FOLDERS_ONLY" },
        schemaChangePolicy: { updateBehavior: "LOG", deleteBehavior: "LOG" },
      };
      lake = await openLake(ordersGraph({ crawler }));
      await put("2024-04-29/a", { price: 8 });
      await crawl();
      await put("2024-04-30/b", { price: 8.5 });

      const run = await crawl();

      expect(run?.output).to.include("has a different schema now");
      expect(columns()).to.deep.equal({ price: "int" });
      expect(lake.glue.catalog.partitions("shop", "orders")).to.have.length(2);
    });

    it("fails with the error when its role may not read", async () => {
      lake = await openLake(ordersGraph({ crawler: { s3Targets: [{ path: "s3://shop-lake/secret/" }] } }));
      await lake.put("shop-lake", "secret/a.json", "{}");

      const run = await crawl();

      expect(run?.state).to.equal("FAILED");
      expect(run?.error).to.match(
        /not authorized to perform: s3:GetObject on resource: arn:aws:s3:::shop-lake\/secret\/a.json/,
      );
      expect(lake.endpoint.gateway.denials).to.have.length(1);
      const [event] = lake.events;
      expect([event?.detailType, event?.detail.state, event?.detail.errorMessage]).to.deep.equal([
        "Glue Crawler State Change",
        "Failed",
        run?.error,
      ]);
    });

    it("fails on folders that do not agree", async () => {
      lake = await openLake(ordersGraph());
      await put("2024-04-29/a", { price: 8 });
      await lake.put("shop-lake", "raw/orders/month=04/b.json", "{}");

      expect((await crawl())?.error).to.include('differ in their partition columns: "day" and "month"');
    });

    it("keeps the catalog on disk", async () => {
      lake = await openLake(ordersGraph());
      await put("2024-04-29/a", { price: 8 });
      await crawl();

      const reopened = await openCatalog(join(lake.directory, "glue", "catalog.json"), []);

      expect(reopened.table("shop", "orders")).to.deep.equal(lake.glue.catalog.table("shop", "orders"));
      expect(reopened.partitions("shop", "orders")).to.deep.equal(
        lake.glue.catalog.partitions("shop", "orders"),
      );
    });

    it("answers the SDK", async () => {
      lake = await openLake(ordersGraph());
      await put("2024-04-29/a", { price: 8 });
      await crawl();
      const client = new GlueClient(clientConfig(lake.endpoint.url, lake.identities.operator));

      const { Table } = await client.send(new GetTableCommand({ DatabaseName: "shop", Name: "orders" }));
      client.destroy();

      expect(Table?.StorageDescriptor?.Location).to.equal("s3://shop-lake/raw/orders/");
      expect(Table?.CreateTime).to.deep.equal(lake.clock.now());
    });
  });

  describe("a job", () => {
    it("runs its local script as its role, without the host's environment", async () => {
      lake = await openLake(ordersGraph());
      const client = new GlueClient(clientConfig(lake.endpoint.url, lake.identities.operator));

      const { JobRunId } = await client.send(new StartJobRunCommand({ JobName: "count" }));
      const JobRun = await endOfJobRun(client, JobRunId);
      client.destroy();

      expect(JobRun).to.deep.include({ JobRunState: "SUCCEEDED", Arguments: { "--bucket": "shop-lake" } });
      expect(await readFile(join(lake.directory, "s3/shop-lake/counts/count.json"), "utf8")).to.equal(
        '{"counted":0,"home":null}\n',
      );
    });

    it("is failed when the run is stopped under way", async () => {
      lake = await openLake(ordersGraph());

      await lake.endpoint.gateway.call(lake.identities.operator, "glue", "StartJobRun", { JobName: "count" });
      await lake.glue.stop();

      expect(lake.glue.runs()[0]).to.include({ state: "FAILED", error: "the job run was stopped" });
    });

    it("fails with the script's error when its role lacks a permission", async () => {
      const jobGrants = [
        { Effect: "Allow", Action: "s3:GetObject", Resource: "arn:aws:s3:::shop-lake/etl/*" },
      ];
      lake = await openLake(ordersGraph({ jobGrants }));

      const run = await lake.glue.startWorkflow("nightly");

      expect(run.state).to.equal("FAILED");
      expect(failed(lake.glue)[0]?.error).to.include("not authorized to perform: s3:ListBucket");
      const told = lake.events.map(({ detailType, detail }) => `${detailType} ${detail.state}`);
      expect(told.at(-1)).to.equal("Glue Job State Change FAILED");
    });
  });

  describe("a workflow", () => {
    it("fires its triggers one after the other on its schedule", async () => {
      lake = await openLake(ordersGraph());
      await put("2024-04-29/a", { price: 8 });
      lake.glue.start();

      await lake.clock.run({ until: new Date("2024-05-01T03:00:00Z"), speed: "max" });

      expect(lake.glue.runs().map(({ kind, name, state }) => `${kind} ${name} ${state}`)).to.deep.equal([
        "crawler orders SUCCEEDED",
        "job count SUCCEEDED",
        "crawler counts SUCCEEDED",
        "workflow nightly SUCCEEDED",
      ]);
      const { rows } = await lake.athena.runQuery("SELECT counted FROM counts", { database: "shop" });
      expect(rows).to.deep.equal([[1]]);
    });

    it("does not go on from a failed run", async () => {
      lake = await openLake(ordersGraph({ crawler: { s3Targets: [{ path: "s3://shop-lake/secret/" }] } }));
      await lake.put("shop-lake", "secret/a.json", "{}");

      const run = await lake.glue.startWorkflow("nightly");

      expect(run.actions.map(({ name, state }) => `${name} ${state}`)).to.deep.equal(["orders FAILED"]);
      expect(run.state).to.equal("FAILED");
    });
  });
});

async function endOfJobRun(client: GlueClient, RunId: string | undefined) {
  for (;;) {
    const { JobRun } = await client.send(new GetJobRunCommand({ JobName: "count", RunId }));
    if (JobRun?.JobRunState !== "RUNNING") return JobRun;
    await setTimeout(20);
  }
}

function failed(glue: Glue) {
  return glue.runs().filter(({ state }) => state === "FAILED");
}
