import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { METRICS } from "../../handlers/aws/metric-names.ts";
import { callBudget, fewCallsLeft } from "../../infra/calls.ts";
import { type Graph, type Resource, resourcesOfType } from "../../local/graph.ts";
import { graphOf } from "./loader/graphs.ts";
import { projectDirectory, resource, statements } from "./program.ts";

const ALARM = "aws:cloudwatch/metricAlarm:MetricAlarm";
const STACK = "[stormwire/local]";
const webhooks = {
  ops: { url: "https://hooks.example.org/weather", secret: "whsec_planted0AAAABBBBCCCCDDDDEEEEFFFF" },
};

describe("operations", function () {
  this.timeout(60_000);
  let graph: Graph;

  before(async () => {
    graph = await graphOf({ stack: "local", overrides: { "stormwire:webhooks": webhooks } });
  });

  const alarms = () => resourcesOfType(graph, ALARM);

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
      "produce-errors: AWS/Lambda Errors Sum >= 1, 1 x 300 s, notBreaching",
      "quarantine: Stormwire QuarantinedRecords Sum >= 1, 1 x 300 s, notBreaching",
      // 24 of 500 calls are planned.
      "quota: Stormwire ApiCallsLeftToday Minimum < 238, 1 x 300 s, ignore",
      "silent-stations: Stormwire SilentStations Maximum >= 1, 1 x 300 s, ignore",
      "sms-spend: AWS/SNS SMSMonthToDateSpentUSD Maximum >= 0.8, 1 x 300 s, ignore",
      "throttles: AWS/Lambda Throttles Sum >= 1, 1 x 300 s, notBreaching",
      "undelivered: AWS/SNS NumberOfNotificationsFailed Sum >= 1, 1 x 300 s, notBreaching",
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

  it("draw each alarm, in the order of the list, with its threshold, and what each function counts", () => {
    const titleOf = ({ inputs }: Resource) =>
      String(inputs.alarmDescription).split(". Runbook")[0]?.replace(`${STACK} `, "");
    const titles = alarms().map(titleOf);
    const watched = widgets(graph).slice(0, titles.length);
    const others = widgets(graph).slice(titles.length);

    expect(watched.map(({ title }) => title).sort()).to.deep.equal(titles.sort());
    for (const { title, metrics, annotations } of watched) {
      const alarm = alarms().find((one) => titleOf(one) === title);
      expect(metrics[0]?.slice(0, 2), title).to.deep.equal([
        alarm?.inputs.namespace,
        alarm?.inputs.metricName,
      ]);
      expect(annotations?.horizontal[0]?.value, title).to.equal(alarm?.inputs.threshold);
    }
    expect(others.map(({ title, metrics }) => [title, metrics.map(([, metric]) => metric)])).to.deep.equal(
      Object.entries(METRICS).map(([name, metrics]) => [`What ${name} counts`, Object.keys(metrics)]),
    );
  });

  describe("the runbook", () => {
    const MENTION = /Runbook: docs\/runbook\.md#([a-z-]+)$/;
    let sections: string[];

    before(async () => {
      const text = await readFile(join(projectDirectory, "docs/runbook.md"), "utf8");
      const alarmPart = text.slice(text.indexOf("\n## "));
      sections = [...alarmPart.matchAll(/^## (.+)$/gm)].map(([, title = ""]) => anchorOf(title));
    });

    const mentioned = () => texts(graph);

    it("is named by everything that ops are told, by a section that is there", () => {
      for (const text of mentioned()) {
        expect(sections, String(text)).to.include(MENTION.exec(String(text))?.[1]);
      }
    });

    it("has no section that nothing leads to", () => {
      const used = new Set(mentioned().map((text) => MENTION.exec(String(text))?.[1]));
      expect(sections.filter((section) => !used.has(section))).to.deep.equal([]);
    });
  });

  it("tell ops of a failed job and a failed crawler, in a sentence", () => {
    const rule = (name: string) => resource(graph, "aws:cloudwatch/eventRule:EventRule", name);
    const target = (name: string) => resource(graph, "aws:cloudwatch/eventTarget:EventTarget", name).inputs;

    expect(JSON.parse(String(rule("failed-job").inputs.eventPattern))).to.deep.equal({
      source: ["aws.glue"],
      "detail-type": ["Glue Job State Change"],
      detail: { jobName: ["etl"], state: ["FAILED", "TIMEOUT"] },
    });
    expect(JSON.parse(String(rule("failed-crawler").inputs.eventPattern)).detail).to.deep.equal({
      crawlerName: ["raw", "gold"],
      state: ["Failed"],
    });
    const { inputPaths, inputTemplate } = target("failed-job").inputTransformer as {
      inputPaths: object;
      inputTemplate: string;
    };
    const variables = [...inputTemplate.matchAll(/<(\w+)>/g)].map(([, name]) => name);
    expect(Object.keys(inputPaths)).to.have.members([...new Set(variables)]);
    expect(JSON.parse(inputTemplate), "one JSON text, as SNS targets want it").to.be.a("string");
  });

  it("hear of each object that was given up", () => {
    const { inputs, dependencies } = resource(
      graph,
      "aws:s3/bucketNotification:BucketNotification",
      "given-up",
    );

    expect(inputs.bucket).to.equal("lake");
    expect(inputs.topics).to.deep.equal([
      {
        id: "[stormwire/local] Runbook: docs/runbook.md#given-up-records",
        topicArn: resource(graph, "aws:sns/topic:Topic", "operations").outputs.arn,
        events: ["s3:ObjectCreated:*"],
        filterPrefix: "aws/lambda/",
      },
    ]);
    expect(dependencies).to.include(resource(graph, "aws:sns/topicPolicy:TopicPolicy", "operations").urn);
  });

  it("let in the account's alarms, rules and this bucket, and nothing else", () => {
    const { arn } = resource(graph, "aws:sns/topic:Topic", "operations").outputs;
    const { inputs } = resource(graph, "aws:sns/topicPolicy:TopicPolicy", "operations");
    const granted = statements(inputs.policy).filter(({ Effect }) => Effect !== "Deny");

    for (const { Effect, Action, Resource } of granted) {
      expect([Effect, Action, Resource]).to.deep.equal(["Allow", "sns:Publish", arn]);
    }
    expect(granted.map(({ Principal, Condition }) => [Principal, Condition])).to.deep.equal([
      [
        { Service: "cloudwatch.amazonaws.com" },
        {
          ArnLike: { "aws:SourceArn": ["arn:aws:cloudwatch:us-east-1:123456789012:alarm:*"] },
          StringEquals: { "aws:SourceAccount": "123456789012" },
        },
      ],
      [
        { Service: "events.amazonaws.com" },
        undefined, // AWS: no Condition for EventBridge
      ],
      [
        { Service: "s3.amazonaws.com" },
        {
          ArnLike: { "aws:SourceArn": ["arn:aws:s3:::lake"] },
          StringEquals: { "aws:SourceAccount": "123456789012" },
        },
      ],
    ]);
  });

  it("say of which stack they are, in names, texts and the watch's messages", async () => {
    const watch = resource(graph, "aws:lambda/function:Function", "watch");
    const { directory } = watch.inputs.code as { directory: string };
    const code = await readFile(join(directory, "__index.js"), "utf8");

    for (const text of texts(graph)) expect(text.startsWith(`${STACK} `), text).to.equal(true);
    for (const { name, inputs } of alarms()) expect(inputs.name).to.equal(`stormwire-local-${name}`);
    expect(code).to.include(STACK).and.include("Runbook: docs/runbook.md#silent-stations");
  });

  it("name the runbook by a URL where config has one, whole", async () => {
    const url = `https://example.org/${"r".repeat(80)}`;
    const published = await graphOf({ stack: "local", overrides: { "stormwire:runbookUrl": url } });

    for (const text of texts(published)) expect(text).to.include(`Runbook: ${url}#`);
  });

  it("trace every function", () => {
    for (const { name, inputs } of resourcesOfType(graph, "aws:lambda/function:Function")) {
      expect(inputs.tracingConfig, name).to.deep.equal({ mode: "Active" });
    }
  });

  it("leave out alarms on what polls set off where polls lie further apart than alarms look back", async () => {
    const weekly = await graphOf({ stack: "local", overrides: { "stormwire:poll": "cron(0 6 ? * MON *)" } });
    const names = resourcesOfType(weekly, ALARM).map(({ name }) => name);

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

describe("calls left of the weather API", () => {
  it("are few when half of what the plan has to spare is gone", () => {
    expect(fewCallsLeft({ allowedPerDay: 500, plannedPerDay: 288 })).to.equal(106);
  });

  it("are few when there is none left of a plan that cannot carry the schedule", () => {
    expect(fewCallsLeft({ allowedPerDay: 500, plannedPerDay: 576 })).to.equal(1);
    expect(fewCallsLeft({ allowedPerDay: 500, plannedPerDay: 500 })).to.equal(1);
  });

  it("are planned by place and poll", () => {
    const place = { name: "A", latitude: 0, longitude: 0, timeZone: "UTC" };
    const source = { provider: "tomorrow.io", callsPerDay: 500, callsPerHour: 25 } as const;
    const locations = ["a", "b"].map((id) => ({ id, ...place }));
    expect(callBudget({ poll: "rate(1 hour)", source, locations })).to.deep.equal({
      allowedPerDay: 500,
      plannedPerDay: 48,
    });
  });
});

/** All that is told by AWS itself. */
function texts(graph: Graph): string[] {
  const { topics } = resource(graph, "aws:s3/bucketNotification:BucketNotification", "given-up").inputs;
  return [
    ...resourcesOfType(graph, ALARM).map(({ inputs }) => String(inputs.alarmDescription)),
    ...resourcesOfType(graph, "aws:cloudwatch/eventTarget:EventTarget")
      .filter(({ inputs }) => inputs.inputTransformer !== undefined)
      .map(({ inputs }) => JSON.parse((inputs.inputTransformer as { inputTemplate: string }).inputTemplate)),
    ...(topics as { id: string }[]).map(({ id }) => id),
  ];
}

/** As GitHub makes it of a heading. */
function anchorOf(title: string): string {
  return title
    .toLowerCase()
    .replaceAll(/[^a-z0-9 -]/g, "")
    .replaceAll(" ", "-");
}

interface Widget {
  readonly title: string;
  readonly metrics: readonly (readonly unknown[])[];
  readonly annotations?: { readonly horizontal: readonly { readonly value: number }[] };
}

function widgets(graph: Graph): Widget[] {
  const { inputs } = resource(graph, "aws:cloudwatch/dashboard:Dashboard", "operations");
  const { widgets } = JSON.parse(String(inputs.dashboardBody)) as { widgets: { properties: Widget }[] };
  return widgets.map(({ properties }) => properties);
}
