import {
  CloudWatchServiceException,
  DescribeAlarmsCommand,
  GetMetricDataCommand,
} from "@aws-sdk/client-cloudwatch";
import { EntityNotFoundException, GetCrawlerCommand, GetJobRunsCommand } from "@aws-sdk/client-glue";
import {
  GetEventSourceMappingCommand,
  LambdaServiceException,
  ResourceNotFoundException,
} from "@aws-sdk/client-lambda";
import { GetParameterCommand, ParameterNotFound } from "@aws-sdk/client-ssm";
import { expect } from "chai";
import { type Answers, examined } from "./aws-account.ts";

const METADATA = { $metadata: {} };

/** A symptom, the answer that shows it, its row, and what that says. */
const symptoms: [string, Answers[number], string, string, RegExp][] = [
  [
    "a crawler that runs",
    [GetCrawlerCommand, () => ({ Crawler: { State: "RUNNING" } })],
    "crawler raw",
    "ok",
    /^RUNNING$/,
  ],
  [
    "a crawler that never ran",
    [GetCrawlerCommand, () => ({ Crawler: { State: "READY" } })],
    "crawler gold",
    "unknown",
    /not run yet/,
  ],
  [
    "a job that failed",
    [GetJobRunsCommand, () => ({ JobRuns: [{ JobRunState: "FAILED", ErrorMessage: "no raw" }] })],
    "job",
    "fail",
    /^FAILED: no raw$/,
  ],
  [
    "a job that is gone",
    [
      GetJobRunsCommand,
      () => {
        throw new EntityNotFoundException({ message: "no job", ...METADATA });
      },
    ],
    "job",
    "unknown",
    /^etl-0c0c0c0 is gone: run pulumi up --refresh --stack dev$/,
  ],
  [
    "a key that is gone",
    [
      GetParameterCommand,
      () => {
        throw new ParameterNotFound({ message: "no", ...METADATA });
      },
    ],
    "api key",
    "fail",
    /is gone/,
  ],
  [
    "no metric",
    [GetMetricDataCommand, () => ({ MetricDataResults: [{ Values: [] }] })],
    "iterator age alert",
    "unknown",
    /nothing was read/,
  ],
  [
    "a mapping that is gone",
    [
      GetEventSourceMappingCommand,
      () => {
        throw new ResourceNotFoundException({ message: "no", ...METADATA });
      },
    ],
    "mapping alert",
    "fail",
    /^is gone/,
  ],
  [
    "a mapping that it may not ask for",
    [
      GetEventSourceMappingCommand,
      () => {
        const name = "AccessDeniedException";
        throw new LambdaServiceException({ name, message: "no", $fault: "client", ...METADATA });
      },
    ],
    "mapping archive",
    "unknown",
    /^Lambda says AccessDeniedException: no$/,
  ],
  [
    "alarms that are gone",
    [DescribeAlarmsCommand, () => ({ MetricAlarms: [] })],
    "alarm watch-100",
    "warn",
    /is gone/,
  ],
  [
    "a permission that it lacks",
    [
      GetMetricDataCommand,
      () => {
        const name = "AccessDenied";
        throw new CloudWatchServiceException({ name, message: "no", $fault: "client", ...METADATA });
      },
    ],
    "iterator age archive",
    "unknown",
    /^CloudWatch says AccessDenied: no$/,
  ],
];

describe("the doctor on AWS, symptom by symptom", () => {
  for (const [what, change, check, state, found] of symptoms) {
    it(`sees ${what}`, async () => {
      const { rows } = await examined(change);

      expect(rows[check]).to.include({ state });
      expect(rows[check]?.found).to.match(found);
      expect(rows.quota).to.include({ state: "ok" });
    });
  }
});
