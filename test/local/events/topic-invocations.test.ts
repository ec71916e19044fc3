import { expect } from "chai";
import { invokeForTopics } from "../../../local/events/invoke-permission.ts";
import {
  type Bench,
  createBench,
  functionArn,
  functionResources,
  makeFolder,
  rejection,
  resource,
  START,
} from "../lambda/support.ts";

const TOPIC = "arn:aws:sns:us-east-1:000000000000:alerts";
const SOURCE = { principal: "sns.amazonaws.com", sourceArn: TOPIC } as const;

describe("functions that subscribe to a topic", () => {
  let bench: Bench | undefined;
  afterEach(async () => {
    await bench?.stop();
    bench = undefined;
  });

  async function prepare(permission: Record<string, unknown>) {
    const folder = await makeFolder();
    const files = { "__index.js": "exports.handler = async (event) => { console.log(event.n); };" };
    bench = createBench(
      folder,
      ...(await functionResources(folder, "orders", files)),
      resource("aws:lambda/permission:Permission", "orders", {
        function: "orders",
        action: "lambda:InvokeFunction",
        principal: "sns.amazonaws.com",
        sourceArn: TOPIC,
        ...permission,
      }),
    );
    return { bench, invoke: invokeForTopics(bench) };
  }

  it("run after the publisher has its answer, in the order of publishing", async () => {
    const ready = await prepare({});

    await ready.invoke(functionArn("orders"), { n: 1 }, SOURCE);
    await ready.invoke(functionArn("orders"), { n: 2 }, SOURCE);
    const whilePublishing = ready.bench.lambda.metrics().orders;
    await ready.bench.clock.run({ speed: "max" });

    expect(whilePublishing).to.deep.equal({ invocations: 0, errors: 0 });
    expect(ready.bench.lambda.metrics().orders).to.deep.equal({ invocations: 2, errors: 0 });
    expect(ready.bench.clock.now()).to.deep.equal(START);
    expect((await ready.bench.log("orders")).match(/\b[12]$/gm)).to.deep.equal(["1", "2"]);
  });

  for (const [what, permission] of [
    ["another topic", { sourceArn: `${TOPIC}-of-others` }],
    ["another service", { principal: "events.amazonaws.com" }],
  ] as const) {
    it(`are not run with a permission for ${what}`, async () => {
      const ready = await prepare(permission);

      const error = await rejection(ready.invoke(functionArn("orders"), {}, SOURCE));
      await ready.bench.clock.run({ speed: "max" });

      expect(error).to.include({ code: "AccessDenied" });
      expect(ready.bench.lambda.metrics().orders).to.deep.equal({ invocations: 0, errors: 0 });
    });
  }

  it("must exist", async () => {
    const ready = await prepare({});

    const error = await rejection(ready.invoke(functionArn("gone"), {}, SOURCE));

    expect(error).to.include({ code: "ResourceNotFoundException" });
  });
});
