import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { readSavedQueries } from "../../etl/saved-queries.ts";
import { type Graph, resourcesOfType } from "../../local/graph.ts";
import { graphOf } from "./loader/graphs.ts";
import { projectDirectory, resource, statements } from "./program.ts";

describe("resource graph", () => {
  let graph: Graph;

  before(async () => {
    graph = await graphOf({ stack: "local" });
  });

  describe("stream", () => {
    it("is provisioned with one shard and encrypted with a key of its own", () => {
      const stream = resource(graph, "aws:kinesis/stream:Stream", "observations");
      const key = resource(graph, "aws:kms/key:Key", "observations");

      expect(stream.inputs).to.deep.include({
        shardCount: 1,
        streamModeDetails: { streamMode: "PROVISIONED" },
        retentionPeriod: 24,
        encryptionType: "KMS",
        kmsKeyId: key.outputs.arn,
      });
      expect(stream.propertyDependencies.kmsKeyId).to.deep.equal([key.urn]);
    });

    it("becomes on-demand by config, and then has no shard count", async () => {
      const onDemand = await graphOf({
        stack: "local",
        overrides: { "stormwire:stream": { mode: "on-demand" } },
      });

      const { inputs } = resource(onDemand, "aws:kinesis/stream:Stream", "observations");

      expect(inputs.streamModeDetails).to.deep.equal({ streamMode: "ON_DEMAND" });
      expect(inputs).not.to.have.property("shardCount");
    });
  });

  describe("bucket", () => {
    it("is encrypted, closed to the public and to plain HTTP", () => {
      const encryption = resource(
        graph,
        "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
        "lake",
      );
      const block = resource(graph, "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock", "lake");
      const policy = resource(graph, "aws:s3/bucketPolicy:BucketPolicy", "lake");

      expect(encryption.inputs.rules).to.deep.equal([
        { applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } },
      ]);
      expect(block.inputs).to.deep.include({
        blockPublicAcls: true,
        blockPublicPolicy: true,
        ignorePublicAcls: true,
        restrictPublicBuckets: true,
      });
      // Which actions that reaches, test/infra/resource-policies.test.ts tells.
      const [{ Action: _, ...onlyOverTls } = {}, ...others] = statements(policy.inputs.policy);
      expect(others).to.deep.equal([]);
      expect(onlyOverTls).to.deep.equal({
        Sid: "OnlyOverTls",
        Effect: "Deny",
        Principal: "*",
        Resource: ["arn:aws:s3:::lake", "arn:aws:s3:::lake/*"],
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      });
    });

    it("survives a mistake where config says protect", async () => {
      const protectedProgram = await graphOf({ stack: "local", overrides: { "stormwire:protect": true } });

      const bucket = resource(protectedProgram, "aws:s3/bucket:Bucket", "lake");

      expect([bucket.protect, bucket.inputs.forceDestroy]).to.deep.equal([true, false]);
      const open = resource(graph, "aws:s3/bucket:Bucket", "lake");
      expect([open.protect, open.inputs.forceDestroy]).to.deep.equal([false, true]);
    });
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

  it("keeps the API key in a SecureString, secret in state", () => {
    const parameter = resource(graph, "aws:ssm/parameter:Parameter", "api-key");

    expect(parameter.inputs).to.deep.include({ type: "SecureString", name: "/stormwire/local/api-key" });
    expect(parameter.secrets).to.deep.equal(["value"]);
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

  it("gives a message up that is a quarter of an hour late, in Lambda as in Scheduler", () => {
    const config = resource(
      graph,
      "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
      "notify",
    );

    expect(config.inputs).to.deep.equal({
      functionName: resource(graph, "aws:lambda/function:Function", "notify").outputs.name,
      maximumEventAgeInSeconds: 900,
      maximumRetryAttempts: 2,
    });
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

  it("crawls raw, runs the job, crawls gold", () => {
    const trigger = (step: string) => resource(graph, "aws:glue/trigger:Trigger", `etl-${step}`).inputs;

    expect(trigger("raw-crawl")).to.deep.include({
      type: "SCHEDULED",
      schedule: "cron(30 0 * * ? *)",
      actions: [{ crawlerName: "raw" }],
    });
    expect(trigger("job")).to.deep.include({
      predicate: { conditions: [{ crawlerName: "raw", crawlState: "SUCCEEDED" }] },
      actions: [{ jobName: "etl" }],
    });
    expect(trigger("gold-crawl")).to.deep.include({
      predicate: { conditions: [{ jobName: "etl", state: "SUCCEEDED" }] },
      actions: [{ crawlerName: "gold" }],
    });
  });

  it("has one named query a file of queries/, in a workgroup that stops expensive ones", async () => {
    const files = (await readdir(join(projectDirectory, "queries"))).filter((file) => file.endsWith(".sql"));
    const queries = resourcesOfType(graph, "aws:athena/namedQuery:NamedQuery");
    const { inputs } = resource(graph, "aws:athena/workgroup:Workgroup", "queries");

    expect(files.length).to.be.at.least(6);
    expect(queries.map(({ name }) => `${name}.sql`).sort()).to.deep.equal(files.sort());
    expect(inputs.configuration).to.deep.include({
      enforceWorkgroupConfiguration: true,
      bytesScannedCutoffPerQuery: 1024 * 1024 * 1024,
    });
  });

  it("names and describes queries as their files' headers do, and prepares them for EXECUTE", () => {
    const saved = readSavedQueries(join(projectDirectory, "queries"));
    const { name: workgroup } = resource(graph, "aws:athena/workgroup:Workgroup", "queries").outputs;

    for (const { name, title, question, sql } of saved) {
      const description = `${title}: ${question}`;
      expect(resource(graph, "aws:athena/namedQuery:NamedQuery", name).inputs).to.deep.include({
        name,
        description,
        query: sql,
        workgroup,
      });
      const { inputs } = resource(graph, "aws:athena/preparedStatement:PreparedStatement", name);
      expect(inputs).to.deep.equal({ name, description, queryStatement: sql, workgroup });
      expect(inputs.name).to.match(/^[a-zA-Z_][a-zA-Z0-9_@:]{1,256}$/);
      expect(description).to.have.length.of.at.most(1024);
    }
  });

  for (const stack of ["dev", "prod"]) {
    it(`declares the same parts for ${stack} once a key is set`, async () => {
      const other = await graphOf({ stack, overrides: { "stormwire:apiKey": "a-key" } });

      const types = new Set(other.resources.map(({ type }) => type));

      const configured = ["aws:sns/topicSubscription:TopicSubscription", "aws:scheduler/schedule:Schedule"];
      for (const type of new Set(graph.resources.map((candidate) => candidate.type))) {
        if (!configured.includes(type)) {
          expect(types, type).to.include(type);
        }
      }
    });
  }
});
