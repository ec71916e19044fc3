import { expect } from "chai";
import { NotEmulatedError } from "../../../local/endpoint/error.ts";
import type { Permission } from "../../../local/endpoint/operation.ts";
import type { Graph } from "../../../local/graph.ts";
import { createAuthorizer } from "../../../local/iam/authorizer.ts";
import { identitiesFromGraph } from "../../../local/iam/identities.ts";
import { customerKeyArn } from "../../../local/iam/service-policy.ts";
import { rejection } from "../endpoint/rejection.ts";
import { ACCOUNT, allow, graphOf, KEY_ARN, resource, role, roleArn } from "../endpoint/support.ts";

const TOPIC = `arn:aws:sns:eu-central-1:${ACCOUNT}:alerts`;
const PUBLISH = { action: "sns:Publish", resource: TOPIC };
const POLICY_ARN = `arn:aws:iam::${ACCOUNT}:policy/publish`;
const document = (...Statement: readonly unknown[]) => JSON.stringify({ Version: "2012-10-17", Statement });
const attach = (policyArn: string) =>
  resource("aws:iam/rolePolicyAttachment:RolePolicyAttachment", "attachment", { role: "worker", policyArn });
const policy = resource(
  "aws:iam/policy:Policy",
  "publish",
  { policy: document(allow("sns:Publish", TOPIC)) },
  { arn: POLICY_ARN },
);

function decide(graph: Graph, resourcePolicy?: unknown, permission = PUBLISH) {
  const worker = identitiesFromGraph(graph).forRole(roleArn("worker"), "test");
  return createAuthorizer(graph).decide(worker, permission, { service: "sns", resourcePolicy });
}

