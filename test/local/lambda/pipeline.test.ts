import { readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { expect } from "chai";
import { createVirtualClock } from "../../../local/clock/virtual-clock.ts";
import { startEndpoint } from "../../../local/endpoint/endpoint.ts";
import { startRules } from "../../../local/events/rules.ts";
import type { Graph, Resource } from "../../../local/graph.ts";
import { createAuthorizer } from "../../../local/iam/authorizer.ts";
import { identitiesFromGraph } from "../../../local/iam/identities.ts";
import { createKinesis } from "../../../local/kinesis/kinesis.ts";
import type { Failure } from "../../../local/lambda/failure.ts";
import { createLambda } from "../../../local/lambda/lambda.ts";
import { startEventSourceMappings } from "../../../local/lambda/mapping/event-source-mapping.ts";
import { createLogs } from "../../../local/logs/logs.ts";
import {
  ACCOUNT,
  functionArn,
  functionResources,
  graphOf,
  makeFolder,
  REGION,
  resource,
  START,
} from "./support.ts";

const STREAM_ARN = `arn:aws:kinesis:${REGION}:${ACCOUNT}:stream/orders`;
const RULE_ARN = `arn:aws:events:${REGION}:${ACCOUNT}:rule/tick`;

const PRODUCER = `
const { KinesisClient, PutRecordsCommand } = require("@aws-sdk/client-kinesis");
const client = new KinesisClient({});
exports.handler = async ({ time }) => {
  const Records = ["a", "b"].map((name) => ({ PartitionKey: name, Data: Buffer.from(name + " " + time) }));
  const { FailedRecordCount } = await client.send(new PutRecordsCommand({ StreamName: "orders", Records }));
  if (FailedRecordCount > 0) throw new Error("not all put");
};`;

const CONSUMER = `
exports.handler = async ({ Records }) => {
  for (const { kinesis } of Records) console.log(Buffer.from(kinesis.data, "base64").toString());
};`;

const READ = ["DescribeStream", "ListShards", "GetShardIterator", "GetRecords"].map(
  (name) => `kinesis:${name}`,
);

function role(name: string, statements: readonly (readonly [readonly string[], string])[]): Resource[] {
  const assumeRolePolicy = document([
    { Effect: "Allow", Principal: { Service: "lambda.amazonaws.com" }, Action: "sts:AssumeRole" },
  ]);
  const logs = `arn:aws:logs:${REGION}:${ACCOUNT}:log-group:/aws/lambda/${name}:*`;
  const policy = document(
    [...statements, [["logs:CreateLogStream", "logs:PutLogEvents"], logs] as const].map(
      ([Action, Resource]) => ({
        Effect: "Allow",
        Action,
        Resource,
      }),
    ),
  );
  return [
    resource(
      "aws:iam/role:Role",
      name,
      { assumeRolePolicy },
      { arn: `arn:aws:iam::${ACCOUNT}:role/${name}` },
    ),
    resource("aws:iam/rolePolicy:RolePolicy", name, { role: name, policy }),
  ];
}

function document(Statement: readonly unknown[]): string {
  return JSON.stringify({ Version: "2012-10-17", Statement });
}

describe("rule, function, stream, event-source mapping, function", () => {
  const stops: (() => Promise<unknown>)[] = [];
  afterEach(async () => {
    for (const stop of stops.splice(0).reverse()) await stop();
  });

  async function program(folder: string, producerActions: readonly string[]): Promise<Graph> {
    return graphOf(
      resource("aws:kinesis/stream:Stream", "orders", { shardCount: 2 }, { arn: STREAM_ARN }),
      ...role("producer", [[producerActions, STREAM_ARN]]),
      ...role("consumer", [[READ, STREAM_ARN]]),
      ...(await functionResources(folder, "producer", { "__index.js": PRODUCER })),
      ...(await functionResources(folder, "consumer", { "__index.js": CONSUMER })),
      resource(
        "aws:cloudwatch/eventRule:EventRule",
        "tick",
        { scheduleExpression: "rate(1 hour)" },
        { arn: RULE_ARN },
      ),
      resource("aws:cloudwatch/eventTarget:EventTarget", "tick", {
        rule: "tick",
        arn: functionArn("producer"),
      }),
      resource("aws:lambda/permission:Permission", "tick", {
        function: "producer",
        action: "lambda:InvokeFunction",
        principal: "events.amazonaws.com",
        sourceArn: RULE_ARN,
      }),
      resource("aws:lambda/eventSourceMapping:EventSourceMapping", "consumer", {
        eventSourceArn: STREAM_ARN,
        functionName: functionArn("consumer"),
        startingPosition: "LATEST",
        maximumBatchingWindowInSeconds: 300,
      }),
    );
  }

  async function run(producerActions: readonly string[]) {
    const folder = await makeFolder();
    stops.push(() => rm(folder, { recursive: true, force: true }));
    const graph = await program(folder, producerActions);
    const clock = createVirtualClock({ start: START });
    const now = () => clock.now();
    const failures: Failure[] = [];
    const onFailure = (failure: Failure) => void failures.push(failure);
    const identities = identitiesFromGraph(graph);
    const kinesis = createKinesis({ graph, now });
    const logs = createLogs({ graph, directory: join(folder, "logs") });
    const services = [kinesis.service, logs.service];
    const endpoint = await startEndpoint({ services, identities, authorizer: createAuthorizer(graph) });
    stops.push(endpoint.stop);
    const { gateway } = endpoint;
    const endpointUrl = () => endpoint.url;
    const hasLogGroup = logs.hasGroup;
    const lambda = createLambda({ graph, clock, gateway, identities, endpointUrl, hasLogGroup, onFailure });
    gateway.register(lambda.service);
    stops.push(lambda.stop);
    const mappings = await startEventSourceMappings({
      graph,
      clock,
      gateway,
      lambda,
      onPut: kinesis.onPut,
      onFailure,
    });
    startRules({ graph, clock, lambda, onFailure });
    await clock.run({ speed: "max", until: new Date(START.getTime() + 2 * 3.6e6) });
    return { folder, gateway, failures, mappings, lambda };
  }

  it("passes every record on, each call signed and allowed by its role", async () => {
    const { folder, gateway, failures, mappings } = await run(["kinesis:PutRecords"]);

    const lines = (await readFile(join(folder, "logs", "consumer.log"), "utf8")).trim().split("\n");
    expect(lines.map((line) => `${line.slice(11, 19)} ${line.slice(25)}`).sort()).to.deep.equal([
      "11:05:00 a 2024-04-30T11:00:00Z",
      "11:05:00 b 2024-04-30T11:00:00Z",
      "12:05:00 a 2024-04-30T12:00:00Z",
      "12:05:00 b 2024-04-30T12:00:00Z",
      "13:05:00 a 2024-04-30T13:00:00Z",
      "13:05:00 b 2024-04-30T13:00:00Z",
    ]);
    expect(mappings.metrics().consumer).to.include({ read: 6, retries: 0, lost: 0 });
    expect(failures).to.deep.equal([]);
    expect(gateway.denials).to.deep.equal([]);
  });

  it("shows a producer that may not put: denied by name, retried, failed", async () => {
    const { gateway, failures, lambda } = await run(["kinesis:PutRecord"]);

    expect(gateway.denials[0]).to.include({ action: "kinesis:PutRecords", resource: STREAM_ARN });
    expect(failures.map(({ kind, source }) => [kind, source])).to.deep.equal(
      Array(3).fill(["invocation", RULE_ARN]),
    );
    expect(failures[0]?.message).to.include("not authorized to perform: kinesis:PutRecords");
    expect(lambda.metrics().producer).to.deep.equal({ invocations: 9, errors: 9 });
  });
});
