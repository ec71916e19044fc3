import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  AthenaClient,
  BatchGetNamedQueryCommand,
  GetPreparedStatementCommand,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  ListNamedQueriesCommand,
  ListPreparedStatementsCommand,
  StartQueryExecutionCommand,
  StopQueryExecutionCommand,
} from "@aws-sdk/client-athena";
import { expect } from "chai";
import { ACCOUNT, allow, clientConfig, REGION, resource, roleArn } from "../endpoint/support.ts";
import { type Lake, openLake } from "../glue/lake.ts";
import { ordersGraph } from "../glue/orders.ts";

const DEARER_THAN = resource("aws:athena/preparedStatement:PreparedStatement", "dearer-than", {
  workgroup: "analysts",
  name: "dearer_than",
  queryStatement:
    "-- Which?\nSELECT item FROM orders WHERE day >= ? AND item <> ? AND price > ? ORDER BY item",
});

describe("Athena", () => {
  let lake: Lake;
  let client: AthenaClient;

  beforeEach(async () => {
    const mayAsk = allow(
      "athena:StartQueryExecution",
      `arn:aws:athena:${REGION}:${ACCOUNT}:workgroup/analysts`,
    );
    const graph = ordersGraph({ analystGrants: [mayAsk] });
    lake = await openLake({ ...graph, resources: [...graph.resources, DEARER_THAN] });
    client = new AthenaClient(clientConfig(lake.endpoint.url, lake.identities.operator));
    await lake.put(
      "shop-lake",
      "raw/orders/day=2024-04-29/a.json",
      '{"item":"ink","price":8}\n{"item":null,"price":0.5}\n',
    );
    await lake.put("shop-lake", "raw/orders/day=2024-04-30/b.json", '{"item":"a \\"big\\" pen","price":2}\n');
    await lake.glue.startWorkflow("nightly");
  });

  afterEach(async () => {
    client.destroy();
    await lake[Symbol.asyncDispose]();
  });

  async function run(QueryString: string, ...ExecutionParameters: string[]) {
    const { QueryExecutionId } = await client.send(
      new StartQueryExecutionCommand({
        QueryString,
        WorkGroup: "analysts",
        QueryExecutionContext: { Database: "shop" },
        ...(ExecutionParameters.length > 0 && { ExecutionParameters }),
      }),
    );
    await lake.athena.stop();
    const { QueryExecution } = await client.send(new GetQueryExecutionCommand({ QueryExecutionId }));
    return {
      QueryExecutionId,
      status: QueryExecution?.Status,
      output: QueryExecution?.ResultConfiguration?.OutputLocation,
    };
  }

  it("answers rows as text after a header, and writes them as CSV", async () => {
    const { QueryExecutionId, status, output } = await run(
      "SELECT item, price, day FROM orders ORDER BY price",
    );

    const { ResultSet } = await client.send(new GetQueryResultsCommand({ QueryExecutionId }));

    expect(status?.State).to.equal("SUCCEEDED");
    expect(ResultSet?.Rows?.map(({ Data }) => Data?.map(({ VarCharValue }) => VarCharValue))).to.deep.equal([
      ["item", "price", "day"],
      [undefined, "0.5", "2024-04-29"],
      ['a "big" pen', "2.0", "2024-04-30"],
      ["ink", "8.0", "2024-04-29"],
    ]);
    expect(ResultSet?.ResultSetMetadata?.ColumnInfo?.map(({ Type }) => Type)).to.deep.equal([
      "varchar",
      "double",
      "varchar",
    ]);
    expect(await readFile(join(lake.directory, String(output).replace("s3://", "s3/")), "utf8")).to.equal(
      '"item","price","day"\n,"0.5","2024-04-29"\n"a ""big"" pen","2.0","2024-04-30"\n"ink","8.0","2024-04-29"\n',
    );
  });

  it("binds execution parameters, which are literals of SQL", async () => {
    const sql = "SELECT COUNT(*) AS n FROM orders WHERE day = ? AND price > ?";
    const { QueryExecutionId } = await run(sql, "'2024-04-29'", "1");

    const { ResultSet } = await client.send(new GetQueryResultsCommand({ QueryExecutionId }));
    const bare = await run(sql, "pen; DROP", "1");

    expect(ResultSet?.Rows?.[1]?.Data?.[0]?.VarCharValue).to.equal("1");
    expect(bare.status?.StateChangeReason).to.include("Execution parameter pen; DROP is not an SQL literal");
  });

  describe("where the engine cannot read a table", () => {
    beforeEach(async () => {
      const { StorageDescriptor, ...counts } = lake.glue.catalog.table("shop", "counts");
      const twice = ["total", "Total"].map((Name) => ({ Name, Type: "int" }));
      await lake.glue.catalog.putTable({
        ...counts,
        StorageDescriptor: { ...StorageDescriptor, Columns: twice },
      });
    });

    it("fails a query that names it, with the engine's reason", async () => {
      const { status } = await run("SELECT COUNT(*) FROM counts");

      expect(status?.State).to.equal("FAILED");
      expect(status?.StateChangeReason).to.match(/^Table shop\.counts cannot be read: .*duplicate.*total/is);
    });

    it("answers the queries of other tables", async () => {
      expect((await run("SELECT COUNT(*) FROM orders")).status?.State).to.equal("SUCCEEDED");
    });
  });

  it("fails a query with the engine's reason", async () => {
    const { status } = await run("SELECT nothing FROM orders");
    expect(status?.State).to.equal("FAILED");
    expect(status?.StateChangeReason).to.include('"nothing"');
  });

  it("accepts only one SELECT", async () => {
    expect((await run("CREATE TABLE shop.mine (a int)")).status?.StateChangeReason).to.include(
      "other than SELECT",
    );
    expect((await run("SELECT 1; SELECT 2")).status?.StateChangeReason).to.include("only one SQL statement");
    expect((await run("SELEC 1")).status?.StateChangeReason).to.include("syntax error");
  });

  it("reads nothing but the buckets", async () => {
    const { status } = await run(`SELECT * FROM read_text('${join(process.cwd(), "package.json")}')`);
    expect(status?.State).to.equal("FAILED");
    expect(status?.StateChangeReason).to.match(/disabled|Permission/i);
  });

  it("stops at the workgroup's scan limit", async () => {
    await lake.put("shop-lake", "raw/orders/day=2024-04-30/c.json", `{"item":"${"x".repeat(10_000)}"}\n`);
    const { status } = await run("SELECT COUNT(*) FROM orders");
    expect(status?.StateChangeReason).to.match(/scan limit of the workgroup: \d+ bytes .* of 10000 allowed/);
  });

  it("reads with its caller's permissions", async () => {
    const caller = lake.identities.forRole(roleArn("analyst"), "session");
    const { gateway } = lake.endpoint;
    const query = {
      QueryString: "WITH x AS (SELECT * FROM shop.orders) SELECT * FROM x",
      WorkGroup: "analysts",
    };

    await gateway.call(caller, "athena", "StartQueryExecution", query);
    await lake.athena.stop();

    expect(lake.athena.executions()[0]?.reason).to.include("not authorized to perform: glue:GetTable");
  });

  it("cancels a query that is under way, and leaves one that has ended", async () => {
    const { QueryExecutionId } = await client.send(
      new StartQueryExecutionCommand({
        QueryString:
          "SELECT COUNT(*) FROM UNNEST(sequence(1, 100000)) AS a (x) CROSS JOIN UNNEST(sequence(1, 100000)) AS b (y) WHERE x * y % 7 = 3",
        WorkGroup: "analysts",
      }),
    );
    const state = async () => {
      const { QueryExecution } = await client.send(new GetQueryExecutionCommand({ QueryExecutionId }));
      return QueryExecution?.Status?.State;
    };

    expect(await state()).to.equal("RUNNING");
    await client.send(new StopQueryExecutionCommand({ QueryExecutionId }));
    await lake.athena.stop(); // would wait for the whole of it

    expect(await state()).to.equal("CANCELLED");
    const done = await run("SELECT 1");
    await client.send(new StopQueryExecutionCommand({ QueryExecutionId: done.QueryExecutionId }));
    expect(lake.athena.executions().at(-1)?.state).to.equal("SUCCEEDED");
  });

  it("executes prepared statements, with literals in their text or as execution parameters", async () => {
    const statement = "EXECUTE dearer_than USING '2024-04-29', 'it''s, so', 1.5";
    const answers = await Promise.all(
      [await run(statement), await run("execute dearer_than", "'2024-04-29'", "'it''s, so'", "1.5")].map(
        async ({ QueryExecutionId }) => {
          const { ResultSet } = await client.send(new GetQueryResultsCommand({ QueryExecutionId }));
          return ResultSet?.Rows?.map(({ Data }) => Data?.[0]?.VarCharValue);
        },
      ),
    );

    expect(answers).to.deep.equal([
      ["item", 'a "big" pen', "ink"],
      ["item", 'a "big" pen', "ink"],
    ]);
    const { QueryExecution } = await client.send(
      new GetQueryExecutionCommand({ QueryExecutionId: lake.athena.executions()[0]?.id }),
    );
    expect(QueryExecution?.Query).to.equal(statement);
    const unknown = await client
      .send(new StartQueryExecutionCommand({ QueryString: "EXECUTE nothing", WorkGroup: "analysts" }))
      .catch((error: Error) => error);
    expect(unknown).to.include({ message: "PreparedStatement nothing was not found in workGroup analysts" });
  });

  it("executes a prepared statement only for who may read it", async () => {
    const caller = lake.identities.forRole(roleArn("analyst"), "session");
    const query = { QueryString: "EXECUTE dearer_than USING 'a', 'b', 1", WorkGroup: "analysts" };

    const rejection = await lake.endpoint.gateway
      .call(caller, "athena", "StartQueryExecution", query)
      .catch((error: Error) => error);

    expect(rejection).to.be.instanceOf(Error);
    expect((rejection as Error).message).to.include("not authorized to perform: athena:GetPreparedStatement");
  });

  it("lists the workgroup's prepared statements, and gives their text", async () => {
    const { PreparedStatements } = await client.send(
      new ListPreparedStatementsCommand({ WorkGroup: "analysts" }),
    );
    const { PreparedStatement } = await client.send(
      new GetPreparedStatementCommand({ WorkGroup: "analysts", StatementName: "dearer_than" }),
    );

    expect(PreparedStatements).to.deep.equal([{ StatementName: "dearer_than" }]);
    expect(PreparedStatement).to.deep.equal({
      StatementName: "dearer_than",
      QueryStatement: DEARER_THAN.inputs.queryStatement,
      WorkGroupName: "analysts",
    });
  });

  it("lists the workgroup's named queries", async () => {
    const { NamedQueryIds } = await client.send(new ListNamedQueriesCommand({ WorkGroup: "analysts" }));
    const { NamedQueries } = await client.send(new BatchGetNamedQueryCommand({ NamedQueryIds }));
    expect(NamedQueries).to.deep.equal([
      {
        NamedQueryId: "total",
        Name: "total",
        Database: "shop",
        QueryString: "SELECT 1",
        WorkGroup: "analysts",
      },
    ]);
  });
});
