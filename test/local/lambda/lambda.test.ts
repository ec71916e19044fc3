import { expect } from "chai";
import { type Bench, createBench, functionArn, functionResources, makeFolder, rejection } from "./support.ts";

describe("lambda", () => {
  let bench: Bench | undefined;
  afterEach(async () => {
    await bench?.stop();
    bench = undefined;
  });

  async function prepare(
    files: Readonly<Record<string, string>>,
    inputs: Record<string, unknown> = {},
  ): Promise<Bench> {
    const folder = await makeFolder();
    bench = createBench(folder, ...(await functionResources(folder, "orders", files, inputs)));
    return bench;
  }

  const commonJs = (body: string): Record<string, string> => ({ "__index.js": `exports.handler = ${body};` });

  it("runs a CommonJS handler with event and context in a warm environment", async () => {
    const { lambda } = await prepare({
      "__index.js": `let n = 0;
        exports.handler = async (event, context) => ({ n: ++n, sum: event.a + event.b, name: context.functionName,
          arn: context.invokedFunctionArn, memory: context.memoryLimitInMB, group: context.logGroupName,
          left: context.getRemainingTimeInMillis() > 1000 });`,
    });

    const first = await lambda.invoke("orders", { a: 1, b: 2 });
    const second = await lambda.invoke(functionArn("orders"), { a: 3, b: 4 });

    expect(JSON.parse(first.payload)).to.deep.equal({
      n: 1,
      sum: 3,
      name: "orders",
      arn: functionArn("orders"),
      memory: "128",
      group: "/aws/lambda/orders",
      left: true,
    });
    expect(JSON.parse(second.payload)).to.include({ n: 2, sum: 7 });
    expect(first.requestId).not.to.equal(second.requestId);
    expect(lambda.metrics()).to.deep.equal({ orders: { invocations: 2, errors: 0 } });
  });

  it("runs ES modules: .mjs with top-level await, and .js of a module package", async () => {
    const mjs = await prepare({
      "part.mjs": "export const answer = await Promise.resolve(42);",
      "__index.mjs": 'import { answer } from "./part.mjs"; export const handler = async () => answer;',
    });
    expect((await mjs.lambda.invoke("orders", {})).payload).to.equal("42");
    await mjs.stop();

    const js = await prepare({
      "package.json": '{"type": "module"}',
      "__index.js": "const x = await 43; export const handler = async () => x;",
    });
    expect((await js.lambda.invoke("orders", {})).payload).to.equal("43");
  });

  it("gives the function its own variables and AWS's, and nothing of the host's", async () => {
    const { lambda } = await prepare(
      commonJs("async () => ({ ...process.env, cwd: process.cwd() === process.env.LAMBDA_TASK_ROOT })"),
      { environment: { variables: { QUEUE: "q" } }, memorySize: 256 },
    );

    const env = JSON.parse((await lambda.invoke("orders", {})).payload);

    expect(env).to.include({
      QUEUE: "q",
      TZ: "UTC",
      _HANDLER: "__index.handler",
      AWS_REGION: "us-east-1",
      AWS_ENDPOINT_URL: "http://127.0.0.1:1",
      AWS_ACCESS_KEY_ID: "ASIAorders",
      AWS_LAMBDA_FUNCTION_NAME: "orders",
      AWS_LAMBDA_FUNCTION_VERSION: "$LATEST",
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: "256",
      AWS_EXECUTION_ENV: "AWS_Lambda_nodejs24.x",
      cwd: true,
    });
    expect(env).not.to.have.any.keys("HOME", "PATH", "USER");
  });

  it("answers a thrown error as Lambda does and stays warm", async () => {
    const { lambda, log } = await prepare({
      "__index.js": `let n = 0; exports.handler = async () => {
        n += 1; if (n === 1) throw new TypeError("no such order"); if (n === 2) throw "plain"; return n; };`,
    });

    const failed = await lambda.invoke("orders", {});
    const plain = await lambda.invoke("orders", {});
    const warm = await lambda.invoke("orders", {});

    expect(failed.functionError).to.include({ errorType: "TypeError", errorMessage: "no such order" });
    expect(JSON.parse(failed.payload).trace[0]).to.equal("TypeError: no such order");
    expect(plain.functionError).to.deep.equal({ errorType: "string", errorMessage: "plain" });
    expect(warm.payload).to.equal("3");
    expect(lambda.metrics().orders).to.deep.equal({ invocations: 3, errors: 2 });
    expect(await log("orders")).to.match(/ERROR\tInvoke Error\t.*no such order/);
  });

  it("ends an invocation after its timeout, even if it blocks the thread, and then starts cold", async () => {
    const { lambda } = await prepare(
      {
        "__index.js": `let n = 0; exports.handler = async (event) => { n += 1;
          if (event.hang) await new Promise(() => setInterval(() => {}, 1000)); if (event.spin) for (;;); return n; };`,
      },
      { timeout: 1 },
    );

    await lambda.invoke("orders", {});
    const hung = await lambda.invoke("orders", { hang: true });
    const cold = await lambda.invoke("orders", {});
    const spun = await lambda.invoke("orders", { spin: true });

    expect(hung.functionError?.errorMessage).to.equal("Task timed out after 1.00 seconds");
    expect(cold.payload).to.equal("1");
    expect(spun.functionError?.errorMessage).to.equal("Task timed out after 1.00 seconds");
  });

  it("survives a handler that exits, rejects in the background or does not load", async () => {
    const { lambda } = await prepare({
      "__index.js": `let n = 0; exports.handler = async (event) => { n += 1; if (event.exit) process.exit(3);
        if (event.reject) { Promise.reject(new Error("forgotten")); await new Promise((r) => setTimeout(r, 500)); }
        return n; };`,
    });

    const exit = await lambda.invoke("orders", { exit: true });
    const reject = await lambda.invoke("orders", { reject: true });
    const cold = await lambda.invoke("orders", {});

    expect(exit.functionError).to.include({
      errorType: "Runtime.ExitError",
      errorMessage: "Runtime exited with error: exit status 3",
    });
    expect(reject.functionError).to.include({
      errorType: "Runtime.UnhandledPromiseRejection",
      errorMessage: "forgotten",
    });
    expect(cold.payload).to.equal("1");
  });

  it("names a program that does not load", async () => {
    const missing = await prepare({ "__index.js": 'require("left-out"); exports.handler = async () => 1;' });
    expect((await missing.lambda.invoke("orders", {})).functionError?.errorMessage).to.include("left-out");
    await missing.stop();

    const unexported = await prepare({ "__index.js": "exports.other = async () => 1;" });
    expect((await unexported.lambda.invoke("orders", {})).functionError).to.include({
      errorType: "Runtime.HandlerNotFound",
      errorMessage: "__index.handler is undefined or not exported",
    });
    await unexported.stop();

    const callback = await prepare(commonJs("(event, context, callback) => callback(null, 1)"));
    expect((await callback.lambda.invoke("orders", {})).functionError?.errorMessage).to.include(
      "takes a callback",
    );
  });

  it("has the AWS SDK of the runtime when the package leaves it out", async () => {
    const { lambda } = await prepare({
      "__index.js": `const { KinesisClient } = require("@aws-sdk/client-kinesis");
        exports.handler = async () => typeof KinesisClient;`,
    });
    expect((await lambda.invoke("orders", {})).payload).to.equal('"function"');
  });

  it("starts more environments under parallel load, up to the reserved concurrency", async () => {
    const { lambda } = await prepare(
      {
        "__index.js": `let n = 0; exports.handler = async () => { n += 1;
          await new Promise((resolve) => setTimeout(resolve, 200)); return n; };`,
      },
      { reservedConcurrentExecutions: 2 },
    );

    const calls = [lambda.invoke("orders", {}), lambda.invoke("orders", {})];
    const throttled = await rejection(lambda.invoke("orders", {}));

    expect((await Promise.all(calls)).map(({ payload }) => payload)).to.deep.equal(["1", "1"]);
    expect(throttled).to.include({ code: "TooManyRequestsException" });
  });

  it("rejects events and responses of more than 6 MiB", async () => {
    const { lambda } = await prepare(commonJs('async () => "x".repeat(6 * 1024 * 1024)'));

    expect((await lambda.invoke("orders", {})).functionError).to.include({
      errorType: "Function.ResponseSizeTooLarge",
    });
    const event = "x".repeat(6 * 1024 * 1024);
    expect(await rejection(lambda.invoke("orders", event))).to.include({
      code: "RequestEntityTooLargeException",
    });
  });

  it("writes the log as the role, and reports once when the role may not", async () => {
    const body = 'async (event) => { console.log("order", event.id); console.error("late"); return 1; }';
    const allowed = await prepare(commonJs(body));
    await allowed.lambda.invoke("orders", { id: 7 });
    expect(await allowed.log("orders")).to.equal(
      "2024-04-30T11:00:00.000Z order 7\n2024-04-30T11:00:00.000Z late\n",
    );
    expect(allowed.gateway.calls.map(({ operation }) => operation)).to.deep.equal([
      "logs:CreateLogStream",
      "logs:PutLogEvents",
    ]);
    await allowed.stop();

    const denied = await prepare(commonJs(body));
    denied.gateway.denied.add("logs:PutLogEvents");
    await denied.lambda.invoke("orders", { id: 7 });
    await denied.lambda.invoke("orders", { id: 8 });
    expect(denied.failures).to.have.length(1);
    expect(denied.failures[0]).to.include({
      kind: "logs",
      functionName: "orders",
      source: "/aws/lambda/orders",
    });
    expect(denied.failures[0]?.message).to.match(
      /logs:PutLogEvents on resource: arn:aws:logs:.*log-group:\/aws\/lambda\/orders:log-stream:2024\/04\/30/,
    );
  });

  it("rejects at creation what is not emulated", async () => {
    const files = commonJs("async () => 1");
    expect(await rejection(prepare(files, { layers: ["arn:layer"] }))).to.have.property(
      "message",
      "Function orders with layers is not emulated by the local run",
    );
    expect(await rejection(prepare(files, { runtime: "python3.13" })))
      .to.have.property("message")
      .that.includes("python3.13");
    expect(await rejection(prepare(files, { environment: { variables: { AWS_REGION: "x" } } })))
      .to.have.property("message")
      .that.includes("Reserved keys used in this request: AWS_REGION");
    const unknown = await prepare(files);
    expect(await rejection(unknown.lambda.invoke("nobody", {}))).to.include({
      code: "ResourceNotFoundException",
    });
  });
});
