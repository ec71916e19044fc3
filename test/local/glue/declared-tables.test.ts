import { join } from "node:path";
import { expect } from "chai";
import { coverageOf } from "../../../local/coverage.ts";
import { openCatalog } from "../../../local/glue/catalog.ts";
import { crawlersOf } from "../../../local/glue/crawler-definition.ts";
import { declareTables } from "../../../local/glue/declared-tables.ts";
import type { Graph } from "../../../local/graph.ts";
import { graphOf, resource } from "../endpoint/support.ts";
import { declaredOrders, ordersTable, PROJECTION } from "./declared-orders.ts";
import { type Lake, openLake, START } from "./lake.ts";
import { ordersGraph } from "./orders.ts";
import { parquetOf } from "./parquet.ts";

const S3_TARGET = { catalogTargets: [], s3Targets: [{ path: "s3://shop-lake/raw/orders/" }] };
const UPDATING = { schemaChangePolicy: { updateBehavior: "UPDATE_IN_DATABASE", deleteBehavior: "LOG" } };

describe("a declared table", () => {
  let lake: Lake;

  afterEach(async () => {
    await lake[Symbol.asyncDispose]();
  });

  const put = (day: string, line: object) =>
    lake.put("shop-lake", `raw/orders/day=${day}/a.json`, `${JSON.stringify(line)}\n`);

  const crawl = async () => {
    await lake.endpoint.gateway.call(lake.identities.operator, "glue", "StartCrawler", { Name: "orders" });
    await lake.glue.stop();
    return lake.glue.runs().at(-1);
  };

  const table = () => lake.glue.catalog.table("shop", "orders");

  it("is in the catalog from the start, comments and parameters included", async () => {
    lake = await openLake(declaredOrders());

    const { Table } = await lake.endpoint.gateway.call<{ Table: unknown }>(
      lake.identities.operator,
      "glue",
      "GetTable",
      { DatabaseName: "shop", Name: "orders" },
    );

    expect(Table).to.deep.include({
      DatabaseName: "shop",
      TableType: "EXTERNAL_TABLE",
      Parameters: { classification: "json", ...PROJECTION },
      CreateTime: START,
    });
    expect(table().StorageDescriptor.Columns[1]).to.deep.equal({
      Name: "price",
      Type: "double",
      Comment: "In euro.",
    });
    expect(coverageOf(declaredOrders()).unknown).to.deep.equal([]);
  });

  it("keeps its definition when a crawler finds another schema, and gets the partitions", async () => {
    lake = await openLake(declaredOrders());
    const declared = table();
    await put("2024-04-29", { item: "ink", price: 8, colour: "blue" });

    const run = await crawl();

    expect(run).to.include({ state: "SUCCEEDED" });
    expect(run?.output).to.include("has a different schema now").and.include("Added 1 partitions");
    expect(table()).to.deep.equal(declared);
    const [partition] = lake.glue.catalog.partitions("shop", "orders");
    expect(partition).to.deep.include({ Values: ["2024-04-29"] });
    expect(partition?.StorageDescriptor).to.deep.equal({
      ...declared.StorageDescriptor,
      Location: "s3://shop-lake/raw/orders/day=2024-04-29/",
    });
  });

  it("needs no permission to make or change tables then", async () => {
    const graph = declaredOrders();
    lake = await openLake(without(graph, "glue:CreateTable", "glue:UpdateTable"));
    await put("2024-04-29", { item: "ink", price: 8, colour: "blue" });

    expect(await crawl()).to.include({ state: "SUCCEEDED" });
    expect(lake.endpoint.gateway.denials).to.deep.equal([]);
  });

  for (const [target, changes] of [
    ["of its folder", S3_TARGET],
    ["of it", {}],
  ] as const) {
    it(`loses comments and projection to a crawler ${target} that may update`, async () => {
      lake = await openLake(declaredOrders({ crawler: { ...changes, ...UPDATING } }));
      await put("2024-04-29", { item: "ink", price: 8 });

      await crawl();

      expect(table().Parameters).not.to.have.any.keys(...Object.keys(PROJECTION));
      expect(table().StorageDescriptor.Columns).to.deep.equal([
        { Name: "item", Type: "string" },
        { Name: "price", Type: "int" },
      ]);
    });
  }

  it("does not change when its files have another format", async () => {
    lake = await openLake(declaredOrders());
    const file = await parquetOf("SELECT 'ink' AS item, 8.0::DOUBLE AS price");
    await lake.put("shop-lake", "raw/orders/day=2024-04-29/a.parquet", file);

    const run = await crawl();

    expect(run?.output).to.include("Files of table orders are parquet; the table is not changed");
    expect(lake.glue.catalog.partitions("shop", "orders")).to.deep.equal([]);
  });

  it("fails the crawl where its folders are other partitions", async () => {
    lake = await openLake(declaredOrders());
    await lake.put("shop-lake", "raw/orders/month=04/a.json", '{"item":"ink"}');

    expect((await crawl())?.error).to.equal('table orders is partitioned by "day", its folders by "month"');
  });

  it("keeps its partitions and gets its new definition when the run is continued", async () => {
    lake = await openLake(declaredOrders());
    await put("2024-04-29", { item: "ink", price: 8 });
    await crawl();
    const path = join(lake.directory, "glue", "catalog.json");
    const later = new Date("2024-05-02T00:00:00Z");

    const catalog = await openCatalog(path, ["shop"]);
    await declareTables(catalog, graphOf(ordersTable({ note: "new" })), later);
    const reopened = await openCatalog(path, []);

    expect(reopened.table("shop", "orders")).to.deep.include({
      Parameters: { classification: "json", note: "new" },
      CreateTime: START,
      UpdateTime: later,
    });
    expect(reopened.partitions("shop", "orders").map(({ Values }) => Values)).to.deep.equal([["2024-04-29"]]);
  });

  it("names what is not emulated", async () => {
    lake = await openLake(ordersGraph());
    const view = resource("aws:glue/catalogTable:CatalogTable", "seen", {
      ...ordersTable().inputs,
      name: "seen",
      tableType: "VIRTUAL_VIEW",
    });

    const rejection = await failure(() => declareTables(lake.glue.catalog, graphOf(view), START));

    expect(rejection).to.match(/Glue table seen: .*EXTERNAL_TABLE[\s\S]*tableType/);
  });
});

