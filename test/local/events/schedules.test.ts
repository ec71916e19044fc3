import { expect } from "chai";
import { startSchedules } from "../../../local/events/schedules.ts";
import type { Resource } from "../../../local/graph.ts";
import type { RoleAssumer } from "../../../local/iam/identities.ts";
import {
  ACCOUNT,
  type Bench,
  createBench,
  functionArn,
  functionResources,
  identities,
  makeFolder,
  REGION,
  resource,
  START,
} from "../lambda/support.ts";

const HANDLER = { "__index.js": "exports.handler = async (event) => console.log(JSON.stringify(event));" };
const SCHEDULE_ARN = `arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule/default/digest`;

const until = (iso: string) => ({ speed: "max" as const, until: new Date(iso) });

describe("EventBridge schedules", () => {
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

  const schedule = (inputs: Record<string, unknown>, target: Record<string, unknown> = {}) =>
    resource(
      "aws:scheduler/schedule:Schedule",
      "digest",
      {
        flexibleTimeWindow: { mode: "OFF" },
        target: {
          arn: functionArn("orders"),
          roleArn: `arn:aws:iam::${ACCOUNT}:role/scheduler`,
          input: '{"time":"<aws.scheduler.scheduled-time>","arn":"<aws.scheduler.schedule-arn>"}',
          ...target,
        },
        ...inputs,
      },
      { arn: SCHEDULE_ARN },
    );
  const start = ({ graph, clock, gateway, failures }: Bench, roles: RoleAssumer = identities) =>
    startSchedules({
      graph,
      clock,
      gateway,
      identities: roles,
      onFailure: (failure) => failures.push(failure),
    });

  async function times(inputs: Record<string, unknown>, end: string): Promise<string[]> {
    const prepared = await prepare(HANDLER, schedule(inputs));
    start(prepared);
    await prepared.clock.run(until(end));
    expect(prepared.failures).to.deep.equal([]);
    if (prepared.lambda.metrics().orders?.invocations === 0) return [];
    return (await events()).map(({ event }) => String(event.time));
  }

  it("fires a cron in its time zone and fills the context attributes in, as the schedule's role", async () => {
    const asked: string[] = [];
    const prepared = await prepare(
      HANDLER,
      schedule({
        scheduleExpression: "cron(0 9 * * ? *)",
        scheduleExpressionTimezone: "America/Sao_Paulo",
      }),
    );
    const roles: RoleAssumer = {
      assumeRole: (roleArn, service, session, sourceArn) => {
        asked.push(`${roleArn} ${service} ${sourceArn}`);
        return identities.assumeRole(roleArn, service, session);
      },
    };
    const schedules = start(prepared, roles);

    await prepared.clock.run(until("2024-05-01T12:00:00Z"));

    expect(await events()).to.deep.equal([
      { at: "12:00:00", event: { time: "2024-04-30T12:00:00Z", arn: SCHEDULE_ARN } },
      { at: "12:00:00", event: { time: "2024-05-01T12:00:00Z", arn: SCHEDULE_ARN } },
    ]);
    expect(schedules.firings()).to.deep.equal({ digest: 2 });
    expect(asked[0]).to.equal(
      `arn:aws:iam::${ACCOUNT}:role/scheduler scheduler.amazonaws.com arn:aws:scheduler:${REGION}:${ACCOUNT}:schedule-group/default`,
    );
  });

  it("fires at(…) once, never when it is past", async () => {
    const due = {
      scheduleExpression: "at(2024-04-30T09:00:00)",
      scheduleExpressionTimezone: "America/Sao_Paulo",
    };
    expect(await times(due, "2024-05-02T00:00:00Z")).to.deep.equal(["2024-04-30T12:00:00Z"]);
    await bench?.stop();
    expect(
      await times({ scheduleExpression: "at(2024-04-30T10:59:59)" }, "2024-05-02T00:00:00Z"),
    ).to.deep.equal([]);
  });

  it("respects start and end dates, and a rate the interval from its start date", async () => {
    const dates = { startDate: "2024-04-30T10:30:00Z", endDate: "2024-04-30T13:00:00Z" };
    expect(
      await times({ scheduleExpression: "rate(1 hour)", ...dates }, "2024-04-30T18:00:00Z"),
    ).to.deep.equal(["2024-04-30T11:30:00Z", "2024-04-30T12:30:00Z"]);
    await bench?.stop();
    const later = { scheduleExpression: "cron(0 * * * ? *)", startDate: "2024-04-30T13:00:00Z" };
    expect(await times(later, "2024-04-30T14:00:00Z")).to.deep.equal([
      "2024-04-30T13:00:00Z",
      "2024-04-30T14:00:00Z",
    ]);
  });

  it("ignores start and end dates of at(…), as AWS documents", async () => {
    const due = {
      scheduleExpression: "at(2024-04-30T12:00:00)",
      startDate: "2024-05-01T00:00:00Z",
      endDate: "2024-04-30T11:30:00Z",
    };
    expect(await times(due, "2024-05-02T00:00:00Z")).to.deep.equal(["2024-04-30T12:00:00Z"]);
  });

  describe("when the clocks of New York change", () => {
    const newYork = { scheduleExpressionTimezone: "America/New_York" };
    // Spring: 2025-03-09, 02:00 EST is 03:00 EDT. Autumn: 2024-11-03, 02:00 EDT is 01:00 EST.
    const cases: [string, Record<string, string>, string, string[]][] = [
      [
        "a cron skips the day on which its hour does not exist",
        { scheduleExpression: "cron(30 2 * * ? *)", startDate: "2025-03-08T00:00:00Z" },
        "2025-03-11T00:00:00Z",
        ["2025-03-08T07:30:00Z", "2025-03-10T06:30:00Z"],
      ],
      [
        "a cron in the hour that is twice fires once, before the shift",
        { scheduleExpression: "cron(30 1 * * ? *)", startDate: "2024-11-02T00:00:00Z" },
        "2024-11-05T00:00:00Z",
        ["2024-11-02T05:30:00Z", "2024-11-03T05:30:00Z", "2024-11-04T06:30:00Z"],
      ],
      [
        "a cron after the hour that is twice keeps its wall clock",
        { scheduleExpression: "cron(30 2 * * ? *)", startDate: "2024-11-02T00:00:00Z" },
        "2024-11-05T00:00:00Z",
        ["2024-11-02T06:30:00Z", "2024-11-03T07:30:00Z", "2024-11-04T07:30:00Z"],
      ],
      [
        "at(…) in the hour that does not exist never fires",
        { scheduleExpression: "at(2025-03-09T02:30:00)" },
        "2025-03-11T00:00:00Z",
        [],
      ],
      [
        "at(…) in the hour that is twice fires once, before the shift",
        { scheduleExpression: "at(2024-11-03T01:30:00)" },
        "2024-11-05T00:00:00Z",
        ["2024-11-03T05:30:00Z"],
      ],
      [
        "a rate of a day keeps to 24 hours across the day of 23",
        { scheduleExpression: "rate(1 day)", startDate: "2025-03-08T07:30:00Z" },
        "2025-03-11T00:00:00Z",
        ["2025-03-08T07:30:00Z", "2025-03-09T07:30:00Z", "2025-03-10T07:30:00Z"],
      ],
      [
        "a rate of a day keeps to 24 hours across the day of 25",
        { scheduleExpression: "rate(1 day)", startDate: "2024-11-02T05:30:00Z" },
        "2024-11-05T00:00:00Z",
        ["2024-11-02T05:30:00Z", "2024-11-03T05:30:00Z", "2024-11-04T05:30:00Z"],
      ],
    ];
    for (const [what, inputs, end, expected] of cases)
      it(what, async () => {
        expect(await times({ ...newYork, ...inputs }, end)).to.deep.equal(expected);
      });
  });

  it("sends Scheduler's own event without an input", async () => {
    const prepared = await prepare(
      HANDLER,
      schedule({ scheduleExpression: "rate(1 day)" }, { input: undefined }),
    );
    start(prepared);
    await prepared.clock.run(until("2024-04-30T12:00:00Z"));
    const [first] = await events();
    expect(first?.event).to.deep.include({
      source: "aws.scheduler",
      resources: [SCHEDULE_ARN],
      time: "2024-04-30T11:00:00Z",
    });
  });

  it("is reported as rejected when its role may not invoke or cannot be assumed", async () => {
    const prepared = await prepare(HANDLER, schedule({ scheduleExpression: "rate(1 day)" }));
    prepared.gateway.denied.add("lambda:InvokeFunction");
    start(prepared);
    await prepared.clock.run(until("2024-04-30T12:00:00Z"));
    expect(prepared.failures).to.have.length(1);
    expect(prepared.failures[0]).to.include({
      kind: "rejected",
      source: SCHEDULE_ARN,
      functionName: "orders",
      lost: true,
    });
    expect(prepared.failures[0]?.message).to.include("lambda:InvokeFunction");
  });

  const rejected: [string, Record<string, unknown>, Record<string, unknown>, string][] = [
    [
      "a flexible time window",
      { flexibleTimeWindow: { mode: "FLEXIBLE" } },
      {},
      "digest with a flexible time window",
    ],
    [
      "a target that is no function",
      {},
      { arn: "arn:aws:sns:us-east-1:000000000000:t" },
      "digest to arn:aws:sns",
    ],
    [
      "an event age that Scheduler does not take",
      {},
      { retryPolicy: { maximumEventAgeInSeconds: 59 } },
      "maximumEventAgeInSeconds",
    ],
    [
      "more attempts than Scheduler makes",
      {},
      { retryPolicy: { maximumRetryAttempts: 186 } },
      "maximumRetryAttempts",
    ],
    ["an input that is no JSON", {}, { input: "hello" }, "target.input is hello"],
    [
      "an unknown time zone",
      { scheduleExpressionTimezone: "Mars/Base" },
      {},
      "time zone Mars/Base is unknown",
    ],
  ];
  for (const [what, inputs, target, message] of rejected)
    it(`names ${what} as not emulated`, async () => {
      const prepared = await prepare(
        HANDLER,
        schedule({ scheduleExpression: "rate(1 day)", ...inputs }, target),
      );
      expect(() => start(prepared)).to.throw(message);
      expect(prepared.clock.now()).to.deep.equal(START);
    });
});
