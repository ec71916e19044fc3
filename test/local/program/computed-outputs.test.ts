import { expect } from "chai";
import { computedOutputs } from "../../../local/program/computed-outputs.ts";

const place = { region: "sa-east-1", accountId: "123456789012" };

/** Forms of ARNs: https://docs.aws.amazon.com/service-authorization/latest/reference/reference_policies_actions-resources-contextkeys.html */
const ARNS: readonly (readonly [type: string, output: string, arn: string])[] = [
  ["aws:cloudwatch/dashboard:Dashboard", "dashboardArn", "arn:aws:cloudwatch::123456789012:dashboard/sales"],
  ["aws:cloudwatch/metricAlarm:MetricAlarm", "arn", "arn:aws:cloudwatch:sa-east-1:123456789012:alarm:sales"],
  ["aws:iam/role:Role", "arn", "arn:aws:iam::123456789012:role/sales"],
  ["aws:kinesis/stream:Stream", "arn", "arn:aws:kinesis:sa-east-1:123456789012:stream/sales"],
  ["aws:s3/bucket:Bucket", "arn", "arn:aws:s3:::sales"],
];

describe("computed outputs", () => {
  for (const [type, output, arn] of ARNS) {
    it(`gives ${type} its ${output}`, () => {
      const outputs = computedOutputs("urn:pulumi:test::orders::x::sales", type, "sales", {}, place);

      expect(outputs[output]).to.equal(arn);
    });
  }

  it("names a dashboard by its name in the program", () => {
    const inputs = { dashboardName: "sales-2024" };
    const outputs = computedOutputs("urn", "aws:cloudwatch/dashboard:Dashboard", "sales", inputs, place);

    expect(outputs).to.include({ id: "sales-2024", dashboardName: "sales-2024" });
  });
});
