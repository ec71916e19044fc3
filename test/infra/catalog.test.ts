import { expect } from "chai";
import { TABLES } from "../../etl/tables.ts";
import { type Graph, resourcesOfType } from "../../local/graph.ts";
import { graphOf } from "./loader/graphs.ts";
import { resource, statements } from "./program.ts";

const TABLE = "aws:glue/catalogTable:CatalogTable";
const CRAWLER = "aws:glue/crawler:Crawler";
const HIVE_TYPES = { string: "string", double: "double", integer: "int", timestamp: "timestamp" };

/** https://docs.aws.amazon.com/glue/latest/webapi/API_Column.html */
const GLUE_TEXT = /^[\u0020-\uD7FF\uE000-\uFFFD\t]{1,255}$/;

/** But for making and changing tables, which gold's crawler must not: https://github.com/awslabs/cid-data-collection-framework */
const OF_THE_SAMPLE = [
  "BatchCreatePartition",
  "BatchGetPartition",
  "BatchUpdatePartition",
  "CreatePartition",
  "DeletePartition",
  "DeleteTableVersion",
  "GetDatabases",
  "GetPartition",
  "GetPartitions",
  "GetTable",
  "GetTableVersion",
  "GetTableVersions",
  "GetTables",
  "TagResource",
  "UpdatePartition",
];

interface Column {
  readonly name: string;
  readonly type: string;
  readonly comment: string;
}