describe("Authorizer", () => {
  it("reads RolePolicy, inline, attached and managed policies of the role", () => {
    const trust = document();
    const withInline = resource(
      "aws:iam/role:Role",
      "worker",
      {
        assumeRolePolicy: trust,
        inlinePolicies: [{ name: "p", policy: document(allow("sns:Publish", TOPIC)) }],
      },
      { arn: roleArn("worker") },
    );
    const withManaged = resource(
      "aws:iam/role:Role",
      "worker",
      { assumeRolePolicy: trust, managedPolicyArns: [POLICY_ARN] },
      { arn: roleArn("worker") },
    );
    const graphs = [
      graphOf(...role("worker", allow("sns:Publish", TOPIC))),
      graphOf(...role("worker"), policy, attach(POLICY_ARN)),
      graphOf(withInline),
      graphOf(withManaged, policy),
    ];

    expect(graphs.map((graph) => decide(graph).allowed)).to.deep.equal([true, true, true, true]);
  });

  it("includes the AWS-managed policies that Pulumi attaches to a function", () => {
    const attached = [
      "AmazonCognitoPowerUser",
      "AmazonDynamoDBFullAccess",
      "AmazonKinesisFullAccess",
      "AmazonS3FullAccess",
      "AmazonSQSFullAccess",
      "AWSLambda_FullAccess",
      "AWSXrayWriteOnlyAccess",
      "CloudWatchEventsFullAccess",
      "CloudWatchFullAccessV2",
      "service-role/AWSLambdaBasicExecutionRole",
    ].map((name) => attach(`arn:aws:iam::aws:policy/${name}`));
    const graph = graphOf(...role("worker"), ...attached);

    const asked = [
      "kinesis:PutRecord",
      "logs:PutLogEvents",
      "s3:GetObject",
      "sqs:SendMessage",
      "sns:Publish",
    ];
    const allowed = asked.filter(
      (action) => decide(graph, undefined, { action, resource: "arn:aws:x:::y" }).allowed,
    );

    // None of them lets a function publish: on AWS it is rejected as well.
    expect(allowed).to.deep.equal(asked.slice(0, 4));
  });

  it("denies a role without policies, and does not lend it another role's", () => {
    const graph = graphOf(...role("worker"), ...role("other", allow("*", "*")));

    expect(decide(graph)).to.deep.equal({ allowed: false, explicit: false });
  });

  it("allows by a resource policy, and denies by it what the role may", () => {
    const everyone = { ...allow("sns:Publish", TOPIC), Principal: "*" };
    const may = graphOf(...role("worker", allow("sns:Publish", TOPIC)));

    expect(decide(graphOf(...role("worker")), document(everyone)).allowed).to.equal(true);
    expect(decide(may, document({ ...everyone, Effect: "Deny" }))).to.deep.equal({
      allowed: false,
      explicit: true,
    });
  });

  it("gives a key's own policy the last word", () => {
    const decrypt = { action: "kms:Decrypt", resource: KEY_ARN };
    const worker = role("worker", allow("kms:Decrypt", KEY_ARN));
    const key = (principal: string, action: string) =>
      resource(
        "aws:kms/key:Key",
        "key",
        { policy: document({ ...allow(action, "*"), Principal: { AWS: principal } }) },
        { arn: KEY_ARN },
      );
    const root = `arn:aws:iam::${ACCOUNT}:root`;

    expect(decide(graphOf(...worker), undefined, decrypt).allowed).to.equal(true);
    expect(decide(graphOf(...worker, key(root, "kms:*")), undefined, decrypt).allowed).to.equal(true);
    expect(decide(graphOf(...worker, key(root, "kms:Encrypt")), undefined, decrypt).allowed).to.equal(false);
    expect(
      decide(graphOf(...role("worker"), key(roleArn("worker"), "kms:*")), undefined, decrypt).allowed,
    ).to.equal(true);
  });

  it("records the used grants as their statements write them", () => {
    const below = (prefix: string) => ({
      ...allow("s3:ListBucket", "arn:aws:s3:::shop"),
      Condition: { StringLike: { "s3:prefix": prefix } },
    });
    const graph = graphOf(
      ...role(
        "worker",
        allow(["sns:Publish", "sns:Subscribe"], [TOPIC, `${TOPIC}-*`]),
        below("in/*"),
        below("out/*"),
      ),
    );
    const authorizer = createAuthorizer(graph);
    const worker = identitiesFromGraph(graph).forRole(roleArn("worker"), "test");
    const decideOn = (permission: Permission) => authorizer.decide(worker, permission, { service: "any" });

    decideOn(PUBLISH);
    decideOn(PUBLISH);
    decideOn({
      action: "s3:ListBucket",
      resource: "arn:aws:s3:::shop",
      conditions: { "s3:prefix": "in/may" },
    });
    decideOn({ action: "sns:GetTopicAttributes", resource: TOPIC });

    expect(authorizer.uses()).to.deep.equal([
      { roleArn: roleArn("worker"), action: "sns:Publish", resource: TOPIC },
      {
        roleArn: roleArn("worker"),
        action: "s3:ListBucket",
        resource: "arn:aws:s3:::shop",
        condition: { StringLike: { "s3:prefix": ["in/*"] } },
      },
    ]);
  });

  it("counts no grant where a denial wins", () => {
    const graph = graphOf(
      ...role("worker", allow("sns:Publish", TOPIC), { ...allow("sns:*", "*"), Effect: "Deny" }),
    );
    const authorizer = createAuthorizer(graph);
    const worker = identitiesFromGraph(graph).forRole(roleArn("worker"), "test");

    expect(authorizer.decide(worker, PUBLISH, { service: "sns" }).allowed).to.equal(false);
    expect(authorizer.uses()).to.deep.equal([]);
  });

  it("allows the operator everything", () => {
    const graph = graphOf();
    const { operator } = identitiesFromGraph(graph);

    expect(createAuthorizer(graph).decide(operator, PUBLISH, { service: "sns" }).allowed).to.equal(true);
  });

  it("names an AWS-managed policy and a permissions boundary", async () => {
    const managed = "arn:aws:iam::aws:policy/AmazonEC2FullAccess";
    const bounded = resource("aws:iam/role:Role", "worker", { permissionsBoundary: POLICY_ARN });
    const managedError = await rejection(() => createAuthorizer(graphOf(...role("worker"), attach(managed))));
    const boundaryError = await rejection(() => createAuthorizer(graphOf(bounded)));

    for (const [error, arn] of [
      [managedError, managed],
      [boundaryError, POLICY_ARN],
    ] as const) {
      expect(error).to.be.instanceOf(NotEmulatedError);
      expect(error.message).to.contain(arn).and.contain("worker");
    }
  });
});

