import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { declaredOrders } from "./declared-orders.ts";
import { type Lake, openLake } from "./lake.ts";
import { ordersGraph } from "./orders.ts";
import { parquetOf } from "./parquet.ts";

const INFERRING = { schemaChangePolicy: { updateBehavior: "UPDATE_IN_DATABASE", deleteBehavior: "LOG" } };
const FIRST_WINS = {
  recrawlPolicy: { recrawlBehavior: "CRAWL_NEW_FOLDERS_ONLY" },
  schemaChangePolicy: { updateBehavior: "LOG", deleteBehavior: "LOG" },
};

/** A line of yesterday, one of today, and the type of `price` once both were crawled together. */
const CASES: readonly [string, readonly unknown[], string][] = [
  ["8, then 8.2", [8, 8.2], "double"],
  ["8.2, then 8", [8.2, 8], "double"],
  ["8.0, which JSON does not tell from 8", [8.0, 8], "int"],
  ["a number beyond 32 bits", [8, 3_000_000_000], "bigint"],
  ["a number beyond 32 bits and a fraction", [3_000_000_000, 0.5], "double"],
  ["a number, then text", [8, "eight"], "string"],
  ["a number, then true", [8, true], "string"],
  ["null, then a number", [null, 8], "int"],
  ["null only", [null, null], "string"],
  ["a struct, then text", [{ net: 8 }, "eight"], "string"],
  ["a list of nothing, then of numbers", [[], [8, 8.2]], "array<double>"],
  ["structs with other members", [{ net: 8 }, { net: 8.2, tax: null }], "struct<net:double,tax:string>"],
  [
    "structs in structs",
    [{ net: { amount: 8 } }, { net: { amount: 8.2, currency: "BRL" } }],
    "struct<net:struct<amount:double,currency:string>>",
  ],
];

describe("the types that a crawler infers", () => {
  let lake: Lake;

  afterEach(async () => {
    await lake[Symbol.asyncDispose]();
  });

  const put = (day: string, ...lines: object[]) =>
    lake.put(
      "shop-lake",
      `raw/orders/day=${day}/a.json.gz`,
      gzipSync(lines.map((line) => JSON.stringify(line)).join("\n")),
    );

  const crawl = async () => {
    await lake.endpoint.gateway.call(lake.identities.operator, "glue", "StartCrawler", { Name: "orders" });
    await lake.glue.stop();
    const run = lake.glue.runs().at(-1);
    expect(run?.error).to.equal(undefined);
    return run?.output ?? "";
  };

  const types = () =>
    Object.fromEntries(
      lake.glue.catalog
        .table("shop", "orders")
        .StorageDescriptor.Columns.map(({ Name, Type }) => [Name, Type]),
    );

  const partitionTypes = () =>
    lake.glue.catalog
      .partitions("shop", "orders")
      .map(({ StorageDescriptor }) => StorageDescriptor.Columns.map(({ Type }) => Type).join());

  describe("where it reads everything and updates", () => {
    for (const [what, [yesterday, today], type] of CASES) {
      it(`are ${type} of ${what}, whether in one crawl or two`, async () => {
        lake = await openLake(ordersGraph({ crawler: INFERRING }));
        await put("2024-04-29", { price: yesterday });
        await crawl();
        await put("2024-04-30", { price: today });
        await crawl();

        expect(types()).to.deep.equal({ price: type });
        expect(partitionTypes(), "partitions inherit").to.deep.equal([type, type]);
      });
    }

    it("gain a new field", async () => {
      lake = await openLake(ordersGraph({ crawler: INFERRING }));
      await put("2024-04-29", { price: 8 });
      await crawl();
      await put("2024-04-30", { price: 8, colour: "blue" });
      await crawl();

      expect(types()).to.deep.equal({ price: "int", colour: "string" });
    });

    it("keep a field that newer files lack, and lose one that no file has any more", async () => {
      lake = await openLake(ordersGraph({ crawler: INFERRING }));
      await put("2024-04-29", { price: 8, colour: "blue" });
      await crawl();
      await put("2024-04-30", { price: 8 });
      await crawl();
      const withOldFile = types();
      await lake.remove("shop-lake", "raw/orders/day=2024-04-29/a.json.gz");
      const output = await crawl();

      expect(withOldFile).to.deep.equal({ price: "int", colour: "string" });
      expect(types()).to.deep.equal({ price: "int" });
      expect(output).to.include("1 partitions of table orders no longer have files");
      expect(lake.glue.catalog.partitions("shop", "orders"), "deletes are logged").to.have.length(2);
    });
  });

  describe("where it reads new folders only and leaves the table alone", () => {
    it("are those of the first crawl, however wrong they become: why raw is not crawled so", async () => {
      lake = await openLake(ordersGraph({ crawler: FIRST_WINS }));
      await put("2024-04-29", { price: 8, colour: "blue" });
      await crawl();
      await put("2024-04-30", { price: 8.2, size: "L" });
      const output = await crawl();

      expect(types()).to.deep.equal({ price: "int", colour: "string" });
      expect(partitionTypes()).to.deep.equal(["int,string", "int,string"]);
      expect(output).to.include("has a different schema now");
    });
  });

  describe("where the table is declared", () => {
    for (const [what, [yesterday, today]] of CASES) {
      it(`are the declared ones, of ${what}`, async () => {
        lake = await openLake(declaredOrders());
        await put("2024-04-29", { price: yesterday });
        await crawl();
        await put("2024-04-30", { price: today, colour: "blue" });
        await crawl();

        expect(types()).to.deep.equal({ item: "string", price: "double" });
        expect(partitionTypes()).to.deep.equal(["string,double", "string,double"]);
      });
    }
  });

  it("are written in the files of Parquet", async () => {
    lake = await openLake(ordersGraph({ crawler: INFERRING }));
    const select = `SELECT 8::INTEGER AS count, 8::BIGINT AS total, 8.0::DOUBLE AS price, 'ink' AS item, true AS paid,
      DATE '2024-04-29' AS day_of, TIMESTAMP '2024-04-29 11:00:00' AS at, 8.25::DECIMAL(6,2) AS tax`;
    await lake.put("shop-lake", "raw/orders/day=2024-04-29/a.parquet", await parquetOf(select));
    await crawl();

    expect(types()).to.deep.equal({
      count: "int",
      total: "bigint",
      price: "double",
      item: "string",
      paid: "boolean",
      day_of: "date",
      at: "timestamp",
      tax: "decimal(6,2)",
    });
  });
});
