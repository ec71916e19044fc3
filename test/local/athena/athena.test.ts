import { readFile } from "node:fs/promises";
import { join } from "node:path";
import {
  AthenaClient,
  BatchGetNamedQueryCommand,
  GetQueryExecutionCommand,
  GetQueryResultsCommand,
  ListNamedQueriesCommand,
  StartQueryExecutionCommand,
} from "@aws-sdk/client-athena";
import { expect } from "chai";
import { ACCOUNT, allow, clientConfig, REGION, roleArn } from "../endpoint/support.ts";
import { type Lake, openLake } from "../glue/lake.ts";
import { ordersGraph } from "../glue/orders.ts";

describe("Athena", () => {
  let lake: Lake;
  let client: AthenaClient;

  beforeEach(async () => {
    const mayAsk = allow(
      "athena:StartQueryExecution",
      `arn:aws:athena:${REGION}:${ACCOUNT}:workgroup/analysts`,
    );
    lake = await openLake(ordersGraph({ analystGrants: [mayAsk] }));
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

  it("answers rows as text, header first, and keeps them as CSV", async () => {
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
    expect(bare.status?.StateChangeReason).to.include("Execution parameter pen; DROP is no literal");
  });

  it("fails a query with the engine's reason", async () => {
    const { status } = await run("SELECT nothing FROM orders");
    expect(status?.State).to.equal("FAILED");
    expect(status?.StateChangeReason).to.include('"nothing"');
  });

  it("takes one SELECT and nothing else", async () => {
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
