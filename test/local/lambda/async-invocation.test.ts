import { expect } from "chai";
import { z } from "zod";
import { defineOperation } from "../../../local/endpoint/operation.ts";
import { type Bench, createBench, functionResources, makeFolder, rejection } from "./support.ts";

describe("lambda: asynchronous invocations and permissions", () => {
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

  it("retries an asynchronous invocation after one and two minutes, then reports it", async () => {
    const { lambda, clock, failures } = await prepare({
      "__index.js": `let n = 0; exports.handler = async (event) => { n += 1; console.log("try", n);
        if (n < event.succeedsAt) throw new Error("down"); };`,
    });

    await lambda.invokeAsync("orders", { succeedsAt: 3 }, "rule/tick");
    await clock.run({ speed: "max" });
    expect(failures).to.deep.equal([]);
    expect(clock.now().toISOString()).to.equal("2024-04-30T11:03:00.000Z");

    await lambda.invokeAsync("orders", { succeedsAt: 9 }, "rule/tick");
    await clock.run({ speed: "max" });
    expect(failures).to.have.length(1);
    expect(failures[0]).to.include({
      kind: "invocation",
      source: "rule/tick",
      message: "Error: down",
      lost: true,
    });
    expect(lambda.metrics().orders).to.deep.equal({ invocations: 6, errors: 5 });
  });

  it("sends a discarded event to the dead-letter topic with the function's role", async () => {
    const targetArn = "arn:aws:sns:us-east-1:000000000000:dead";
    const body = 'async () => { throw new Error("down"); }';
    const { lambda, clock, failures, gateway } = await prepare(commonJs(body), {
      deadLetterConfig: { targetArn },
    });
    gateway.services.push({
      signingName: "sns",
      protocol: "query",
      operations: {
        Publish: defineOperation({
          input: z.object({ TopicArn: z.string(), Message: z.string() }),
          permissions: ({ TopicArn }) => [{ action: "sns:Publish", resource: TopicArn }],
          run: () => ({}),
        }),
      },
    });

    await lambda.invokeAsync("orders", { id: 7 }, "rule/tick");
    await clock.run({ speed: "max" });
    gateway.denied.add("sns:Publish");
    await lambda.invokeAsync("orders", { id: 8 }, "rule/tick");
    await clock.run({ speed: "max" });

    const published = gateway.calls.filter(({ operation }) => operation === "sns:Publish");
    expect(published.map(({ input }) => input)).to.deep.equal([{ TopicArn: targetArn, Message: '{"id":7}' }]);
    expect(published[0]?.principal.roleArn).to.equal("arn:aws:iam::000000000000:role/orders");
    expect(failures.map(({ lost }) => lost)).to.deep.equal([false, true]);
    expect(failures[1]?.message).to.include("not kept in").and.include("sns:Publish");
  });

  it("checks the permission of a principal that invokes", async () => {
    const { lambda, gateway } = await prepare(commonJs("async () => 1"));
    const principal = {
      arn: "arn:aws:sts::000000000000:assumed-role/s/s",
      accessKeyId: "A",
      secretAccessKey: "s",
    };

    expect((await lambda.invoke("orders", {}, principal)).payload).to.equal("1");
    gateway.denied.add("lambda:InvokeFunction");
    expect(await rejection(lambda.invoke("orders", {}, principal))).to.include({ code: "AccessDenied" });
  });
});
