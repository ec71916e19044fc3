import { expect } from "chai";
import { startRules } from "../../../local/events/rules.ts";
import type { Resource } from "../../../local/graph.ts";
import {
  ACCOUNT,
  type Bench,
  createBench,
  functionArn,
  functionResources,
  makeFolder,
  REGION,
  resource,
} from "../lambda/support.ts";

const HANDLER = { "__index.js": "exports.handler = async (event) => console.log(JSON.stringify(event));" };
const RULE_ARN = `arn:aws:events:${REGION}:${ACCOUNT}:rule/tick`;

const until = (iso: string) => ({ speed: "max" as const, until: new Date(iso) });

describe("EventBridge rules", () => {
  let bench: Bench | undefined;
  afterEach(async () => {
    await bench?.stop();
    bench = undefined;
  });

  async function prepare(files: Readonly<Record<string, string>>, ...resources: Resource[]): Promise<Bench> {
    const folder = await makeFolder();
    bench = createBench(folder, ...(await functionResources(folder, "orders", files)), ...resources);
    return bench;
  }

  async function events(): Promise<{ at: string; event: Record<string, unknown> }[]> {
    const text = (await bench?.log("orders")) ?? "";
    return text
      .trim()
      .split("\n")
      .map((line) => ({ at: line.slice(11, 19), event: JSON.parse(line.slice(25)) }));
  }

  const rule = (inputs: Record<string, unknown>) =>
    resource("aws:cloudwatch/eventRule:EventRule", "tick", inputs, { arn: RULE_ARN });
  const target = (inputs: Record<string, unknown> = {}) =>
    resource("aws:cloudwatch/eventTarget:EventTarget", "tick", {
      rule: "tick",
      arn: functionArn("orders"),
      ...inputs,
    });
  const permission = (inputs: Record<string, unknown> = {}) =>
    resource("aws:lambda/permission:Permission", "tick", {
      function: "orders",
      action: "lambda:InvokeFunction",
      principal: "events.amazonaws.com",
      sourceArn: RULE_ARN,
      ...inputs,
    });
  const start = ({ graph, clock, lambda, failures }: Bench) =>
    startRules({ graph, clock, lambda, onFailure: (failure) => failures.push(failure) });

  it("fires a rate at the start and after each interval, with AWS's event", async () => {
    const prepared = await prepare(
      HANDLER,
      rule({ scheduleExpression: "rate(1 hour)" }),
      target(),
      permission(),
    );
    const rules = start(prepared);

    await prepared.clock.run(until("2024-04-30T13:00:00Z"));

    const fired = await events();
    expect(fired.map(({ at }) => at)).to.deep.equal(["11:00:00", "12:00:00", "13:00:00"]);
    expect(fired[1]?.event).to.deep.include({
      version: "0",
      "detail-type": "Scheduled Event",
      source: "aws.events",
      account: ACCOUNT,
      time: "2024-04-30T12:00:00Z",
      region: REGION,
      resources: [RULE_ARN],
      detail: {},
    });
    expect(rules.firings()).to.deep.equal({ tick: 3 });
    expect(prepared.failures).to.deep.equal([]);
  });

  it("fires a cron in UTC, on the start itself too, with a constant input", async () => {
    const prepared = await prepare(
      HANDLER,
      rule({ scheduleExpression: "cron(0/30 11 * * ? *)" }),
      target({ input: '{"poll":true}' }),
      permission({ sourceArn: `arn:aws:events:${REGION}:${ACCOUNT}:rule/t*` }),
    );
    start(prepared);

    await prepared.clock.run(until("2024-05-01T11:00:00Z"));

    expect(await events()).to.deep.equal([
      { at: "11:00:00", event: { poll: true } },
      { at: "11:30:00", event: { poll: true } },
      { at: "11:00:00", event: { poll: true } },
    ]);
  });

  const insufficient: [string, Record<string, unknown>][] = [
    ["another rule", { sourceArn: `${RULE_ARN}-2` }],
    ["a rule whose wildcard would have to reach over a colon", { sourceArn: "arn:aws:events:*rule/tick" }],
    ["another function", { function: "others" }],
    ["another service", { principal: "s3.amazonaws.com" }],
    ["another action", { action: "lambda:GetFunction" }],
  ];
  for (const [what, inputs] of insufficient)
    it(`is reported as rejected when the permission is for ${what}`, async () => {
      const prepared = await prepare(
        HANDLER,
        rule({ scheduleExpression: "rate(1 hour)" }),
        target(),
        permission(inputs),
      );
      start(prepared);

      await prepared.clock.run(until("2024-04-30T11:00:00Z"));

      expect(prepared.failures).to.have.length(1);
      expect(prepared.failures[0]).to.include({
        kind: "rejected",
        source: RULE_ARN,
        functionName: "orders",
        lost: true,
      });
      expect(prepared.failures[0]?.message).to.include("lambda:InvokeFunction");
      expect(prepared.lambda.metrics().orders?.invocations).to.equal(0);
    });

  it("retries a failing function after the run's end, then counts it as failed", async () => {
    const prepared = await prepare(
      { "__index.js": 'exports.handler = async () => { throw new Error("down"); };' },
      rule({ scheduleExpression: "rate(1 hour)" }),
      target(),
      permission(),
    );
    start(prepared);

    await prepared.clock.run(until("2024-04-30T11:00:00Z"));

    expect(prepared.lambda.metrics().orders).to.deep.equal({ invocations: 3, errors: 3 });
    expect(prepared.failures).to.have.length(1);
    expect(prepared.failures[0]).to.include({
      kind: "invocation",
      source: RULE_ARN,
      message: "Error: down",
    });
  });

  it("names what is not emulated, and ignores disabled rules", async () => {
    const pattern = await prepare(HANDLER, rule({ eventPattern: "{}", scheduleExpression: "rate(1 hour)" }));
    expect(() => start(pattern)).to.throw(
      "Rule tick with both a schedule and an event pattern is not emulated",
    );
    await pattern.stop();

    const transformed = await prepare(
      HANDLER,
      rule({ scheduleExpression: "rate(1 hour)" }),
      target({ ecsTarget: {} }),
    );
    expect(() => start(transformed)).to.throw("Event target tick with ecsTarget is not emulated");
    await transformed.stop();

    const disabled = await prepare(
      HANDLER,
      rule({ scheduleExpression: "rate(1 hour)", state: "DISABLED" }),
      target(),
    );
    const rules = start(disabled);
    await disabled.clock.run(until("2024-04-30T13:00:00Z"));
    expect(rules.firings()).to.deep.equal({});
  });
});
