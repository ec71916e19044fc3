import { expect } from "chai";
import { projectionOf } from "../../../local/athena/projection.ts";
import type { CatalogTable } from "../../../local/glue/catalog.ts";
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

/** A placeholder in a template, `${KEY}`. */
const at = (key: string) => `\${${key}}`;

/** The values that are in the projection of one key. */
function kept(parameters: Record<string, string>, values: readonly string[], now = NOW): string[] {
  const settings = Object.entries(parameters).map(([name, value]) => [`projection.k.${name}`, value]);
  const projection = projectionOf(table(["k"], Object.fromEntries(settings)), now);
  return values.filter((value) => projection?.has(`${ROOT}k=${value}/a.json`));
}

describe("partition projection", () => {
  it("exists only when it is enabled", () => {
    expect(projectionOf(table(["k"], { "projection.enabled": "false" }), NOW)).to.equal(undefined);
    const { Parameters: _none, ...rest } = table(["k"], {});
    expect(projectionOf({ ...rest, Parameters: {} }, NOW)).to.equal(undefined);
  });

  describe("of dates", () => {
    const days = { type: "date", format: "yyyy-MM-dd" };

    it("includes both ends of the range", () => {
      const range = { ...days, range: "2024-04-29 , 2024-05-01" };
      const values = ["2024-04-28", "2024-04-29", "2024-05-01", "2024-05-02", "2024-4-30", "x"];
      expect(kept(range, values)).to.deep.equal(["2024-04-29", "2024-05-01"]);
    });

    it("takes NOW from the given time, truncated to the format", () => {
      const range = { ...days, range: "NOW-1DAY,NOW + 1DAYS" };
      const values = ["2024-04-29", "2024-04-30", "2024-05-01", "2024-05-02", "2024-05-03"];
      expect(kept(range, values)).to.deep.equal(["2024-04-30", "2024-05-01", "2024-05-02"]);
      expect(kept(range, values, new Date("2024-04-28T23:59:59Z"))).to.deep.equal(["2024-04-29"]);
    });

    it("advances in intervals of the last unit in the format, day or month", () => {
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

  it("finds partitions by the location template", () => {
    const projection = projectionOf(
      table(["year", "day"], {
        "projection.year.type": "date",
        "projection.year.format": "yyyy",
        "projection.year.range": "2020,2024",
        "projection.year.interval.unit": "YEARS",
        "projection.day.type": "date",
        "projection.day.format": "MM-dd",
        "projection.day.range": "01-01,02-01",
        "storage.location.template": `s3://other/v2/day=${at("day")}/year=${at("year")}/final`,
      }),
      NOW,
    );

    expect(projection?.location).to.equal("s3://other/v2/");
    expect(projection?.has("s3://other/v2/day=01-31/year=2024/final/deep/a.json")).to.equal(true);
    expect(projection?.has("s3://other/v2/day=01-31/year=2025/final/a.json")).to.equal(false);
    expect(projection?.has("s3://other/v2/day=03-01/year=2024/final/a.json")).to.equal(false);
    expect(projection?.has("s3://other/v2/day=01-31/year=2024/draft/a.json")).to.equal(false);
    expect(projection?.has("s3://other/v1/day=01-31/year=2024/final/a.json")).to.equal(false);
  });

  const notEmulated: [string, Record<string, string>, RegExp][] = [
    ["a column without a type", {}, /table orders with projection\.k\.type that is missing/],
    ["a column of type enum", { type: "enum", values: "a,b" }, /projection\.k\.type "enum" is not emulated/],
    ["a column of type integer", { type: "integer", range: "0,23" }, /projection\.k\.type "integer"/],
    ["an injected column", { type: "injected" }, /projection\.k\.type "injected"/],
    [
      "an unknown setting",
      { type: "date", format: "yyyy", range: "NOW,NOW", colour: "red" },
      /projection\.k\.colour of a column of type date/,
    ],
    [
      "an interval that is not a number",
      { type: "date", format: "yyyy-MM-dd", range: "NOW,NOW", interval: "two" },
      /projection\.k\.interval "two"/,
    ],
    [
      "too many values",
      { type: "date", format: "yyyy-MM-dd", range: "0001-01-01,NOW" },
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
      "an unknown unit",
      { type: "date", format: "yyyy-MM-dd", range: "NOW,NOW", "interval.unit": "EONS" },
      /projection\.k\.interval\.unit "EONS"/,
    ],
  ];
  for (const [what, parameters, message] of notEmulated) {
    it(`names what is not emulated: ${what}`, () => {
      expect(() => kept(parameters, [])).to.throw(message);
    });
  }

  it("names properties that belong to no partition key, and templates with other folders", () => {
    const dates = {
      "projection.k.type": "date",
      "projection.k.format": "yyyy-MM-dd",
      "projection.k.range": "NOW,NOW",
    };
    const project = (parameters: Record<string, string>) => () =>
      projectionOf(table(["k"], { ...dates, ...parameters }), NOW);

    expect(project({ "projection.other.type": "date" })).to.throw(
      /projection\.other\.type does not name a partition key/,
    );
    for (const template of [`${at("k")}/`, `x=${at("k")}/`, "", `k=${at("k")}/y=${at("y")}/`]) {
      expect(project({ "storage.location.template": `s3://b/${template}` }), template).to.throw(
        /does not consist of folders KEY=/,
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

  it("includes a day as soon as its file exists, crawled or not, but no day outside the range", async () => {
    lake = await openLake(declaredOrders());
    await put("2024-04-29", "ink");
    await lake.glue.startWorkflow("nightly");
    await put("2024-04-30", "pen");
    await put("2024-03-31", "too old");
    await put("2024-05-03", "too far ahead");

    expect(lake.glue.catalog.partitions("shop", "orders")).to.have.length(1);
    expect(await days()).to.deep.equal(["2024-04-29 ink", "2024-04-30 pen"]);
  });

  it("includes a future day once its time has come", async () => {
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

  it("reads only the partitions of the catalog when the projection is disabled", async () => {
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
