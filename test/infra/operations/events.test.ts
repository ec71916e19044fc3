import { expect } from "chai";
import type { Graph } from "../../../local/graph.ts";
import { resource, statements } from "../program.ts";
import { operationsGraph } from "./graph.ts";

describe("operations: what else ops hear of", () => {
  let graph: Graph;

  before(async () => {
    graph = await operationsGraph();
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
        { StringEqualsIfExists: { "aws:SourceAccount": "123456789012" } },
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
});