describe("catalog", () => {
  let graph: Graph;

  before(async () => {
    graph = await graphOf({ stack: "local" });
  });

  function columnsOf(name: string): Column[] {
    const { storageDescriptor, partitionKeys } = resource(graph, TABLE, name).inputs as {
      storageDescriptor: { columns: Column[] };
      partitionKeys: Column[];
    };
    return [...storageDescriptor.columns, ...partitionKeys];
  }

  it("declares the tables of gold and the one of raw, and no other", () => {
    expect(resourcesOfType(graph, TABLE).map(({ name }) => name)).to.have.members([
      ...TABLES.map(({ name }) => name),
      "records",
    ]);
  });

  for (const table of TABLES) {
    describe(table.name, () => {
      it("has the columns of its definition, each with a comment that Glue takes", () => {
        const columns = columnsOf(table.name);

        expect(columns.map(({ name, type }) => ({ name, type }))).to.deep.equal([
          ...table.columns.map(({ name, type }) => ({ name, type: HIVE_TYPES[type] })),
          { name: "day", type: "string" },
        ]);
        for (const { name, comment } of columns) expect(comment, name).to.match(GLUE_TEXT);
      });

      it("says unit and meaning in its comments", () => {
        for (const { name, unit, description } of table.columns) {
          const comment = columnsOf(table.name).find((column) => column.name === name)?.comment;
          expect(comment, name).to.equal(unit === undefined ? description : `${description} In ${unit}.`);
        }
      });

      it("lies in its folder as Parquet, in days that Athena computes", () => {
        const { storageDescriptor, ...inputs } = resource(graph, TABLE, table.name).inputs;
        const { columns: _columns, ...storage } = storageDescriptor as { columns: unknown };

        expect(storage).to.deep.equal({
          location: `s3://lake/gold/${table.name}/`,
          inputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetInputFormat",
          outputFormat: "org.apache.hadoop.hive.ql.io.parquet.MapredParquetOutputFormat",
          serDeInfo: {
            serializationLibrary: "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
          },
        });
        expect(inputs).to.deep.include({
          databaseName: resource(graph, "aws:glue/catalogDatabase:CatalogDatabase", "gold").outputs.name,
          tableType: "EXTERNAL_TABLE",
          parameters: {
            classification: "parquet",
            compressionType: "none",
            "projection.enabled": "true",
            "projection.day.type": "date",
            "projection.day.format": "yyyy-MM-dd",
            "projection.day.range": "2000-01-01,NOW+1DAYS",
            "projection.day.interval": "1",
            "projection.day.interval.unit": "DAYS",
            "storage.location.template": `s3://lake/gold/${table.name}/day=\${day}/`,
          },
        });
      });
    });
  }

  it("has one crawler for both tables of gold, which may neither make nor change a table", () => {
    const { s3Targets, catalogTargets, recrawlPolicy, schemaChangePolicy } = resource(
      graph,
      CRAWLER,
      "gold",
    ).inputs;

    expect(catalogTargets).to.deep.equal([
      {
        databaseName: resource(graph, "aws:glue/catalogDatabase:CatalogDatabase", "gold").outputs.name,
        tables: ["observations", "alerts"],
      },
    ]);
    expect(s3Targets).to.equal(undefined);
    expect(recrawlPolicy).to.equal(undefined);
    expect(schemaChangePolicy).to.deep.equal({ updateBehavior: "LOG", deleteBehavior: "LOG" });
    expect(
      allowedTo("gold-crawler").filter((grant) =>
        /glue:(Create|Update|Delete)(Table|Database) |s3:(Put|Delete)/.test(grant),
      ),
    ).to.deep.equal([]);
    expect(allowedTo("gold-crawler")).to.include.members([
      "glue:GetTable table/stormwire_local_gold/alerts",
      "glue:BatchCreatePartition table/stormwire_local_gold/observations",
      "s3:GetObject lake/gold/alerts/*",
    ]);
  });

  it("has one crawler of raw, which may neither make nor change a table", () => {
    const { s3Targets, catalogTargets, recrawlPolicy, schemaChangePolicy } = resource(
      graph,
      CRAWLER,
      "raw",
    ).inputs;

    expect(catalogTargets).to.deep.equal([{ databaseName: "stormwire_local_raw", tables: ["records"] }]);
    expect(s3Targets).to.equal(undefined);
    expect(recrawlPolicy).to.equal(undefined);
    expect(schemaChangePolicy).to.deep.equal({ updateBehavior: "LOG", deleteBehavior: "LOG" });
    expect(
      allowedTo("raw-crawler").filter((grant) =>
        /glue:(Create|Update|Delete)(Table|Database) |s3:(Put|Delete)/.test(grant),
      ),
    ).to.deep.equal([]);
    expect(allowedTo("raw-crawler")).to.include(
      "glue:BatchCreatePartition table/stormwire_local_raw/records",
    );
  });

  it("reads raw as text, with keys as they are spelt, and lines that are not JSON as NULL", () => {
    const { storageDescriptor, ...inputs } = resource(graph, TABLE, "records").inputs;

    expect(storageDescriptor).to.deep.include({
      location: "s3://lake/raw/",
      inputFormat: "org.apache.hadoop.mapred.TextInputFormat",
      outputFormat: "org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat",
      serDeInfo: {
        serializationLibrary: "org.openx.data.jsonserde.JsonSerDe",
        parameters: { "case.insensitive": "FALSE", "ignore.malformed.json": "TRUE" },
      },
    });
    expect(inputs).to.deep.include({
      databaseName: "stormwire_local_raw",
      tableType: "EXTERNAL_TABLE",
      parameters: { classification: "json", compressionType: "gzip" },
    });
    for (const { name, type, comment } of columnsOf("records")) {
      expect(type, name).to.equal("string");
      expect(comment, name).to.match(GLUE_TEXT);
    }
  });

  for (const [name, tables] of [
    ["raw", ["records"]],
    ["gold", TABLES.map((table) => table.name)],
  ] as const) {
    it(`may do with ${name} what AWS's own sample grants a crawler, and with no other database`, () => {
      const allowed = allowedTo(`${name}-crawler`);
      const ours = ["catalog", `database/stormwire_local_${name}`];
      const all = [...ours, ...tables.map((table) => `table/stormwire_local_${name}/${table}`)];
      for (const action of OF_THE_SAMPLE) {
        expect(allowed).to.include.members(all.map((resource) => `glue:${action} ${resource}`));
      }
      const others = allowed.filter(
        (grant) => grant.startsWith("glue:") && !all.includes(String(grant.split(" ").at(-1))),
      );
      expect(others).to.deep.equal([]);
      expect(allowed).to.include("s3:ListBucket lake");
    });
  }

  it("combines compatible schemas and lets partitions inherit, in both", () => {
    for (const { inputs } of resourcesOfType(graph, CRAWLER)) {
      expect(JSON.parse(String(inputs.configuration))).to.deep.include({
        Grouping: { TableGroupingPolicy: "CombineCompatibleSchemas" },
        CrawlerOutput: { Partitions: { AddOrUpdateBehavior: "InheritFromTable" } },
      });
    }
  });

  it("crawls once a day, in the workflow and not by schedules of the crawlers", () => {
    const { schedule } = resource(graph, "aws:glue/trigger:Trigger", "etl-raw-crawl").inputs;
    expect(schedule).to.match(/^cron\(\d+ \d+ \* \* \? \*\)$/);
    for (const { inputs } of resourcesOfType(graph, CRAWLER)) expect(inputs.schedule).to.equal(undefined);
  });

  function allowedTo(role: string): string[] {
    return statements(resource(graph, "aws:iam/rolePolicy:RolePolicy", role).inputs.policy).flatMap(
      ({ Action, Resource }) =>
        [Action]
          .flat()
          .flatMap((action) => [Resource].flat().map((arn) => `${action} ${String(arn).split(":").at(-1)}`)),
    );
  }
});
