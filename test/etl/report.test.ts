import { expect } from "chai";
import { type JobReport, jobReportSchema, metricLines, reportKey } from "../../etl/report.ts";
import { runWithJob } from "./python.ts";

/** No two values of a table are equal, so that none can stand for another. */
const REPORT: JobReport = jobReportSchema.parse({
  run: "jr_1",
  engine: "spark",
  startedAt: "2024-05-08T00:34:10.257Z",
  seconds: 41.703,
  dryRun: false,
  from: null,
  to: "2024-05-07",
  tables: {
    observations: {
      stale: ["2024-05-06", "2024-05-07"],
      rebuilt: ["2024-05-06", "2024-05-07"],
      frozen: ["2024-05-01"],
      upToDate: 6,
      reasons: { "2024-05-07": "new" },
      linesIn: 59,
      rowsOut: 47,
      duplicates: 9,
      rejected: 3,
      skipped: 4,
      skippedKeys: ["raw/notes.txt"],
      seconds: 30.25,
    },
    alerts: {
      stale: [],
      rebuilt: [],
      frozen: [],
      upToDate: 8,
      reasons: {},
      linesIn: 0,
      rowsOut: 0,
      duplicates: 0,
      rejected: 0,
      skipped: 0,
      skippedKeys: [],
      seconds: 0,
    },
  },
});

describe("the report of a run", () => {
  it("becomes one metric per value of a table", () => {
    const [observations = "", ...others] = metricLines("etl-1", REPORT);

    expect(others).to.have.length(1);
    expect(JSON.parse(observations)).to.deep.equal({
      _aws: {
        Timestamp: 1715128450257,
        CloudWatchMetrics: [
          {
            Namespace: "Stormwire",
            Dimensions: [["service", "table"]],
            Metrics: [
              ...["RebuiltDays", "FrozenDays", "LinesIn", "RowsOut", "Duplicates", "Rejected", "Skipped"].map(
                (Name) => ({ Name, Unit: "Count" }),
              ),
              { Name: "Seconds", Unit: "Seconds" },
            ],
          },
        ],
      },
      service: "etl-1",
      table: "observations",
      run: "jr_1",
      RebuiltDays: 2,
      FrozenDays: 1,
      LinesIn: 59,
      RowsOut: 47,
      Duplicates: 9,
      Rejected: 3,
      Skipped: 4,
      Seconds: 30.25,
    });
  });

  it("has the name and the metrics that the Spark job gives it", function () {
    const answer = runWithJob(
      this,
      "print(json.dumps([job.report_key(given), *map(json.loads, job.metric_lines('etl-1', given))]))",
      REPORT,
    );

    expect(JSON.parse(answer)).to.deep.equal([
      reportKey(REPORT),
      ...metricLines("etl-1", REPORT).map((line) => JSON.parse(line)),
    ]);
  });
});