describe("Identities", () => {
  it("assume a role whose trust policy names the service", () => {
    const identities = identitiesFromGraph(graphOf(...role("worker")));
    const principal = identities.assumeRole(roleArn("worker"), "lambda.amazonaws.com", "session-1");

    expect(principal.arn).to.equal(`arn:aws:sts::${ACCOUNT}:assumed-role/worker/session-1`);
    expect(principal.accessKeyId).to.match(/^ASIA[0-9A-F]{16}$/);
    expect(identities.byAccessKeyId(principal.accessKeyId)).to.equal(principal);
    expect(identities.forRole(roleArn("worker"), "session-1")).to.equal(principal);
  });

  it("reject a service that the role does not trust, and an unknown role", async () => {
    const identities = identitiesFromGraph(graphOf(...role("worker")));
    const untrusted = await rejection(() =>
      identities.assumeRole(roleArn("worker"), "glue.amazonaws.com", "s"),
    );
    const missing = await rejection(() =>
      identities.assumeRole(roleArn("none"), "lambda.amazonaws.com", "s"),
    );

    expect(untrusted.name).to.equal("AccessDenied");
    expect(untrusted.message).to.equal(
      `glue.amazonaws.com is not authorized to perform: sts:AssumeRole on resource: ${roleArn("worker")}`,
    );
    expect(missing.name).to.equal("NoSuchEntity");
  });

  it("hold a trust policy to its source conditions", async () => {
    const group = `arn:aws:scheduler:eu-central-1:${ACCOUNT}:schedule-group/default`;
    const trust = {
      Effect: "Allow",
      Action: "sts:AssumeRole",
      Principal: { Service: "scheduler.amazonaws.com" },
      Condition: { StringEquals: { "aws:SourceAccount": ACCOUNT, "aws:SourceArn": group } },
    };
    const inputs = { assumeRolePolicy: document(trust) };
    const identities = identitiesFromGraph(
      graphOf(resource("aws:iam/role:Role", "caller", inputs, { arn: roleArn("caller") })),
    );
    const assume = (sourceArn?: string) =>
      identities.assumeRole(roleArn("caller"), "scheduler.amazonaws.com", "s", sourceArn);
    const error = await rejection(() => assume());

    expect(assume(group).roleArn).to.equal(roleArn("caller"));
    expect(error.name).to.equal("AccessDenied");
  });
});

describe("KMS keys of a program", () => {
  const key = resource("aws:kms/key:Key", "key", {}, { keyId: "7c0e", arn: KEY_ARN });
  const alias = resource("aws:kms/alias:Alias", "alias", { name: "alias/shop", targetKeyId: "7c0e" });

  for (const [reference, arn] of [
    [undefined, undefined],
    ["alias/aws/kinesis", undefined],
    ["7c0e", KEY_ARN],
    [KEY_ARN, KEY_ARN],
    ["alias/shop", KEY_ARN],
  ] as const) {
    it(`${reference} is ${arn ?? "AWS's own"}`, () => {
      expect(customerKeyArn(graphOf(key, alias), reference)).to.equal(arn);
    });
  }

  it("names a key that the program does not declare", async () => {
    const error = await rejection(() => customerKeyArn(graphOf(key), "alias/none"));

    expect(error.message).to.contain("alias/none");
  });
});
