import { gzipSync } from "node:zlib";
import { expect } from "chai";
import { rawShape } from "../../etl/table-definition.ts";
import { tableNamed } from "../../etl/tables.ts";
import type { Graph } from "../../local/graph.ts";
import { graphOf } from "../infra/loader/graphs.ts";
import { type Lake, openLake } from "../local/glue/lake.ts";

const DATABASE = "stormwire_local_raw";

describe("the table of the records as they came", () => {
  let graph: Graph;
  let lake: Lake;

  before(async () => {
    graph = await graphOf({ stack: "local" });
  });
  beforeEach(async () => {
    lake = await openLake(graph);
  });
  afterEach(async () => {
    await lake[Symbol.asyncDispose]();
  });

  const put = (hour: string, ...lines: readonly string[]) =>
    lake.put("lake", `raw/year=2024/month=04/day=30/hour=${hour}/a.ndjson.gz`, gzipSync(lines.join("\n")));

  const record = (values: string, location = '{"id":"porto-alegre"}') =>
    `{"data":{"time":"2024-04-30T11:00:00Z","values":${values}},"location":${location},"source":"tomorrow.io","archive":{}}`;

  const crawl = async () => {
    await lake.endpoint.gateway.call(lake.identities.operator, "glue", "StartCrawler", { Name: "raw" });
    await lake.glue.stop();
    return lake.glue.runs().at(-1);
  };

  const ask = async (sql: string) => (await lake.athena.runQuery(sql, { database: DATABASE })).rows;

  it("has the top of an archived line as columns, as far as the ETL reads it, and the hours as partitions", () => {
    const { StorageDescriptor, PartitionKeys } = lake.glue.catalog.table(DATABASE, "records");

    expect(StorageDescriptor.Columns.map(({ Name, Type }) => `${Name} ${Type}`)).to.deep.equal(
      Object.keys(rawShape(tableNamed("observations"))).map((name) => `${name} string`),
    );
    for (const { Name, Comment } of StorageDescriptor.Columns) expect(Comment, Name).to.match(/^[A-Z].*\.$/);
    expect(PartitionKeys.map(({ Name }) => Name)).to.deep.equal(["year", "month", "day", "hour"]);
  });

  it("is read, each spelling by itself, where names differ in case alone: in one record, in two, and at the top", async () => {
    await put("11", record('{"temperature":20.5,"Temperature":21}'), record('{"pollenIndex":1}'));
    await put(
      "12",
      record('{"pollenindex":2}'),
      `{"Data":null,${record("{}").slice(1, -1)},"LOCATION":null}`,
    );

    const run = await crawl();

    expect(run).to.include({ state: "SUCCEEDED" });
    expect(
      await ask(`SELECT hour, json_extract_scalar(data, '$.values.temperature'), json_extract_scalar(data, '$.values.Temperature'),
          json_extract_scalar(data, '$.values.pollenIndex'), json_extract_scalar(data, '$.values.pollenindex'),
          json_extract_scalar(location, '$.id')
        FROM records ORDER BY 1, 2, 4, 5`),
    ).to.deep.equal([
      ["11", "20.5", "21", null, null, "porto-alegre"],
      ["11", null, null, "1", null, "porto-alegre"],
      ["12", null, null, null, "2", "porto-alegre"],
      ["12", null, null, null, null, "porto-alegre"],
    ]);
    expect(run?.output)
      .to.include(
        'Field data.values.Temperature below s3://lake/raw/ is omitted from the schema: it differs from "temperature"',
      )
      .and.include("Added 2 partitions to table records");
    expect(lake.endpoint.gateway.denials).to.deep.equal([]);
  });

  for (const [what, values] of [
    ["nothing", '{"":1}'],
    ["dots, quotes, spaces and brackets", '{"a.b":1,"a\\"b":2,"it\'s":3,"a b":4,"a<b>:c,d":5}'],
    ["other alphabets", '{"température":1,"気温":2,"\u{1F327}":3}'],
    [
      "keywords, numbers and names of JavaScript",
      '{"select":1,"2024":2,"__proto__":{"x":1},"constructor":3,"year":4}',
    ],
    ["very long names", `{"${"n".repeat(70_000)}":1}`],
    ["2,000 fields", `{${Array.from({ length: 2000 }, (_, index) => `"f${index}":${index}`).join(",")}}`],
    ["text where numbers belong", '{"temperature":"warm","humidity":[],"windGust":{"x":1}}'],
  ] as const) {
    it(`is read whatever fields are called and hold: ${what}`, async () => {
      await put("11", record('{"temperature":20.5}'), record(values), record(values, '"nowhere"'));

      expect(await crawl()).to.include({ state: "SUCCEEDED" });
      expect(
        await ask("SELECT data, location FROM records ORDER BY data = '{}', location DESC"),
      ).to.have.length(3);
      const [row] = await ask(`SELECT data FROM records WHERE location = 'nowhere'`);
      expect(JSON.parse(String(row?.[0])).values).to.deep.equal(JSON.parse(values));
    });
  }

  it("has a row of NULL for a line that is not JSON, which fails no query", async () => {
    await put("11", record("{}"));
    await crawl();
    await put("11", "not json", record("{}"), '["a list"]');

    expect(await ask("SELECT source FROM records ORDER BY source")).to.deep.equal([
      ["tomorrow.io"],
      [null],
      [null],
    ]);
  });
});
