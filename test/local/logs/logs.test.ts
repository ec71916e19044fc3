import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Principal } from "../../../local/endpoint/operation.ts";
import { createLogs } from "../../../local/logs/logs.ts";
import { graphOf, rejection, resource, START, TestGateway } from "../lambda/support.ts";

const PRINCIPAL: Principal = {
  arn: "arn:aws:iam::000000000000:user/u",
  accessKeyId: "A",
  secretAccessKey: "s",
};

describe("logs", () => {
  let folder = "";
  beforeEach(async () => {
    folder = await mkdtemp(join(tmpdir(), "logs-test-"));
  });
  afterEach(async () => {
    await rm(folder, { recursive: true, force: true });
  });

  function prepare() {
    const graph = graphOf(resource("aws:cloudwatch/logGroup:LogGroup", "/aws/lambda/orders", {}));
    const logs = createLogs({ graph, directory: folder });
    const gateway = new TestGateway();
    gateway.services.push(logs.service);
    const call = (operation: string, input: unknown) => gateway.call(PRINCIPAL, "logs", operation, input);
    return { logs, call };
  }

  const stream = (logGroupName: string, logStreamName: string) => ({ logGroupName, logStreamName });
  const line = (message: string) => ({ logEvents: [{ timestamp: START.getTime(), message }] });

  it("writes the lines of a function to its file, from its own and from a shared group", async () => {
    const { call, logs } = prepare();
    const own = stream("/aws/lambda/orders", "2024/04/30/[$LATEST]0");
    await call("CreateLogStream", own);
    await call("PutLogEvents", { ...own, ...line("one") });
    expect(logs.hasGroup("shop")).to.equal(false);
    await call("CreateLogGroup", { logGroupName: "shop" });
    const shared = stream("shop", "2024/04/30/orders[$LATEST]0");
    await call("CreateLogStream", shared);
    await call("PutLogEvents", { ...shared, ...line("two") });

    const text = await readFile(join(folder, "orders.log"), "utf8");
    expect(text).to.equal("2024-04-30T11:00:00.000Z one\n2024-04-30T11:00:00.000Z two\n");
    expect(logs.hasGroup("shop")).to.equal(true);
  });

  it("never writes outside its folder", async () => {
    const { call } = prepare();
    await call("CreateLogGroup", { logGroupName: "../../escape" });
    const escaping = stream("../../escape", "s");
    await call("CreateLogStream", escaping);
    await call("PutLogEvents", { ...escaping, ...line("in") });
    expect(await readFile(join(folder, "..-..-escape.log"), "utf8")).to.include("in");
  });

  it("rejects missing groups and streams, and existing groups", async () => {
    const { call } = prepare();
    const own = stream("/aws/lambda/orders", "s");
    expect(await rejection(call("CreateLogStream", stream("nowhere", "s")))).to.include({
      code: "ResourceNotFoundException",
    });
    expect(await rejection(call("PutLogEvents", { ...own, ...line("x") }))).to.include({
      code: "ResourceNotFoundException",
    });
    expect(await rejection(call("CreateLogGroup", { logGroupName: "/aws/lambda/orders" }))).to.include({
      code: "ResourceAlreadyExistsException",
    });
  });
});
