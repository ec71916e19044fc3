import { expect } from "chai";
import type { Graph } from "../../../local/graph.ts";
import { graphOf } from "../loader/graphs.ts";
import { resource } from "../program.ts";

describe("resource graph: what is told to whom, and when", () => {
  let graph: Graph;

  before(async () => {
    graph = await graphOf({ stack: "local" });
  });

  it("tells ops, and nobody else, of alarms: the watch's errors too", () => {
    const topic = resource(graph, "aws:sns/topic:Topic", "operations");
    const subscription = resource(graph, "aws:sns/topicSubscription:TopicSubscription", "operations");
    const alarm = resource(graph, "aws:cloudwatch/metricAlarm:MetricAlarm", "watch-errors");

    expect(subscription.inputs).to.deep.include({
      topic: topic.outputs.arn,
      protocol: "email",
      endpoint: "ops@example.org",
    });
    expect(subscription.secrets).to.deep.equal(["endpoint"]);
    expect(alarm.inputs).to.deep.include({
      alarmActions: [topic.outputs.arn],
      okActions: [topic.outputs.arn],
    });
  });

  it("schedules each message in its own time zone", () => {
    const digest = resource(graph, "aws:scheduler/schedule:Schedule", "morning-digest");
    const briefing = resource(graph, "aws:scheduler/schedule:Schedule", "shelter-briefing");

    expect(digest.inputs).to.deep.include({
      scheduleExpression: "cron(0 7 * * ? *)",
      scheduleExpressionTimezone: "America/Sao_Paulo",
      flexibleTimeWindow: { mode: "OFF" },
    });
    expect(briefing.inputs.scheduleExpression).to.equal("at(2024-05-02T18:00:00)");
    expect(digest.inputs.target).to.deep.equal({
      arn: resource(graph, "aws:lambda/function:Function", "notify").outputs.arn,
      roleArn: resource(graph, "aws:iam/role:Role", "scheduler").outputs.arn,
      input: '{"message":"morning-digest","scheduledTime":"<aws.scheduler.scheduled-time>"}',
      retryPolicy: { maximumEventAgeInSeconds: 900, maximumRetryAttempts: 185 },
    });
  });

  it("discards a message that is a quarter of an hour late, in Lambda as in Scheduler, and keeps it in the bucket", () => {
    const config = resource(
      graph,
      "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
      "notify",
    );

    expect(config.inputs).to.deep.equal({
      functionName: resource(graph, "aws:lambda/function:Function", "notify").outputs.name,
      maximumEventAgeInSeconds: 900,
      maximumRetryAttempts: 2,
      destinationConfig: {
        onFailure: { destination: resource(graph, "aws:s3/bucket:Bucket", "lake").outputs.arn },
      },
    });
    expect(config.dependencies).to.include(resource(graph, "aws:iam/rolePolicy:RolePolicy", "notify").urn);
  });

  it("sends on a rate, on a cron, and once, which it leaves to Pulumi to take away", async () => {
    const siren = { timeZone: "America/Sao_Paulo", drill: { hazard: "rain", level: "red" } };
    const other = await graphOf({
      stack: "local",
      overrides: {
        "stormwire:messages": {
          often: { rate: "12 hours", timeZone: "UTC", digest: true },
          monthly: { cron: "0 12 1 * ? *", ...siren },
          once: { at: "2024-05-02T18:00:00", ...siren },
        },
      },
    });
    const schedules = ["often", "monthly", "once"].map(
      (name) => resource(other, "aws:scheduler/schedule:Schedule", name).inputs,
    );

    expect(schedules.map((inputs) => inputs.scheduleExpression)).to.deep.equal([
      "rate(12 hours)",
      "cron(0 12 1 * ? *)",
      "at(2024-05-02T18:00:00)",
    ]);
    expect(schedules.map((inputs) => inputs.actionAfterCompletion)).to.deep.equal(["NONE", "NONE", "NONE"]);
  });
});
