import { expect } from "chai";
import { METRICS } from "../../../handlers/clients/metric-names.ts";
import { counted, createMeter } from "../../../handlers/clients/metrics.ts";
import { createFakeMeter } from "../support/meter.ts";

/** What is written to stdout meanwhile. */
function written(work: () => void): string[] {
  const { write } = process.stdout;
  const lines: string[] = [];
  process.stdout.write = ((chunk: string | Uint8Array) => lines.push(String(chunk)) > 0) as typeof write;
  try {
    work();
  } finally {
    process.stdout.write = write;
  }
  return lines;
}

describe("metrics", () => {
  afterEach(() => {
    delete process.env.AWS_LAMBDA_FUNCTION_NAME;
  });

  it("are one line in the embedded metric format, with the function's name as the only dimension", () => {
    process.env.AWS_LAMBDA_FUNCTION_NAME = "archive-1a2b3c4";
    const meter = createMeter("archive");
    const lines = written(() => {
      meter.add("ArchivedRows", 3);
      meter.add("QuarantinedRecords", 1);
      meter.publish();
    });

    expect(lines).to.have.lengthOf(1);
    const { _aws, ...values } = JSON.parse(lines[0] ?? "");
    expect(_aws.CloudWatchMetrics).to.deep.equal([
      {
        Namespace: "Stormwire",
        Dimensions: [["service"]],
        Metrics: [
          { Name: "ArchivedRows", Unit: "Count" },
          { Name: "QuarantinedRecords", Unit: "Count" },
        ],
      },
    ]);
    expect(values).to.deep.equal({ service: "archive-1a2b3c4", ArchivedRows: 3, QuarantinedRecords: 1 });
  });

  it("leave out a seldom one that is 0, and write nothing when there is nothing", () => {
    const meter = createMeter("archive");
    const lines = written(() => {
      meter.publish();
      meter.add("QuarantinedRecords", 0);
      meter.publish();
      meter.add("ArchivedRows", 0);
      meter.publish();
    });

    expect(lines).to.have.lengthOf(1);
    expect(JSON.parse(lines[0] ?? ""))
      .to.have.property("ArchivedRows", 0)
      .and.not.property("QuarantinedRecords");
  });

  it("begin anew with each invocation", () => {
    const meter = createMeter("watch");
    const lines = written(() => {
      for (const silent of [2, 0]) {
        meter.add("SilentStations", silent);
        meter.publish();
      }
    });

    expect(lines.map((line) => JSON.parse(line).SilentStations)).to.deep.equal([2, 0]);
  });

  it("are published once an invocation, whether it fails or not", async () => {
    const meter = createFakeMeter();
    const handler = counted(meter, async (fails: boolean) => {
      meter.add("Calls", 1);
      if (fails) throw new Error("failed");
    });
    await handler(false);
    const error = await handler(true).catch((caught: unknown) => caught);

    expect(error).to.be.instanceOf(Error);
    expect(meter.published).to.deep.equal([{ Calls: 1 }, { Calls: 1 }]);
  });

  it("are few: CloudWatch bills each by the hour, and ten of them are free", () => {
    const all = Object.values(METRICS).flatMap((metrics) => Object.values(metrics));

    expect(all.filter((frequency) => frequency === "always").length).to.be.at.most(10);
  });
});
