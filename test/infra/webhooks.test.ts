import { expect } from "chai";
import { longestMs } from "../../handlers/http/http-client.ts";
import { WEBHOOK_HTTP } from "../../handlers/webhook.ts";
import { type Graph, resourcesOfType } from "../../local/graph.ts";
import { graphOf } from "./loader/graphs.ts";
import { resource, statements } from "./program.ts";

const SECRET = "whsec_planted0AAAABBBBCCCCDDDDEEEEFFFF";
const ops = {
  url: "https://hooks.example.org/planted-path",
  secret: SECRET,
  level: "orange",
  language: "en",
};
const chat = {
  url: "https://hooks.slack.com/services/T0/B0/planted",
  format: "slack",
  locations: ["porto-alegre"],
};
const elsewhere = { ...ops, url: "https://hooks.example.org/planted-path-too" };

describe("webhooks", function () {
  this.timeout(60_000);
  let graph: Graph;

  before(async () => {
    graph = await withWebhooks({ ops, chat });
  });

  const FUNCTION = "aws:lambda/function:Function";
  const TOPIC = "aws:sns/topic:Topic";

  it("are subscribed to the topic as people are: by name, level, language and place", () => {
    const subscription = (name: string) =>
      resource(graph, "aws:sns/topicSubscription:TopicSubscription", name);
    const { inputs, dependencies } = subscription("webhook-ops");

    expect(inputs).to.deep.include({
      topic: resource(graph, TOPIC, "alerts").outputs.arn,
      protocol: "lambda",
      endpoint: resource(graph, FUNCTION, "webhook-ops").outputs.arn,
    });
    expect(JSON.parse(String(inputs.filterPolicy))).to.deep.equal({
      audience: ["all", "ops"],
      level: [{ numeric: [">=", 2] }],
      language: ["en"],
    });
    expect(JSON.parse(String(subscription("webhook-chat").inputs.filterPolicy))).to.deep.equal({
      audience: ["all", "chat"],
      level: [{ numeric: [">=", 1] }],
      language: ["pt-BR"],
      location: ["porto-alegre"],
    });
    expect(dependencies, "not before SNS may invoke").to.include(
      resource(graph, "aws:lambda/permission:Permission", "webhook-ops").urn,
    );
  });

  it("may be invoked by their topic alone", () => {
    expect(resource(graph, "aws:lambda/permission:Permission", "webhook-ops").inputs).to.deep.include({
      action: "lambda:InvokeFunction",
      function: resource(graph, FUNCTION, "webhook-ops").outputs.name,
      principal: "sns.amazonaws.com",
      sourceArn: resource(graph, TOPIC, "alerts").outputs.arn,
    });
  });

  it("are tried three times within six hours, and then kept in the bucket", () => {
    const { inputs, dependencies } = resource(
      graph,
      "aws:lambda/functionEventInvokeConfig:FunctionEventInvokeConfig",
      "webhook-ops",
    );

    expect(inputs).to.deep.include({
      functionName: resource(graph, FUNCTION, "webhook-ops").outputs.name,
      maximumRetryAttempts: 2,
      maximumEventAgeInSeconds: 21_600,
      destinationConfig: {
        onFailure: { destination: resource(graph, "aws:s3/bucket:Bucket", "lake").outputs.arn },
      },
    });
    expect(dependencies).to.include(resource(graph, "aws:iam/rolePolicy:RolePolicy", "webhook-ops").urn);
  });

  it("have more time than the longest delivery takes", () => {
    const { timeout } = resource(graph, FUNCTION, "webhook-ops").inputs;

    expect(Number(timeout) * 1000).to.be.above(longestMs(WEBHOOK_HTTP) + 10_000);
  });

  it("may read their own parameter, write their log and trace and leave what they give up; nothing else", () => {
    const { inputs } = resource(graph, "aws:iam/rolePolicy:RolePolicy", "webhook-ops");

    expect(statements(inputs.policy).map(({ Action, Resource }) => [Action, Resource])).to.deep.equal([
      [
        ["logs:CreateLogStream", "logs:PutLogEvents"],
        [`${resource(graph, "aws:cloudwatch/logGroup:LogGroup", "webhook-ops").outputs.arn}:*`],
      ],
      [["xray:PutTraceSegments", "xray:PutTelemetryRecords"], ["*"]],
      [["ssm:GetParameter"], [resource(graph, "aws:ssm/parameter:Parameter", "webhook-ops").outputs.arn]],
      [["s3:PutObject"], ["arn:aws:s3:::lake/aws/lambda/*"]],
      [["s3:ListBucket"], ["arn:aws:s3:::lake"]],
    ]);
  });

  it("keep URL, key and chat in a SecureString of their own and nowhere else", () => {
    const parameter = resource(graph, "aws:ssm/parameter:Parameter", "webhook-ops");

    expect(parameter.inputs).to.deep.include({ type: "SecureString", name: "/stormwire/local/webhook-ops" });
    expect(JSON.parse(String(parameter.inputs.value))).to.deep.equal({ url: ops.url, secret: SECRET });
    expect(parameter.secrets).to.deep.equal(["value"]);
    const others = graph.resources.filter(({ type }) => type !== "aws:ssm/parameter:Parameter");
    expect(JSON.stringify([others, graph.outputs])).not.to.include("planted");
  });

  it("raise an alarm when they give a message up, and another when it cannot be kept", () => {
    const alarms = resourcesOfType(graph, "aws:cloudwatch/metricAlarm:MetricAlarm").map(({ name }) => name);

    expect(alarms).to.include.members(["webhook-ops-dead", "webhook-chat-dead"]);
    expect(alarms).to.include.members(["webhook-ops-lost", "webhook-chat-lost"]);
  });

  it("come and go alone: nothing but the dashboard of all functions hears of it", async () => {
    const [removed, moved] = await Promise.all([
      withWebhooks({ ops }),
      withWebhooks({ ops: elsewhere, chat }),
    ]);

    expect(differences(graph, removed)).to.deep.equal([
      "- Component webhook-chat",
      "- Function webhook-chat",
      "- FunctionEventInvokeConfig webhook-chat",
      "- LogGroup webhook-chat",
      "- MetricAlarm webhook-chat-dead",
      "- MetricAlarm webhook-chat-lost",
      "- Parameter webhook-chat",
      "- Permission webhook-chat",
      "- Role webhook-chat",
      "- RolePolicy webhook-chat",
      "- TopicSubscription webhook-chat",
      "~ Dashboard operations",
    ]);
    expect(differences(graph, moved)).to.deep.equal(["~ Parameter webhook-ops"]);
  });

  it("are none unless config names them", async () => {
    const program = await graphOf({ stack: "local" });

    const names = program.resources.map(({ name }) => name);
    expect(names.filter((name) => name.startsWith("webhook-"))).to.deep.equal([]);
  });
});

async function withWebhooks(webhooks: Record<string, unknown>): Promise<Graph> {
  const program = await graphOf({ stack: "local", overrides: { "stormwire:webhooks": webhooks } });
  return program;
}

/** What changes from one graph to the other, by type and name. */
function differences(before: Graph, after: Graph): string[] {
  const fingerprints = ({ resources }: Graph) =>
    new Map(
      resources.map(({ urn, type, name, inputs }) => [
        `${type.startsWith("aws:") ? type.split(":").at(-1) : "Component"} ${name} ${urn}`,
        JSON.stringify(inputs, (key, value) => (key === "directory" ? "" : value)),
      ]),
    );
  const [old, fresh] = [fingerprints(before), fingerprints(after)];
  const short = (sign: string, id: string) => `${sign} ${id.split(" ").slice(0, 2).join(" ")}`;
  return [
    ...[...old.keys()].filter((id) => !fresh.has(id)).map((id) => short("-", id)),
    ...[...fresh].flatMap(([id, inputs]) =>
      old.get(id) === inputs ? [] : [short(old.has(id) ? "~" : "+", id)],
    ),
  ].sort();
}
