import { PutRecordCommand } from "@aws-sdk/client-kinesis";
import { GetObjectCommand, PutObjectCommand } from "@aws-sdk/client-s3";
import { PublishCommand } from "@aws-sdk/client-sns";
import { expect } from "chai";
import { answerOf, onceTaken } from "./answer.ts";
import type { Backend, Declared, Statement, World } from "./backend.ts";
import { linesOf } from "./line.ts";

const LOGIC =
  "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic_policy-eval-basics-single-account.html";
const CONDITION =
  "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html";
const TOPIC = "https://docs.aws.amazon.com/sns/latest/dg/sns-using-identity-based-policies.html";
const EVENTS = "https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-use-resource-based.html";
const FUNCTION = "https://docs.aws.amazon.com/lambda/latest/dg/permissions-function-services.html";
const KEY =
  "https://docs.aws.amazon.com/kms/latest/developerguide/conditions-kms.html#conditions-kms-via-service";

const allow = (Action: string | readonly string[], Resource: string): Statement => ({
  Effect: "Allow",
  Action,
  Resource,
});

const EVERYTHING = allow(["s3:GetObject", "s3:PutObject"], "bucket:lake/*");

/** Calls of a caller on the objects of a world's bucket `lake`. */
function objectsOf(world: World, caller: string) {
  const { s3 } = world.as(caller);
  const Bucket = world.name("lake");
  return {
    put: (Key: string) => s3.send(new PutObjectCommand({ Bucket, Key, Body: "text" })),
    get: async (Key: string) =>
      (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString(),
  };
}

/** A line over the bucket `lake`, with an object each in two folders. */
const onLake =
  (declared: Declared, check: (world: World) => Promise<void>) =>
  async (backend: Backend): Promise<void> => {
    await using world = await backend.open({ buckets: { lake: ["raw/1", "state/1"] }, ...declared });
    await check(world);
  };

export const RESOURCE_POLICIES = linesOf("IAM", [
  [
    "A bucket policy's deny wins over what an identity policy allows",
    LOGIC,
    onLake(
      {
        callers: { writer: [EVERYTHING] },
        bucketPolicies: {
          lake: [{ Effect: "Deny", Principal: "*", Action: "s3:PutObject", Resource: "bucket:lake/state/*" }],
        },
      },
      async (world) => {
        const { put, get } = objectsOf(world, "writer");
        await onceTaken(world, () => put("raw/2"));
        expect(await answerOf(put("raw/2")), "put raw/2").to.equal("taken");
        expect(await answerOf(put("state/1")), "put state/1").to.equal("AccessDenied");
        expect(await answerOf(get("state/1")), "get state/1").to.equal("taken");
      },
    ),
  ],
  [
    "A bucket policy's allow is enough for a caller of the account, and for no other one",
    LOGIC,
    onLake(
      {
        callers: { guest: [], stranger: [] },
        bucketPolicies: {
          lake: [{ ...allow("s3:GetObject", "bucket:lake/raw/*"), Principal: { caller: "guest" } }],
        },
      },
      async (world) => {
        const { put, get } = objectsOf(world, "guest");
        await onceTaken(world, () => get("raw/1"));
        expect(await answerOf(get("raw/1")), "get raw/1").to.equal("taken");
        expect(await answerOf(get("state/1")), "get state/1").to.equal("AccessDenied");
        expect(await answerOf(put("raw/1")), "put raw/1").to.equal("AccessDenied");
        expect(await answerOf(objectsOf(world, "stranger").get("raw/1")), "a stranger").to.equal(
          "AccessDenied",
        );
      },
    ),
  ],
  [
    "A bucket policy's deny to everyone with ArnNotLike spares the callers that are like it",
    CONDITION,
    onLake(
      {
        callers: { writer: [EVERYTHING], other: [EVERYTHING] },
        bucketPolicies: {
          lake: [
            {
              Effect: "Deny",
              Principal: "*",
              Action: "s3:PutObject",
              Resource: "bucket:lake/*",
              Condition: { ArnNotLike: { "aws:PrincipalArn": "arn:aws:iam::*:*/*writer*" } },
            },
          ],
        },
      },
      async (world) => {
        const [writer, other] = [objectsOf(world, "writer"), objectsOf(world, "other")];
        await onceTaken(world, () => writer.put("raw/2"));
        await onceTaken(world, () => other.get("raw/1"));
        expect(await answerOf(writer.put("raw/2")), "the one that is like it").to.equal("taken");
        expect(await answerOf(other.put("raw/2")), "another").to.equal("AccessDenied");
        expect(await answerOf(other.get("raw/1")), "what is not denied").to.equal("taken");
      },
    ),
  ],
  [
    "A topic policy's allow is enough for a caller of the account, and its deny wins over an identity policy",
    TOPIC,
    async (backend) => {
      const publish = allow("sns:Publish", "topic:alerts");
      await using world = await backend.open({
        topics: { alerts: null },
        callers: { guest: [], stranger: [], barred: [publish] },
        topicPolicies: {
          alerts: [
            { ...publish, Principal: { caller: "guest" } },
            { ...publish, Effect: "Deny", Principal: { caller: "barred" } },
          ],
        },
      });
      const publishAs = (caller: string) => () =>
        world
          .as(caller)
          .sns.send(new PublishCommand({ TopicArn: world.topicArn("alerts"), Message: caller }));
      await onceTaken(world, publishAs("guest"));
      expect(await answerOf(publishAs("guest")()), "who is allowed").to.equal("taken");
      expect(await answerOf(publishAs("stranger")()), "who is not").to.equal("AuthorizationErrorException");
      expect(await answerOf(publishAs("barred")()), "who is denied").to.equal("AuthorizationErrorException");
    },
  ],
  [
    "A topic policy lets a service publish that it names as principal, and no other, nor for what its ArnLike does not name",
    EVENTS,
    async (backend) => {
      const publish = (topic: string, service: string, sources?: string) => [
        {
          ...allow("sns:Publish", `topic:${topic}`),
          Principal: { service },
          ...(sources !== undefined && { Condition: { ArnLike: { "aws:SourceArn": sources } } }),
        },
      ];
      // Whether a rule that ArnLike does name gets in is not asked: EventBridge says that a topic's policy can have no
      // conditions for it, https://docs.aws.amazon.com/eventbridge/latest/userguide/eb-troubleshooting.html
      const topicPolicies = {
        "let-in": publish("let-in", "events"),
        "of-another-service": publish("of-another-service", "cloudwatch"),
        "of-another-rule": publish("of-another-rule", "events", "arn:aws:events:*:*:rule/*another*"),
      };
      await using world = await backend.open({
        topics: { "let-in": null, "of-another-service": null, "of-another-rule": null },
        topicPolicies,
        eventTopics: Object.keys(topicPolicies).reverse(),
      });
      await world.putEvent();
      // Until a new rule is at work, what is put is lost.
      const isDelivered = async () => {
        if ((await world.events()).length > 0) return true;
        await world.putEvent();
        return false;
      };
      await world.pass(10, { until: isDelivered });
      await world.linger(1);
      const published = (await world.events()).map(({ Records }) => Records[0].Sns.TopicArn);
      expect([...new Set(published)], "topics").to.deep.equal([world.topicArn("let-in")]);
    },
  ],
  [
    "A function's policy lets a service call it for the sources that its ArnLike names, and for no other",
    FUNCTION,
    async (backend) => {
      await using world = await backend.open({
        topics: { "let-in": null, "kept-out": null },
        topicPermissions: { "let-in": "let-*", "kept-out": "let-*" },
      });
      for (const topic of ["kept-out", "let-in"])
        await world.clients.sns.send(new PublishCommand({ TopicArn: world.topicArn(topic), Message: topic }));
      await world.pass(10, { until: async () => (await world.events()).length > 0 });
      await world.linger(1);
      const messages = (await world.events()).map(({ Records }) => Records[0].Sns.Message);
      expect(messages, "messages").to.deep.equal(["let-in"]);
    },
  ],
  [
    "A key policy's kms:ViaService lets a caller use the key through that service, and through no other",
    KEY,
    async (backend) => {
      const via = (service: string, caller: string) => ({
        ...allow("kms:GenerateDataKey", "*"),
        Principal: { caller },
        Condition: { StringEquals: { "kms:ViaService": `${service}.us-east-1.amazonaws.com` } },
      });
      const put = allow("kinesis:PutRecord", "stream:orders");
      await using world = await backend.open({
        streams: { orders: 1 },
        streamKeys: { orders: [via("kinesis", "through"), via("s3", "elsewhere")] },
        callers: { through: [put], elsewhere: [put] },
      });
      const putAs = (caller: string) => () =>
        world.as(caller).kinesis.send(
          new PutRecordCommand({
            StreamName: world.name("orders"),
            PartitionKey: "key",
            Data: Buffer.from("data"),
          }),
        );
      await onceTaken(world, putAs("through"));
      expect(await answerOf(putAs("through")()), "through it").to.equal("taken");
      expect(await answerOf(putAs("elsewhere")()), "through another").to.equal("KMSAccessDeniedException");
    },
  ],
]);
