import { expect } from "chai";
import { type JobReport, jobReportSchema, leftOutFigures, metricLines, reportKey } from "../../etl/report.ts";
import { runWithJob } from "./python.ts";

/** No two figures of a table alike, so that none passes for another. */
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
      reasons: { "2024-05-07": ["new: 24 raw objects"] },
      linesIn: 59,
      rowsOut: 47,
      duplicates: 9,
      rejected: 3,
      leftOut: 4,
      leftOutReasons: { "raw/notes.txt": "not year=/month=/day=/hour=/NAME.ndjson.gz" },
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
      leftOut: 0,
      leftOutReasons: {},
      seconds: 0,
    },
  },
});

describe("what a run tells", () => {
  it("is a metric for each figure of a table", () => {
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
              ...["RebuiltDays", "FrozenDays", "LinesIn", "RowsOut", "Duplicates", "Rejected", "LeftOut"].map(
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
      LeftOut: 4,
      Seconds: 30.25,
    });
  });

  it("names the first hundred objects that were left out, and counts them all", function () {
    const leftOut = Array.from({ length: 101 }, (_, index) => ({ key: `raw/${1000 + index}`, reason: "x" }));

    const figures = leftOutFigures(leftOut);
    const answer = runWithJob(
      this,
      "print(json.dumps(job.left_out_figures({item['key']: item['reason'] for item in given})))",
      leftOut,
    );

    expect(figures.leftOut).to.equal(101);
    expect(Object.keys(figures.leftOutReasons)).to.deep.equal(leftOut.slice(0, 100).map(({ key }) => key));
    expect(JSON.parse(answer)).to.deep.equal(figures);
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
