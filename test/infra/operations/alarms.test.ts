import { expect } from "chai";
import { METRICS } from "../../../handlers/clients/metric-names.ts";
import { type Graph, resourcesOfType } from "../../../local/graph.ts";
import { graphOf } from "../loader/graphs.ts";
import { resource } from "../program.ts";
import { alarmsOf, operationsGraph } from "./graph.ts";

describe("operations: alarms", () => {
  let graph: Graph;

  before(async () => {
    graph = await operationsGraph();
  });

  const alarms = () => alarmsOf(graph);

  it("raise these alarms, at these thresholds", () => {
    const inShort = alarms().map(({ name, inputs }) => {
      const sign = inputs.comparisonOperator === "LessThanThreshold" ? "<" : ">=";
      const span = `${inputs.evaluationPeriods} x ${inputs.period} s`;
      const { namespace, metricName, statistic, treatMissingData } = inputs;
      return `${name}: ${namespace} ${metricName} ${statistic} ${sign} ${inputs.threshold}, ${span}, ${treatMissingData}`;
    });

    expect(inShort.sort()).to.deep.equal([
      "alert-errors: AWS/Lambda Errors Sum >= 1, 1 x 300 s, notBreaching",
      "alert-iterator-age: AWS/Lambda IteratorAge Maximum >= 600000, 2 x 300 s, notBreaching",
      "alert-locations-failed: Stormwire LocationsFailed Sum >= 1, 1 x 300 s, notBreaching",
      "alert-lost: AWS/Lambda DestinationDeliveryFailures Sum >= 1, 1 x 300 s, notBreaching",
      "alert-not-invoked: AWS/Lambda Invocations Sum < 1, 1 x 11700 s, breaching",
      "archive-errors: AWS/Lambda Errors Sum >= 1, 1 x 300 s, notBreaching",
      "archive-iterator-age: AWS/Lambda IteratorAge Maximum >= 600000, 2 x 300 s, notBreaching",
      "archive-lost: AWS/Lambda DestinationDeliveryFailures Sum >= 1, 1 x 300 s, notBreaching",
      "archive-not-invoked: AWS/Lambda Invocations Sum < 1, 1 x 11700 s, breaching",
      "full-stream: AWS/Kinesis WriteProvisionedThroughputExceeded Sum >= 1, 3 x 300 s, notBreaching",
      // Three polls of an hour and the quarter of an hour that an observation may be old.
      "no-observations: Stormwire ObservationsSent Sum < 1, 1 x 11700 s, breaching",
      "notify-errors: AWS/Lambda Errors Sum >= 1, 1 x 300 s, notBreaching",
      "notify-lost: AWS/Lambda DestinationDeliveryFailures Sum >= 1, 1 x 300 s, notBreaching",
      "produce-errors: AWS/Lambda Errors Sum >= 1, 1 x 300 s, notBreaching",
      "quarantine: Stormwire QuarantinedRecords Sum >= 1, 1 x 300 s, notBreaching",
      // 24 of 500 calls are planned.
      "quota: Stormwire ApiCallsLeftToday Minimum < 238, 1 x 300 s, ignore",
      "silent-stations: Stormwire SilentStations Maximum >= 1, 1 x 300 s, ignore",
      "sms-spend: AWS/SNS SMSMonthToDateSpentUSD Maximum >= 0.8, 1 x 300 s, ignore",
      "throttles: AWS/Lambda Throttles Sum >= 1, 1 x 300 s, notBreaching",
      "undelivered: AWS/SNS NumberOfNotificationsFailed Sum >= 1, 1 x 300 s, notBreaching",
      "unwatched-measures: Stormwire UnwatchedMeasures Maximum >= 1, 1 x 300 s, ignore",
      "watch-errors: AWS/Lambda Errors Sum >= 1, 1 x 300 s, notBreaching",
      "watch-not-invoked: AWS/Lambda Invocations Sum < 1, 1 x 11700 s, breaching",
      "webhook-ops-dead: AWS/Lambda AsyncEventsDropped Sum >= 1, 1 x 300 s, notBreaching",
      "webhook-ops-lost: AWS/Lambda DestinationDeliveryFailures Sum >= 1, 1 x 300 s, notBreaching",
    ]);
  });

  it("tell ops when an alarm begins and when it ends", () => {
    const topic = resource(graph, "aws:sns/topic:Topic", "operations").outputs.arn;

    for (const { name, inputs } of alarms()) {
      expect([inputs.alarmActions, inputs.okActions], name).to.deep.equal([[topic], [topic]]);
    }
  });

  it("watch the stack's own resources, and no metric that nobody writes", () => {
    const names = (type: string) => resourcesOfType(graph, type).map(({ outputs }) => outputs.name);
    const own: Record<string, unknown[]> = {
      FunctionName: names("aws:lambda/function:Function"),
      service: names("aws:lambda/function:Function"),
      StreamName: names("aws:kinesis/stream:Stream"),
      TopicName: names("aws:sns/topic:Topic"),
    };
    const ofTheAccount = alarms().filter(({ inputs }) => inputs.dimensions === undefined);

    expect(ofTheAccount.map(({ name }) => name).sort()).to.deep.equal(["sms-spend", "throttles"]);
    for (const { name, inputs } of alarms()) {
      for (const [dimension, value] of Object.entries(inputs.dimensions ?? {})) {
        expect(own[dimension], `${name} ${dimension}`).to.include(value);
      }
      if (inputs.namespace !== "Stormwire") continue;
      const { service } = inputs.dimensions as { service: keyof typeof METRICS };
      expect(METRICS[service], name).to.have.property(String(inputs.metricName));
    }
  });

  it("leave out alarms on what polls set off where polls lie further apart than alarms look back", async () => {
    const weekly = await graphOf({ stack: "local", overrides: { "stormwire:poll": "cron(0 6 ? * MON *)" } });
    const names = alarmsOf(weekly).map(({ name }) => name);

    expect(names).to.include("silent-stations").and.not.include("no-observations");
    expect(names.filter((name) => name.endsWith("-not-invoked"))).to.deep.equal([]);
  });

  it("hear of each function that has a place to leave what it gives up, when it cannot", () => {
    const mapped = resourcesOfType(graph, "aws:lambda/eventSourceMapping:EventSourceMapping");
    const invoked = resourcesOfType(graph, "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig");
    const leaving = [...mapped, ...invoked].filter(({ inputs }) => inputs.destinationConfig !== undefined);
    const lost = alarms().filter(({ name }) => name.endsWith("-lost"));

    expect(lost.map(({ name }) => name).sort()).to.deep.equal(
      leaving.map(({ name }) => `${name}-lost`).sort(),
    );
  });
});
