import { expect } from "chai";
import { projectionOf } from "../../../local/athena/projection.ts";
import type { CatalogTable } from "../../../local/glue/catalog-shapes.ts";
import { ACCOUNT, allow, REGION, roleArn } from "../endpoint/support.ts";
import { declaredOrders, PROJECTION } from "../glue/declared-orders.ts";
import { type Lake, openLake } from "../glue/lake.ts";

const NOW = new Date("2024-05-01T10:30:00Z");
const ROOT = "s3://shop-lake/orders/";

function table(keys: readonly string[], parameters: Record<string, string>): CatalogTable {
  return {
    Name: "orders",
    DatabaseName: "shop",
    TableType: "EXTERNAL_TABLE",
    CreateTime: NOW,
    UpdateTime: NOW,
    PartitionKeys: keys.map((Name) => ({ Name, Type: "string" })),
    Parameters: { "projection.enabled": "true", ...parameters },
    StorageDescriptor: {
      Columns: [],
      Location: ROOT,
      InputFormat: "in",
      OutputFormat: "out",
      SerdeInfo: { SerializationLibrary: "serde" },
    },
  };
}

/** A place of a template, `${KEY}`. */
const at = (key: string) => `\${${key}}`;

/** Those of the values that the projection of one key has. */
function kept(parameters: Record<string, string>, values: readonly string[], now = NOW): string[] {
  const settings = Object.entries(parameters).map(([name, value]) => [`projection.k.${name}`, value]);
  const projection = projectionOf(table(["k"], Object.fromEntries(settings)), now);
  return values.filter((value) => projection?.has(`${ROOT}k=${value}/a.json`));
}

