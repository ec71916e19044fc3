import { join } from "node:path";
import { expect } from "chai";
import { formatReport, toJson } from "../../../cli/iam/format.ts";
import { iamReport, isTooWide } from "../../../cli/iam/report.ts";
import { allow, graphOf, KEY_ARN, resource, role } from "../../local/endpoint/support.ts";
import { runCommandLine } from "../command-line.ts";

const REGIONAL = "eu-central-1:123456789012";
const graph = graphOf(
  ...role(
    "worker",
    allow(["sns:Publish"], `arn:aws:sns:${REGIONAL}:receipts`),
    allow(["glue:GetTable"], [`arn:aws:glue:${REGIONAL}:catalog`, `arn:aws:glue:${REGIONAL}:table/shop/*`]),
    allow("kms:Decrypt", KEY_ARN),
    allow("s3:GetObject", "arn:aws:s3:::shop/in/*"),
    { ...allow("s3:ListBucket", "arn:aws:s3:::shop"), Condition: { StringLike: { "s3:prefix": "in/*" } } },
    allow("xray:PutTraceSegments", "*"),
    allow("sns:Subscribe", "*"),
  ),
  resource("aws:kms/key:Key", "key", {}, { arn: KEY_ARN }),
  resource("aws:lambda/function:Function", "counter", {
    role: "arn:aws:iam::123456789012:role/worker",
  }),
  resource("aws:lambda/permission:Permission", "counter", {
    function: "counter",
    action: "lambda:InvokeFunction",
    principal: "sns.amazonaws.com",
    sourceArn: `arn:aws:sns:${REGIONAL}:receipts`,
  }),
);

describe("npm run iam", () => {
  it("names who uses a role, and for each resource the actions and conditions", () => {
    const [worker] = iamReport(graph).roles;

    expect(worker).to.deep.include({
      role: "worker",
      assumedBy: ["lambda.amazonaws.com"],
      usedBy: ["function counter"],
    });
    expect(
      worker?.rows.map(({ resources, actions, condition }) => [resources, actions, condition]),
    ).to.deep.equal([
      [["topic receipts"], ["sns:Publish"], ""],
      [["catalog", "tables shop.*"], ["glue:GetTable"], ""],
      [["key key"], ["kms:Decrypt"], ""],
      [["s3://shop/in/*"], ["s3:GetObject"], ""],
      [["bucket shop"], ["s3:ListBucket"], "s3:prefix like in/*"],
      [["everything"], ["sns:Subscribe", "xray:PutTraceSegments"], ""],
    ]);
  });

  it("shows the condition under which a service may act as a role", () => {
    const trust = (operator: string) => ({
      Statement: {
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: { Service: "glue.amazonaws.com" },
        Condition: { [operator]: { "aws:SourceAccount": "1" } },
      },
    });
    const { roles } = iamReport(
      graphOf(
        ...["StringEquals", "StringEqualsIfExists"].map((operator) =>
          resource("aws:iam/role:Role", operator, { assumeRolePolicy: trust(operator) }, { arn: operator }),
        ),
      ),
    );

    expect(roles.map(({ assumedWhen }) => assumedWhen)).to.deep.equal([
      "aws:SourceAccount is 1",
      "aws:SourceAccount (if sent) is 1",
    ]);
    expect(formatReport({ ...iamReport(graph), roles })).to.match(
      /as glue.amazonaws.com, when aws:SourceAccount is 1\n/,
    );
  });

  it("lists what is allowed on every resource, except for actions without resource types", () => {
    const report = iamReport(graph);

    expect(report.wide).to.deep.equal([{ role: "worker", action: "sns:Subscribe" }]);
    expect(formatReport(report)).to.match(/Actions allowed on every resource\n.*\n +worker +sns:Subscribe\n/);
    expect(JSON.parse(toJson(report))).to.deep.include({ wide: report.wide });
  });

  it("lists the policies of resources", () => {
    expect(formatReport(iamReport(graph)))
      .to.match(/key key +allow +the account +kms:\* +AWS's default/)
      .and.match(/function counter +allow +sns.amazonaws.com +lambda:InvokeFunction +for topic receipts/);
  });

  it("names every action with a * and every NotAction, in the policies of roles, trust and resources", () => {
    const document = (...Statement: readonly unknown[]) =>
      JSON.stringify({ Version: "2012-10-17", Statement });
    const trust = { Effect: "Allow", Action: "sts:*", Principal: { Service: "lambda.amazonaws.com" } };
    const topic = "arn:aws:sns:eu-central-1:123456789012:receipts";
    const { patterns } = iamReport(
      graphOf(
        ...role("reader", allow(["s3:GetObject", "s3:Get*"], "arn:aws:s3:::shop/in/1"), {
          Effect: "Deny",
          NotAction: "s3:GetObject",
          Resource: "*",
        }),
        resource("aws:iam/role:Role", "open", { assumeRolePolicy: document(trust) }, { arn: "open" }),
        resource("aws:sns/topicPolicy:TopicPolicy", "receipts", {
          arn: topic,
          policy: document({ Effect: "Deny", Principal: "*", Action: "sns:?ublish", Resource: topic }),
        }),
        resource("aws:kms/key:Key", "key", {}, { arn: KEY_ARN }),
      ),
    );

    expect(patterns.map(({ owner, effect, action }) => `${owner}: ${effect} ${action}`)).to.deep.equal([
      "role reader: Allow s3:Get*",
      "role reader: Deny all but s3:GetObject",
      "trust in role open: Allow sts:*",
      "topic receipts: Deny sns:?ublish",
      "key key: Allow kms:*",
    ]);
  });

  it("finds a grant on every resource too wide, unless AWS allows the action on * only", () => {
    const worker = (action: string) => graphOf(...role("worker", allow(action, "*")));

    expect(isTooWide(iamReport(worker("sns:Subscribe")))).to.equal(true);
    expect(isTooWide(iamReport(worker("xray:PutTraceSegments")))).to.equal(false);
  });

  it("exits with 1 where an action has a *, and names it", async () => {
    const { code, out } = await run([], "test/fixtures/wide");

    expect(code).to.equal(1);
    expect(out).to.match(/Actions with a \*\n.*\n {2}topic receipts +deny +sns:\*\n$/);
  });

  it("exits with 0 where none has", async () => {
    const { code, out } = await run([]);

    expect(code).to.equal(0);
    expect(out).to.match(/Actions with a \*\n {2}none\n$/);
  });

  it("names the stacks that there are, and exits with 2", async () => {
    const { code, ...said } = await run(["--stack", "moon"]);

    expect([code, said.out]).to.deep.equal([2, ""]);
    expect(said.error).to.match(/stack "moon" does not exist \(existing stacks: dev, local, prod\)\n$/);
  });
});

const run = (argv: readonly string[], directory = ".") =>
  runCommandLine(["iam", ...argv], { projectDirectory: join(process.cwd(), directory) });
