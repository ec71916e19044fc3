import { expect } from "chai";
import { ACCEPTED_FINDINGS } from "../../cli/docs/accepted-findings.ts";
import type { Graph } from "../../local/graph.ts";
import { isAws } from "./deployment/deploy.ts";
import { cfnLintFindings, REGIONS } from "./judges/cfn-lint.ts";
import { checkovVerdict } from "./judges/checkov.ts";
import { cloudFormation, type Template } from "./judges/cloudformation.ts";
import { judgedGraph } from "./judges/graph.ts";
import { obtainCfnLint, obtainCheckov, obtainParliament } from "./judges/install.ts";
import { parliamentFindings, policiesOf } from "./judges/parliament.ts";
import { describeEngine } from "./support/unavailable.ts";

const TIMES = { installMilliseconds: 600_000, timeoutMilliseconds: 120_000 };

describe("outside judges", () => {
  let graph: Graph;

  before(async function () {
    this.timeout(TIMES.timeoutMilliseconds);
    graph = await judgedGraph();
  });

  describeEngine("parliament", { obtain: obtainParliament, ...TIMES }, (python) => {
    it("finds nothing in any policy of roles, buckets, topics and keys", async () => {
      const policies = policiesOf(graph);

      const findings = await parliamentFindings(python(), policies);

      const faulty = Object.entries(findings).filter(([, found]) => found.length > 0);
      const statements = Object.values(policies).flatMap(({ Statement }) => Statement);
      console.log(
        `      ${Object.keys(policies).length} policies, ${statements.length} statements, ${faulty.length} with findings`,
      );
      expect(Object.fromEntries(faulty)).to.deep.equal({});
      expect(Object.keys(findings)).to.have.members(Object.keys(policies));
      expect(new Set(Object.keys(policies).map((name) => name.split(" ")[0]))).to.have.all.keys(
        "aws:iam/role:Role",
        "aws:iam/rolePolicy:RolePolicy",
        "aws:kms/key:Key",
        "aws:s3/bucketPolicy:BucketPolicy",
        "aws:sns/topicPolicy:TopicPolicy",
      );
    });

    it("finds an action that does not exist, and a resource and a condition key that do not fit", async () => {
      const bucket = { Effect: "Allow", Action: "s3:ListBucket", Resource: "arn:aws:s3:::lake" };
      const policy = (statement: object) => ({
        Version: "2012-10-17",
        Statement: [{ ...bucket, ...statement }],
      });

      const findings = await parliamentFindings(python(), {
        right: policy({}),
        action: policy({ Action: "s3:ListTheBucket" }),
        resource: policy({ Resource: "arn:aws:s3:::lake/raw/*" }),
        condition: policy({ Condition: { StringEquals: { "sns:Protocol": "email" } } }),
      });

      expect(findings.right).to.deep.equal([]);
      expect(findings.action?.join()).to.match(/UNKNOWN_ACTION/);
      expect(findings.resource?.join()).to.match(/RESOURCE_MISMATCH/);
      expect(findings.condition?.join()).to.match(/UNKNOWN_CONDITION_FOR_ACTION/);
    });
  });

  describeEngine("checkov", { obtain: obtainCheckov, ...TIMES }, (python) => {
    it("finds what the table of docs/security.md accepts, and nothing else", async () => {
      const { passed, resources, failed } = await checkovVerdict(python(), graph);

      const accepted = ACCEPTED_FINDINGS.map(({ check, resource }) => `${check} ${resource}`);
      const count = [...failed.values()].flat().length;
      console.log(`      ${passed} checks pass; ${count} fail, of ${failed.size} kinds:`);
      for (const [finding, names] of failed) console.log(`        ${names.length} ${finding}`);
      expect(resources).to.equal(graph.resources.filter(isAws).length);
      expect(
        Object.fromEntries([...failed].filter(([finding]) => !accepted.includes(finding))),
      ).to.deep.equal({});
      expect(
        accepted.filter((finding) => !failed.has(finding)),
        "rows that no finding needs",
      ).to.deep.equal([]);
    });

    it("finds a bucket that is not closed to the public, which takes two resources to see", async () => {
      const open = graph.resources.filter(({ type }) => !type.endsWith(":BucketPublicAccessBlock"));

      const { failed } = await checkovVerdict(python(), { ...graph, resources: open });

      expect(failed.get("CKV2_AWS_6 aws_s3_bucket")).to.deep.equal(["lake"]);
    });
  });

  describeEngine("cfn-lint", { obtain: obtainCfnLint, ...TIMES }, (python) => {
    it("finds nothing in the resources that CloudFormation has", async () => {
      const { template, skipped } = cloudFormation(graph);

      const findings = await cfnLintFindings(python(), template);

      console.log(
        `      ${Object.keys(template.Resources).length} resources in ${REGIONS.join(", ")}; skipped:`,
      );
      for (const [type, reason] of skipped) console.log(`        ${type}: ${reason}`);
      expect(findings).to.deep.equal([]);
    });

    it("finds a value, a name and a length that AWS refuses, and a type that a region lacks", async () => {
      const template: Template = {
        AWSTemplateFormatVersion: "2010-09-09",
        Resources: {
          Right: { Type: "AWS::SNS::Topic", Properties: { TopicName: "alerts" } },
          Value: {
            Type: "AWS::Kinesis::Stream",
            Properties: { StreamModeDetails: { StreamMode: "MANUAL" } },
          },
          Name: { Type: "AWS::SNS::Topic", Properties: { Title: "alerts" } },
          Length: {
            Type: "AWS::Events::Rule",
            Properties: { Name: "r".repeat(65), ScheduleExpression: "rate(1 hour)" },
          },
          Region: { Type: "AWS::AppFabric::AppAuthorization", Properties: {} },
        },
      };

      const findings = await cfnLintFindings(python(), template);

      const faulty = findings.map((finding) => /Resources\/(\w+)/.exec(finding)?.[1]);
      expect(new Set(faulty)).to.have.all.keys("Value", "Name", "Length", "Region");
      expect(findings.join("\n")).to.match(/does not exist in.*sa-east-1/);
    });
  });
});
