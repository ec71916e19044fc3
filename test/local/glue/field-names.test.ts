import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { type Lake, openLake } from "./lake.ts";
import { ordersGraph } from "./orders.ts";
import { parquetOf } from "./parquet.ts";

describe("the names of fields that a crawler finds", () => {
  let lake: Lake;

  beforeEach(async () => {
    lake = await openLake(ordersGraph());
  });
  afterEach(async () => {
    await lake[Symbol.asyncDispose]();
  });

  const put = (name: string, ...lines: string[]) =>
    lake.put("shop-lake", `raw/orders/day=${name}.json.gz`, gzipSync(lines.join("\n")));

  const crawl = async () => {
    await lake.endpoint.gateway.call(lake.identities.operator, "glue", "StartCrawler", { Name: "orders" });
    await lake.glue.stop();
    return lake.glue.runs().at(-1);
  };

  /** Columns of the table after a crawl that succeeds, what its log warns of, and the rows that a query counts. */
  const crawled = async () => {
    const run = await crawl();
    expect(run?.error).to.equal(undefined);
    const { StorageDescriptor } = lake.glue.catalog.table("shop", "orders");
    const columns = StorageDescriptor.Columns.map(({ Name, Type }) => `${Name} ${Type}`);
    const sql = `SELECT COUNT(*), ${StorageDescriptor.Columns.map(({ Name }) => `MAX("${Name.replaceAll('"', '""')}")`).join(", ")} FROM orders`;
    const { rows } = await lake.athena.runQuery(sql, { database: "shop" });
    return {
      columns,
      warnings: (run?.output ?? "").split("\n").filter((line) => line.startsWith("WARN")),
      rows: rows[0]?.[0],
    };
  };

  const warning = (field: string, reason: string) =>
    `WARN : Field ${field} below s3://shop-lake/raw/orders/ is omitted from the schema: ${reason}`;

  it("are one column where two differ in case alone: in one object, in two, and in two files", async () => {
    await put("2024-04-29/a", '{"Price":8,"price":8.5,"item":"ink"}', '{"PRICE":9,"Item":null}');
    await put("2024-04-30/b", '{"pRice":3000000000}');

    expect(await crawled()).to.deep.equal({
      columns: ["price double", "item string"],
      warnings: [
        warning("price", 'it differs from "Price" only in case'),
        warning("PRICE", 'it differs from "Price" only in case'),
        warning("Item", 'it differs from "item" only in case'),
        warning("pRice", 'it differs from "Price" only in case'),
      ],
      rows: 3,
    });
  });

  it("are one member of a struct, at every depth and within lists", async () => {
    await put(
      "2024-04-29/a",
      '{"buyer":{"name":{"first":"Ana","First":"A"}},"lines":[{"sku":1},{"SKU":"two"}]}',
      '{"buyer":{"Name":{"FIRST":null,"last":"Lima"}}}',
    );

    expect(await crawled()).to.deep.equal({
      columns: ["buyer struct<name:struct<first:string,last:string>>", "lines array<struct<sku:string>>"],
      warnings: [
        warning("buyer.Name", 'it differs from "name" only in case'),
        warning("buyer.name.First", 'it differs from "first" only in case'),
        warning("buyer.name.FIRST", 'it differs from "first" only in case'),
        warning("lines[].SKU", 'it differs from "sku" only in case'),
      ],
      rows: 2,
    });
  });

  it("are not those of a partition column", async () => {
    await put("2024-04-29/a", '{"Day":1,"item":"ink","buyer":{"day":2}}');

    expect(await crawled()).to.deep.equal({
      columns: ["item string", "buyer struct<day:int>"],
      warnings: [warning("day", "it has the name of a partition column")],
      rows: 1,
    });
  });

  it("are not those of a partition column in files of Parquet", async () => {
    await lake.put(
      "shop-lake",
      "raw/orders/day=2024-04-29/a.parquet",
      await parquetOf("SELECT 'ink' AS item, 1 AS Day"),
    );

    const { columns, warnings, rows } = await crawled();

    expect({ columns, rows }).to.deep.equal({ columns: ["item string"], rows: 1 });
    expect(warnings).to.deep.equal([warning("day", "it has the name of a partition column")]);
  });

  const long = "n".repeat(300);
  const grammar =
    "its name has a character that a column type cannot contain; allowed are letters, digits, _ . $ and space";
  const NAMES: readonly [what: string, name: string, asColumn?: string | undefined, asMember?: string][] = [
    ["nothing", "", "its name is empty", "its name is empty"],
    ["a dot", "a.b"],
    ["a quote", 'a"b', undefined, grammar],
    ["an apostrophe", "it's", undefined, grammar],
    ["a space", "a b"],
    ["a hyphen", "user-agent", undefined, grammar],
    ["a colon", "a:b", undefined, grammar],
    ["a comma", "a,b", "its name has a comma or a control character", grammar],
    ["brackets", "a<b>(c)", undefined, grammar],
    ["a line end", "a\nb", "its name has a comma or a control character", grammar],
    ["a backslash", "a\\b", undefined, grammar],
    ["letters beyond ASCII", "température"],
    ["letters of three bytes", "気温"],
    ["an emoji", "\u{1F327}", undefined, grammar],
    ["a keyword of SQL", "select"],
    ["the name of a type", "struct"],
    ["a number", "2024"],
    ["__proto__", "__proto__"],
    ["constructor", "constructor"],
    ["300 characters", long, "its name has 300 characters, of 255 allowed"],
  ];
  const shown = (name: string) =>
    name === long ? `"${"n".repeat(80)}…"` : /^\w+$/.test(name) ? name : JSON.stringify(name);
  for (const [what, name, asColumn, asMember] of NAMES) {
    it(`make a table that can be read, whatever they are: ${what}`, async () => {
      const key = JSON.stringify(name);
      await put("2024-04-29/a", `{${key}:2,"item":1,"buyer":{${key}:4,"age":3}}`);

      expect(await crawled()).to.deep.equal({
        columns: [
          ...(asColumn === undefined ? [`${name} int`] : []),
          "item int",
          `buyer struct<${asMember === undefined ? `${name}:int,` : ""}age:int>`,
        ],
        warnings: [
          ...(asColumn === undefined ? [] : [warning(shown(name), asColumn)]),
          ...(asMember === undefined ? [] : [warning(`buyer.${shown(name)}`, asMember)]),
        ],
        rows: 1,
      });
    });
  }

  it("can be 2,000 in one record, and the log counts omitted ones after the first twenty", async () => {
    const fields = Array.from({ length: 2000 }, (_, index) => `"f${index}":${index}`);
    const hostile = Array.from({ length: 30 }, (_, index) => `"F${index}":0`);
    await put("2024-04-29/a", `{${[...fields, ...hostile].join(",")}}`);

    const { columns, warnings, rows } = await crawled();

    expect(columns).to.have.length(2000);
    expect(rows).to.equal(1);
    expect(warnings).to.have.length(21);
    expect(warnings.at(-1)).to.equal("WARN : 10 more fields are omitted from the schema");
  });

  it("fail the crawl, with a message, where two partition columns have one", async () => {
    await lake.put("shop-lake", "raw/orders/day=1/Day=2/a.json", "{}");

    expect(await crawl()).to.deep.include({
      state: "FAILED",
      error: 'folders below s3://shop-lake/raw/orders/ have the partition column "day" twice',
    });
  });

  it("do not hinder a crawl that fails for a torn file, whose message names the file", async () => {
    await lake.put("shop-lake", "raw/orders/day=2024-04-29/a.json.gz", gzipSync('{"a":1}').subarray(0, 20));

    const run = await crawl();

    expect(run?.state).to.equal("FAILED");
    expect(run?.error).to.match(/^raw\/orders\/day=2024-04-29\/a\.json\.gz cannot be unpacked: /);
  });
});