describe("partition projection", () => {
  it("is there only where it is enabled", () => {
    expect(projectionOf(table(["k"], { "projection.enabled": "false" }), NOW)).to.equal(undefined);
    const { Parameters: _none, ...rest } = table(["k"], {});
    expect(projectionOf({ ...rest, Parameters: {} }, NOW)).to.equal(undefined);
  });

  describe("of dates", () => {
    const days = { type: "date", format: "yyyy-MM-dd" };

    it("goes from first to last, both included", () => {
      const range = { ...days, range: "2024-04-29 , 2024-05-01" };
      const values = ["2024-04-28", "2024-04-29", "2024-05-01", "2024-05-02", "2024-4-30", "x"];
      expect(kept(range, values)).to.deep.equal(["2024-04-29", "2024-05-01"]);
    });

    it("takes NOW from the clock it is given, cut to the format", () => {
      const range = { ...days, range: "NOW-1DAY,NOW + 1DAYS" };
      const values = ["2024-04-29", "2024-04-30", "2024-05-01", "2024-05-02", "2024-05-03"];
      expect(kept(range, values)).to.deep.equal(["2024-04-30", "2024-05-01", "2024-05-02"]);
      expect(kept(range, values, new Date("2024-04-28T23:59:59Z"))).to.deep.equal(["2024-04-29"]);
    });

    it("goes in intervals, whose unit is the day or month that the format ends in", () => {
      const weekly = { ...days, range: "2024-04-01,NOW", interval: "1", "interval.unit": "WEEKS" };
      expect(kept(weekly, ["2024-04-01", "2024-04-02", "2024-04-08"])).to.deep.equal([
        "2024-04-01",
        "2024-04-08",
      ]);
      const months = { type: "date", format: "yyyyMM", range: "202311,NOW", interval: "2" };
      expect(kept(months, ["202311", "202312", "202401", "202405", "202407"])).to.deep.equal([
        "202311",
        "202401",
        "202405",
      ]);
      const ends = { ...days, range: "2024-01-31,NOW", "interval.unit": "MONTHS" };
      expect(kept(ends, ["2024-01-31", "2024-02-29", "2024-03-29", "2024-03-31"])).to.deep.equal([
        "2024-01-31",
        "2024-02-29",
        "2024-03-29",
      ]);
    });

    it("reads hours, and text between quotes", () => {
      const hours = {
        type: "date",
        format: "yyyy-MM-dd'T'HH",
        range: "2024-05-01T00,NOW",
        "interval.unit": "HOURS",
      };
      expect(kept(hours, ["2024-05-01T00", "2024-05-01T10", "2024-05-01T11"])).to.deep.equal([
        "2024-05-01T00",
        "2024-05-01T10",
      ]);
    });
  });

  it("of integers goes in intervals, with leading zeros where digits say so", () => {
    const hours = { type: "integer", range: "0,23", digits: "2" };
    expect(kept(hours, ["00", "7", "07", "23", "24"])).to.deep.equal(["00", "07", "23"]);
    expect(kept({ type: "Integer", range: "-3,3", interval: "3" }, ["-3", "-2", "0", "3"])).to.deep.equal([
      "-3",
      "0",
      "3",
    ]);
  });

  it("of an enumeration has its members, white space included", () => {
    expect(kept({ type: "enum", values: "a, b" }, ["a", "b", " b"])).to.deep.equal(["a", " b"]);
  });

  it("finds partitions by the template, whatever lies around it", () => {
    const projection = projectionOf(
      table(["year", "shop"], {
        "projection.year.type": "integer",
        "projection.year.range": "2020,2024",
        "projection.shop.type": "enum",
        "projection.shop.values": "north,south",
        "storage.location.template": `s3://other/v2/shop=${at("shop")}/year=${at("year")}/final`,
      }),
      NOW,
    );

    expect(projection?.location).to.equal("s3://other/v2/");
    expect(projection?.has("s3://other/v2/shop=north/year=2024/final/deep/a.json")).to.equal(true);
    expect(projection?.has("s3://other/v2/shop=north/year=2025/final/a.json")).to.equal(false);
    expect(projection?.has("s3://other/v2/shop=west/year=2024/final/a.json")).to.equal(false);
    expect(projection?.has("s3://other/v2/shop=north/year=2024/draft/a.json")).to.equal(false);
    expect(projection?.has("s3://other/v1/shop=north/year=2024/final/a.json")).to.equal(false);
  });

  const refused: [string, Record<string, string>, RegExp][] = [
    ["a column without a type", {}, /table orders with projection\.k\.type that is missing/],
    ["an injected column", { type: "injected" }, /projection\.k\.type "injected"/],
    [
      "a setting of another type",
      { type: "enum", values: "a", range: "1,2" },
      /projection\.k\.range of a column of type enum/,
    ],
    ["a setting that nobody knows", { type: "enum", values: "a", colour: "red" }, /projection\.k\.colour/],
    [
      "a range that is none",
      { type: "integer", range: "1-2" },
      /projection\.k\.range "1-2", where FIRST,LAST/,
    ],
    [
      "digits that are no number",
      { type: "integer", range: "1,2", digits: "two" },
      /projection\.k\.digits "two"/,
    ],
    [
      "too many values",
      { type: "integer", range: "0,9000000" },
      /projection\.k\.range of more than 250000 values/,
    ],
    [
      "a date of another format",
      { type: "date", format: "yyyy-MM-dd", range: "2024,NOW" },
      /projection\.k\.range "2024,NOW"/,
    ],
    [
      "NOW with an unknown unit",
      { type: "date", format: "yyyy-MM-dd", range: "2024-01-01,NOW+1EONS" },
      /projection\.k\.range/,
    ],
    [
      "a letter of the format",
      { type: "date", format: "yyyy-MMM-dd", range: "NOW,NOW" },
      /projection\.k\.format "yyyy-MMM-dd"/,
    ],
    [
      "hours without a unit",
      { type: "date", format: "yyyy-MM-dd-HH", range: "NOW,NOW" },
      /projection\.k\.interval\.unit that is missing/,
    ],
    [
      "a unit that is none",
      { type: "date", format: "yyyy-MM-dd", range: "NOW,NOW", "interval.unit": "EONS" },
      /projection\.k\.interval\.unit "EONS"/,
    ],
  ];
  for (const [what, parameters, message] of refused) {
    it(`names what it does not have: ${what}`, () => {
      expect(() => kept(parameters, [])).to.throw(message);
    });
  }

  it("names properties of no partition key, and templates of other folders", () => {
    const enumerated = { "projection.k.type": "enum", "projection.k.values": "a" };
    const refuse = (parameters: Record<string, string>) => () =>
      projectionOf(table(["k"], { ...enumerated, ...parameters }), NOW);

    expect(refuse({ "projection.other.type": "enum" })).to.throw(
      /projection\.other\.type is of no partition key/,
    );
    for (const template of [`${at("k")}/`, `x=${at("k")}/`, "", `k=${at("k")}/y=${at("y")}/`]) {
      expect(refuse({ "storage.location.template": `s3://b/${template}` }), template).to.throw(
        /is not of folders KEY=/,
      );
    }
  });
});

