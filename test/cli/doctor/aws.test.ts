import { GetMetricDataCommand, type GetMetricDataCommandInput } from "@aws-sdk/client-cloudwatch";
import { expect } from "chai";
import { ACTIONS } from "../../../cli/doctor.ts";
import { examined } from "./aws-account.ts";
import { NOW } from "./support.ts";

describe("the doctor on AWS", () => {
  it("asks what its help says and nothing else, and decrypts nothing", async () => {
    const { calls, findings } = await examined();

    expect([...new Set(calls.map(({ action }) => action))].sort()).to.deep.equal([...ACTIONS]);
    const parameter = calls.find(({ action }) => action === "ssm:GetParameter");
    expect(parameter?.input).to.deep.equal({ Name: "/stormwire/dev/api-key", WithDecryption: false });
    expect(JSON.stringify(findings)).not.to.match(/planted|ana@|ops@/);
  });

  it("finds what AWS says of each part", async () => {
    const { rows, calls } = await examined();

    const states = Object.values(rows).map(({ check, state }) => `${state} ${check}`);
    expect(states.filter((one) => !one.startsWith("ok "))).to.deep.equal([
      "warn quarantine",
      "warn days observations",
    ]);
    expect(rows["iterator age alert"]?.found, "the newest value comes first").to.match(/^2 seconds behind/);
    expect(rows.alarms?.found).to.equal("none of 101 rings");
    const describing = calls.filter(({ action }) => action === "cloudwatch:DescribeAlarms");
    expect(describing.map(({ input }) => (input.AlarmNames as string[]).length)).to.deep.equal([100, 1]);
    expect(rows["days observations"]?.found).to.match(/1 stale: 2024-05-07$/);
  });

  it("sees that nothing was read of what was sent a while ago, function by function", async () => {
    const ago = (minutes: number) => new Date(NOW.getTime() - minutes * 60_000);
    const values: Record<string, number[]> = {
      "Stormwire ObservationsSent produce-0c1c1c1 Sum": [4, 2, 1],
      "AWS/Lambda Invocations alert-0d0d0d0 Sum": [3],
      "Stormwire ApiCallsLeftToday produce-0c1c1c1 Minimum": [400, 401],
    };
    const asked: string[] = [];
    const answer = ({ MetricDataQueries: [query] = [] }: GetMetricDataCommandInput) => {
      const { Metric, Stat } = query?.MetricStat ?? {};
      const [dimension] = Metric?.Dimensions ?? [];
      const metric = [Metric?.Namespace, Metric?.MetricName, dimension?.Value, Stat].join(" ");
      asked.push(`${metric} ${dimension?.Name}`);
      return {
        MetricDataResults: [{ Values: values[metric] ?? [], Timestamps: [ago(5), ago(20), ago(25)] }],
      };
    };

    const { rows } = await examined([GetMetricDataCommand, answer]);

    expect([...new Set(asked)].sort()).to.deep.equal([
      "AWS/Lambda Invocations alert-0d0d0d0 Sum FunctionName",
      "AWS/Lambda Invocations archive-0e0e0e0 Sum FunctionName",
      "AWS/Lambda IteratorAge alert-0d0d0d0 Maximum FunctionName",
      "AWS/Lambda IteratorAge archive-0e0e0e0 Maximum FunctionName",
      "Stormwire ApiCallsLeftToday produce-0c1c1c1 Minimum service",
      "Stormwire DoubtfulValues archive-0e0e0e0 Sum service",
      "Stormwire ErroneousValues archive-0e0e0e0 Sum service",
      "Stormwire ObservationsSent produce-0c1c1c1 Sum service",
    ]);
    // What was sent five minutes ago may still wait for its batch.
    expect(rows["invocations archive"]).to.include({
      state: "fail",
      found: "none in the last 3 hours, though 3 observations were sent",
    });
    expect(rows["invocations alert"]).to.include({ state: "ok" });
    expect(rows["calls left"]).to.include({ state: "ok", found: "400 of 500 at 2024-05-08 09:55 UTC" });
  });

  it("asks for the mappings by their ids", async () => {
    const { calls } = await examined();

    const asked = calls.filter(({ action }) => action === "lambda:GetEventSourceMapping");
    expect(asked.map(({ input }) => input.UUID)).to.deep.equal(["uuid-of-alert", "uuid-of-archive"]);
  });
});
