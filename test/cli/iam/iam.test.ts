import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { formatReport, toJson } from "../../../cli/iam/format.ts";
import { main } from "../../../cli/iam/main.ts";
import { iamReport } from "../../../cli/iam/report.ts";
import { standInsForSecrets } from "../../../cli/iam/sealed-config.ts";
import { allow, graphOf, KEY_ARN, resource, role } from "../../local/endpoint/support.ts";

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

  it("lists what is granted on everything, with AWS's reason or without any", () => {
    const report = iamReport(graph);

    expect(report.wide.map(({ action, review }) => [action, review?.reason])).to.deep.equal([
      ["sns:Subscribe", undefined],
      ["xray:PutTraceSegments", "X-Ray has no resources that a policy could name"],
    ]);
    expect(formatReport(report)).to.match(/worker +sns:Subscribe +nobody has said why/);
    expect(JSON.parse(toJson(report)).wide[0]).to.deep.equal({
      role: "worker",
      action: "sns:Subscribe",
      resource: "*",
      reason: null,
      source: null,
    });
  });

  it("lists what resources say themselves", () => {
    expect(formatReport(iamReport(graph)))
      .to.match(/key key +allow +the account +kms:\* +AWS's default/)
      .and.match(/function counter +allow +sns.amazonaws.com +lambda:InvokeFunction +for topic receipts/);
  });

  it("names the stacks that there are, and exits with 2", async () => {
    const said = { out: "", error: "" };
    const code = await main(["--stack", "moon"], {
      projectDirectory: process.cwd(),
      out: (text) => {
        said.out += text;
      },
      error: (text) => {
        said.error += text;
      },
    });

    expect([code, said.out]).to.deep.equal([2, ""]);
    expect(said.error).to.match(/there is no stack "moon" \(there are: dev, local, prod\)\n$/);
  });

  it("needs no secret of the stack: what is encrypted or missing is stood in for", async () => {
    const directory = await mkdtemp(join(tmpdir(), "sealed-"));
    const sealed = "{ secure: AAABAJ8 }";
    await writeFile(
      join(directory, "Pulumi.sea.yaml"),
      `config:
  stormwire:poll: rate(1 hour)
  stormwire:opsEmail: ${sealed}
  stormwire:subscriptions:
    ana: { sms: ${sealed}, level: red }
`,
    );
    const standIns = await standInsForSecrets(directory, "sea");
    await rm(directory, { recursive: true });

    expect(standIns).to.deep.equal({
      "stormwire:apiKey": "unset",
      "stormwire:poll": "rate(1 hour)",
      "stormwire:opsEmail": "unset@example.org",
      "stormwire:subscriptions": { ana: { sms: "+12025550100", level: "red" } },
    });
    expect(await standInsForSecrets(directory, "none")).to.deep.equal({ "stormwire:apiKey": "unset" });
  });
});