describe("a query of a projected table", () => {
  let lake: Lake;

  afterEach(async () => {
    await lake[Symbol.asyncDispose]();
  });

  const put = (day: string, item: string) =>
    lake.put("shop-lake", `raw/orders/day=${day}/a.json`, `{"item":"${item}","price":8}\n`);

  const days = async () => {
    const { rows } = await lake.athena.runQuery("SELECT day, item FROM orders ORDER BY day", {
      database: "shop",
    });
    return rows.map((row) => row.join(" "));
  };

  it("answers nothing, and no error, where no folder is", async () => {
    lake = await openLake(declaredOrders());
    expect(await days()).to.deep.equal([]);
  });

  it("sees a day as soon as its file is there, crawled or not, and none outside of the range", async () => {
    lake = await openLake(declaredOrders());
    await put("2024-04-29", "ink");
    await lake.glue.startWorkflow("nightly");
    await put("2024-04-30", "pen");
    await put("2024-03-31", "too old");
    await put("2024-05-03", "too far ahead");

    expect(lake.glue.catalog.partitions("shop", "orders")).to.have.length(1);
    expect(await days()).to.deep.equal(["2024-04-29 ink", "2024-04-30 pen"]);
  });

  it("sees what is ahead once its time has come", async () => {
    lake = await openLake(declaredOrders());
    await put("2024-05-03", "cap");
    const before = await days();

    await lake.clock.run({ until: new Date("2024-05-02T00:00:00Z"), speed: "max" });

    expect(before).to.deep.equal([]);
    expect(await days()).to.deep.equal(["2024-05-03 cap"]);
  });

  it("ignores partitions of the catalog that lie outside", async () => {
    lake = await openLake(declaredOrders());
    await put("2024-03-31", "too old");
    await lake.glue.startWorkflow("nightly");

    expect(lake.glue.catalog.partitions("shop", "orders")).to.have.length(1);
    expect(await days()).to.deep.equal([]);
  });

  it("sees what the catalog has, and nothing else, once the projection is switched off", async () => {
    lake = await openLake(declaredOrders({ parameters: { ...PROJECTION, "projection.enabled": "false" } }));
    await put("2024-03-31", "old");
    await lake.glue.startWorkflow("nightly");
    await put("2024-04-30", "pen");

    expect(await days()).to.deep.equal(["2024-03-31 old"]);
  });

  it("needs no permission to read partitions", async () => {
    const glue = `arn:aws:glue:${REGION}:${ACCOUNT}`;
    const analystGrants = [
      allow("athena:StartQueryExecution", `arn:aws:athena:${REGION}:${ACCOUNT}:workgroup/analysts`),
      allow("glue:GetTable", [`${glue}:catalog`, `${glue}:database/shop`, `${glue}:table/shop/orders`]),
      allow("s3:GetObject", "arn:aws:s3:::shop-lake/raw/*"),
      allow("s3:PutObject", "arn:aws:s3:::shop-lake/results/*"),
    ];
    lake = await openLake(declaredOrders({ analystGrants }));
    await put("2024-04-30", "pen");
    const caller = lake.identities.forRole(roleArn("analyst"), "session");

    await lake.endpoint.gateway.call(caller, "athena", "StartQueryExecution", {
      QueryString: "SELECT item FROM shop.orders",
      WorkGroup: "analysts",
    });
    await lake.athena.stop();

    const [execution] = lake.athena.executions();
    expect(execution?.reason).to.equal(undefined);
    expect(execution?.result?.rows).to.deep.equal([["pen"]]);
  });
});
