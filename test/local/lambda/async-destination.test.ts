import { expect } from "chai";
import { z } from "zod";
import { defineOperation } from "../../../local/endpoint/operation.ts";
import { type Bench, createBench, functionArn, functionResources, makeFolder, resource } from "./support.ts";

const FAILS = { "__index.js": 'exports.handler = async () => { throw new TypeError("down"); };' };
const WAITS = {
  "__index.js": "exports.handler = ({ ms = 0 }) => new Promise((resolve) => setTimeout(resolve, ms));",
};
const TO_BUCKET = { onFailure: { destination: "arn:aws:s3:::lake" } };

describe("lambda: event invoke config", () => {
  let bench: Bench | undefined;
  afterEach(async () => {
    await bench?.stop();
    bench = undefined;
  });

  async function prepare(
    config: Record<string, unknown>,
    files: Readonly<Record<string, string>> = FAILS,
    inputs: Record<string, unknown> = {},
  ): Promise<Bench> {
    const folder = await makeFolder();
    bench = createBench(
      folder,
      ...(await functionResources(folder, "orders", files, inputs)),
      resource("aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig", "orders", {
        functionName: "orders",
        ...config,
      }),
    );
    bench.gateway.services.push({
      signingName: "s3",
      protocol: "rest-xml",
      operations: {
        PutObject: defineOperation({
          input: z.object({ Bucket: z.string(), Key: z.string(), Body: z.instanceof(Uint8Array) }),
          permissions: ({ Bucket, Key }) => [
            { action: "s3:PutObject", resource: `arn:aws:s3:::${Bucket}/${Key}` },
          ],
          run: () => ({}),
        }),
      },
    });
    return bench;
  }

  /** Objects put so far: key, who put it, and its JSON. */
  const kept = ({ gateway }: Bench) =>
    gateway.calls
      .filter(({ operation }) => operation === "s3:PutObject")
      .map(({ input, principal }) => {
        const { Bucket, Key, Body } = input as { Bucket: string; Key: string; Body: Uint8Array };
        return {
          place: `s3://${Bucket}/${Key}`,
          role: principal.roleArn,
          record: JSON.parse(Buffer.from(Body).toString()),
        };
      });

  it("writes a discarded event to the bucket in AWS's format with the function's role", async () => {
    const ready = await prepare({ destinationConfig: TO_BUCKET });

    await ready.lambda.invokeAsync("orders", { id: 7 }, "topic");
    await ready.clock.run({ speed: "max" });

    const [object, ...others] = kept(ready);
    expect(others).to.deep.equal([]);
    expect(object?.role).to.equal("arn:aws:iam::000000000000:role/orders");
    expect(object?.place).to.match(
      /^s3:\/\/lake\/aws\/lambda\/async\/orders\/2024\/04\/30\/2024-04-30T11\.03\.00-[0-9a-f-]{36}$/,
    );
    const { requestContext, responsePayload, ...rest } = object?.record ?? {};
    expect(rest).to.deep.equal({
      version: "1.0",
      timestamp: "2024-04-30T11:03:00.000Z",
      requestPayload: { id: 7 },
      responseContext: { statusCode: 200, executedVersion: "$LATEST", functionError: "Unhandled" },
    });
    expect(requestContext).to.deep.include({
      functionArn: `${functionArn("orders")}:$LATEST`,
      condition: "RetriesExhausted",
      approximateInvokeCount: 3,
    });
    expect(responsePayload).to.deep.include({ errorType: "TypeError", errorMessage: "down" });
    expect(ready.failures).to.have.length(1);
    expect(ready.failures[0]).to.deep.include({
      kind: "invocation",
      message: `TypeError: down; kept in ${object?.place}`,
      lost: false,
    });
  });

  it("reports that the event is lost when the role may not write there", async () => {
    const { lambda, clock, gateway, failures } = await prepare({ destinationConfig: TO_BUCKET });
    gateway.denied.add("s3:PutObject");

    await lambda.invokeAsync("orders", { id: 7 }, "topic");
    await clock.run({ speed: "max" });

    expect(failures.map(({ lost }) => lost)).to.deep.equal([true]);
    expect(failures[0]?.message)
      .to.include("TypeError: down; not kept in s3://lake/")
      .and.include("AccessDenied");
  });

  for (const [maximumRetryAttempts, invocations] of [
    [0, 1],
    [1, 2],
  ] as const) {
    it(`discards a batch after its maximum of retries: ${maximumRetryAttempts}`, async () => {
      const { lambda, clock } = await prepare({ maximumRetryAttempts });

      await lambda.invokeAsync("orders", {}, "topic");
      await clock.run({ speed: "max" });

      expect(lambda.metrics().orders).to.deep.equal({ invocations, errors: invocations });
    });
  }

  it("discards an event at its maximum age, even with retries left", async () => {
    const ready = await prepare({ maximumEventAgeInSeconds: 100, destinationConfig: TO_BUCKET });

    await ready.lambda.invokeAsync("orders", { id: 7 }, "topic");
    await ready.clock.run({ speed: "max" });

    const [object] = kept(ready);
    expect(object?.record.timestamp).to.equal("2024-04-30T11:01:40.000Z");
    expect(object?.record.requestContext).to.include({
      condition: "EventAgeExceeded",
      approximateInvokeCount: 2,
    });
    expect(ready.failures[0]?.message).to.include("too old: TypeError: down");
  });

  it("tries a throttled event again without counting it as a retry", async () => {
    const ready = await prepare({ maximumRetryAttempts: 0 }, WAITS, { reservedConcurrentExecutions: 1 });

    const running = ready.lambda.invoke("orders", { ms: 300 });
    await ready.lambda.invokeAsync("orders", {}, "topic");
    await running;
    await ready.clock.run({ speed: "max" });

    expect(ready.failures).to.deep.equal([]);
    expect(ready.clock.now().toISOString()).to.equal("2024-04-30T11:00:01.000Z");
  });

  it("keeps events of a function without concurrency immediately and without a result", async () => {
    const ready = await prepare({ destinationConfig: TO_BUCKET }, WAITS, { reservedConcurrentExecutions: 0 });

    await ready.lambda.invokeAsync("orders", { id: 7 }, "topic");

    const [object] = kept(ready);
    expect(object?.record).to.deep.include({ requestPayload: { id: 7 } });
    expect(object?.record).not.to.have.any.keys("responseContext", "responsePayload");
  });

  const rejected: [string, Record<string, unknown>, RegExp][] = [
    [
      "a queue",
      { destinationConfig: { onFailure: { destination: "arn:aws:sqs:us-east-1:000000000000:dead" } } },
      /orders: the on-failure destination arn:aws:sqs:\S+ is not emulated/,
    ],
    [
      "a destination for successes",
      { destinationConfig: { onSuccess: { destination: "arn:aws:s3:::lake" } } },
      /orders: a destination of asynchronous invocations that succeed is not emulated/,
    ],
    ["an alias", { qualifier: "live" }, /orders: an event invoke config of its version or alias live is not/],
    [
      "three retries",
      { maximumRetryAttempts: 3 },
      /Event invoke config orders: .*<=2[\s\S]*maximumRetryAttempts/,
    ],
  ];
  for (const [what, config, message] of rejected) {
    it(`names ${what} as not emulated`, async () => {
      const error = await prepare(config).catch((caught: unknown) => caught);

      expect(error).to.be.instanceOf(Error).with.property("message").that.matches(message);
    });
  }
});