describe("targets of a crawler", () => {
  const cases: [string, Record<string, unknown>, RegExp][] = [
    ["none", { catalogTargets: [] }, /crawler orders without S3 or catalog targets/],
    [
      "a folder and a table",
      { s3Targets: [{ path: "s3://shop-lake/raw/orders/" }] },
      /a crawler of catalog targets can have no others/,
    ],
    [
      "a table, new folders only",
      { recrawlPolicy: { recrawlBehavior: "CRAWL_NEW_FOLDERS_ONLY" } },
      /"Crawl new folders only" can only apply to Amazon S3 target/,
    ],
    [
      "a table, with deletion",
      { schemaChangePolicy: { deleteBehavior: "DELETE_FROM_DATABASE" } },
      /catalog targets can have only LOG DeleteBehavior/,
    ],
    [
      "new folders only, with updates",
      { ...S3_TARGET, ...UPDATING, recrawlPolicy: { recrawlBehavior: "CRAWL_NEW_FOLDERS_ONLY" } },
      /can have only LOG DeleteBehavior value and LOG UpdateBehavior value/,
    ],
  ];
  for (const [what, crawler, message] of cases) {
    it(`are rejected as by Glue: ${what}`, () => {
      expect(() => crawlersOf(declaredOrders({ crawler }))).to.throw(message);
    });
  }
});

/** The graph with actions taken from the crawlers' role. */
function without(graph: Graph, ...actions: readonly string[]): Graph {
  const resources = graph.resources.map((candidate) => {
    if (candidate.type !== "aws:iam/rolePolicy:RolePolicy" || candidate.name !== "crawl") return candidate;
    const policy = String(candidate.inputs.policy);
    const fewer = actions.reduce((text, action) => text.replace(`"${action}",`, ""), policy);
    expect(fewer.length, "actions were there").to.be.below(policy.length);
    return { ...candidate, inputs: { ...candidate.inputs, policy: fewer } };
  });
  return { ...graph, resources };
}

async function failure(run: () => Promise<unknown>): Promise<string> {
  try {
    await run();
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  }
  return "nothing failed";
}
