import { expect } from "chai";
import { type Graph, resourcesOfType } from "../../../local/graph.ts";
import { graphOf } from "../loader/graphs.ts";
import { resource } from "../program.ts";

describe("resource graph: functions and what invokes them", () => {
  let graph: Graph;

  before(async () => {
    graph = await graphOf({ stack: "local" });
  });

  describe("functions", () => {
    it("are five, each with its own role and log group", () => {
      const functions = resourcesOfType(graph, "aws:lambda/function:Function");

      expect(functions.map(({ name }) => name)).to.deep.equal([
        "alert",
        "archive",
        "notify",
        "produce",
        "watch",
      ]);
      for (const { name, inputs } of functions) {
        expect(inputs.role, name).to.equal(resource(graph, "aws:iam/role:Role", name).outputs.arn);
        expect(inputs.loggingConfig, name).to.deep.equal({
          logFormat: "JSON",
          logGroup: `/stormwire/local/${name}`,
        });
        expect(inputs.runtime, name).to.equal("nodejs24.x");
        expect(inputs, name).not.to.have.property("environment");
      }
    });

    it("keep their logs for as long as config says", async () => {
      const week = await graphOf({ stack: "local", overrides: { "stormwire:logRetentionDays": 7 } });

      const days = resourcesOfType(week, "aws:cloudwatch/logGroup:LogGroup").map(
        ({ inputs }) => inputs.retentionInDays,
      );

      expect(days, "five functions, output and errors of the job").to.deep.equal(Array(7).fill(7));
    });

    it("are joined by the job in groups of its own: Glue's would keep everything, and outlive the stack", () => {
      const { inputs } = resource(graph, "aws:glue/job:Job", "etl");
      const groups = ["etl-output", "etl-error"].map(
        (name) => resource(graph, "aws:cloudwatch/logGroup:LogGroup", name).outputs.name,
      );

      const prefix = "/stormwire/local/etl";
      expect(inputs.defaultArguments).to.deep.include({ "--custom-logGroup-prefix": prefix });
      expect(groups).to.deep.equal([`${prefix}/output`, `${prefix}/error`]);
    });

    it("are children of their part, as their URNs say", () => {
      expect(resource(graph, "aws:lambda/function:Function", "archive").urn).to.equal(
        "urn:pulumi:local::stormwire::stormwire:infra:ArchiveConsumer$stormwire:infra:HandlerFunction$aws:lambda/function:Function::archive",
      );
    });
  });

  describe("event-source mappings", () => {
    for (const name of ["alert", "archive"]) {
      it(`${name}: from the stream, in partial batches, with a way out for what fails`, () => {
        const { inputs, dependencies } = resource(
          graph,
          "aws:lambda/eventSourceMapping:EventSourceMapping",
          name,
        );

        expect(inputs).to.deep.include({
          eventSourceArn: resource(graph, "aws:kinesis/stream:Stream", "observations").outputs.arn,
          functionName: resource(graph, "aws:lambda/function:Function", name).outputs.arn,
          startingPosition: "TRIM_HORIZON",
          functionResponseTypes: ["ReportBatchItemFailures"],
          bisectBatchOnFunctionError: true,
          maximumRetryAttempts: 5,
          maximumRecordAgeInSeconds: 21_600,
          destinationConfig: {
            onFailure: { destinationArn: resource(graph, "aws:s3/bucket:Bucket", "lake").outputs.arn },
          },
        });
        expect(dependencies, "created after the role may read").to.include(
          resource(graph, "aws:iam/rolePolicy:RolePolicy", name).urn,
        );
      });
    }

    it("hands the archive batches without gaps: its objects are named after the first and the last record", () => {
      const { parallelizationFactor, filterCriteria } = resource(
        graph,
        "aws:lambda/eventSourceMapping:EventSourceMapping",
        "archive",
      ).inputs;
      expect({ parallelizationFactor, filterCriteria }).to.deep.equal({
        parallelizationFactor: undefined,
        filterCriteria: undefined,
      });
    });

    it("reads a shard for alerts in parts, so that a location that fails does not hold up all others", () => {
      const { parallelizationFactor } = resource(
        graph,
        "aws:lambda/eventSourceMapping:EventSourceMapping",
        "alert",
      ).inputs;

      expect(parallelizationFactor).to.equal(5);
    });

    it("lets alerts through at once and gathers what is archived", () => {
      const window = (name: string) =>
        resource(graph, "aws:lambda/eventSourceMapping:EventSourceMapping", name).inputs
          .maximumBatchingWindowInSeconds;

      expect([window("alert"), window("archive")]).to.deep.equal([0, 60]);
    });
  });

  it("polls by a rule that alone may invoke the producer", () => {
    const rule = resource(graph, "aws:cloudwatch/eventRule:EventRule", "poll");
    const target = resource(graph, "aws:cloudwatch/eventTarget:EventTarget", "poll");
    const permission = resource(graph, "aws:lambda/permission:Permission", "poll");
    const produce = resource(graph, "aws:lambda/function:Function", "produce");

    expect(rule.inputs.scheduleExpression).to.equal("rate(1 hour)");
    expect(target.inputs).to.deep.include({ rule: rule.outputs.name, arn: produce.outputs.arn });
    expect(permission.inputs).to.deep.include({
      function: produce.outputs.name,
      principal: "events.amazonaws.com",
      sourceArn: rule.outputs.arn,
    });
  });

  for (const [poll, seconds] of [
    ["rate(5 minutes)", 300],
    ["rate(1 minute)", 60],
    ["cron(0 6,18 * * ? *)", 21_600],
  ] as const) {
    it(`retries no invocation that a schedule makes, and keeps none for the one after: ${poll}`, async () => {
      const polled = await graphOf({ stack: "local", overrides: { "stormwire:poll": poll } });
      const invoked = resourcesOfType(polled, "aws:lambda/permission:Permission")
        .filter(({ inputs }) => inputs.principal === "events.amazonaws.com")
        .map(({ inputs }) => inputs.function);

      expect(invoked).to.deep.equal(["produce", "watch"]);
      for (const functionName of invoked) {
        const configs = resourcesOfType(
          polled,
          "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
        ).filter(({ inputs }) => inputs.functionName === functionName);
        expect(configs.map(({ inputs }) => inputs)).to.deep.equal([
          { functionName, maximumRetryAttempts: 0, maximumEventAgeInSeconds: seconds },
        ]);
      }
      for (const name of ["poll", "watch"]) {
        expect(
          resource(polled, "aws:cloudwatch/eventTarget:EventTarget", name).inputs.retryPolicy,
        ).to.deep.equal({
          maximumEventAgeInSeconds: seconds,
        });
      }
    });
  }

  it("looks after the stations as often as they are polled, by a rule of its own", () => {
    const rule = resource(graph, "aws:cloudwatch/eventRule:EventRule", "watch");
    const target = resource(graph, "aws:cloudwatch/eventTarget:EventTarget", "watch");
    const permission = resource(graph, "aws:lambda/permission:Permission", "watch");
    const watch = resource(graph, "aws:lambda/function:Function", "watch");

    expect(rule.inputs.scheduleExpression).to.equal(
      resource(graph, "aws:cloudwatch/eventRule:EventRule", "poll").inputs.scheduleExpression,
    );
    expect(target.inputs).to.deep.include({ rule: rule.outputs.name, arn: watch.outputs.arn });
    expect(permission.inputs).to.deep.include({
      function: watch.outputs.name,
      principal: "events.amazonaws.com",
      sourceArn: rule.outputs.arn,
    });
  });
});
