import { expect } from "chai";
import { LIMITS, OWN_LIMITS } from "../../config/limits.ts";
import { PUT_RECORDS_BYTES, PUT_RECORDS_RECORDS, RECORD_BYTES } from "../../handlers/clients/limits.ts";
import { LIMITS as KINESIS } from "../../local/kinesis/input.ts";
import { LIMITS as MAPPING } from "../../local/lambda/mapping/configuration.ts";
import * as SNS from "../../local/sns/limits.ts";
import { failure, good, parse } from "../infra/stack-config.ts";
import { AWS_CONFIG_CASES } from "./limits/aws-config-cases.ts";
import type { ConfigCase } from "./limits/case.ts";
import { CODE_CASES } from "./limits/code-cases.ts";
import { OWN_CONFIG_CASES } from "./limits/own-config-cases.ts";

describe("limits", () => {
  for (const [table, limits, cases] of [
    ["LIMITS", LIMITS, AWS_CONFIG_CASES],
    ["OWN_LIMITS", OWN_LIMITS, OWN_CONFIG_CASES],
  ] as const) {
    it(`of ${table} each have a case at both ends`, () => {
      const ends = (limit: object) => ["minimum", "maximum"].filter((end) => end in limit);
      expect(Object.keys(cases)).to.have.members(Object.keys(limits));
      for (const [key, limit] of Object.entries(limits)) {
        expect(
          cases[key]?.flatMap((one) => ends(one.ends)),
          key,
        ).to.include.members(ends(limit));
      }
    });
  }

  it("are the same in the local run", () => {
    expect({
      batchRecords: MAPPING.batchSize,
      batchWindow: MAPPING.batchingWindowSeconds,
      filterCombinations: SNS.FILTER_COMBINATIONS_LIMIT,
      filterPolicies: SNS.FILTER_POLICIES_PER_TOPIC_LIMIT,
      putRecords: KINESIS.putRecordsEntries,
      putRecordsBytes: KINESIS.putRecordsBytes,
      record: KINESIS.recordBytes,
    }).to.deep.equal({
      batchRecords: LIMITS.batchRecords.maximum,
      batchWindow: LIMITS.batchWindow.maximum,
      filterCombinations: LIMITS.filterCombinations.maximum,
      filterPolicies: LIMITS.filterPolicies.maximum,
      putRecords: PUT_RECORDS_RECORDS,
      putRecordsBytes: PUT_RECORDS_BYTES,
      record: RECORD_BYTES,
    });
  });

  describe("of config", () => {
    for (const cases of [...Object.values(AWS_CONFIG_CASES), ...Object.values(OWN_CONFIG_CASES)]) {
      for (const one of cases) checkEnds(one);
    }

    it("logRetentionDays: accepts each period that CloudWatch Logs knows, and not a day more or less", () => {
      const days: readonly number[] = LIMITS.logRetention.values;
      for (const logRetentionDays of days) {
        expect(parse({ ...good, logRetentionDays }).logRetentionDays).to.equal(logRetentionDays);
      }
      for (const one of days.flatMap((day) => [day - 1, day + 1]).filter((day) => !days.includes(day))) {
        const [problem] = failure({ ...good, logRetentionDays: one }).problems;
        expect(problem, String(one)).to.include({ found: String(one) });
        expect(problem?.allowed, String(one)).to.include("one of 1, 3, 5");
      }
    });
  });

  describe("of calls and messages", () => {
    for (const [key, cases] of Object.entries(CODE_CASES)) {
      for (const { does, holds } of cases) it(`${key}: ${does}`, holds);
    }
  });
});

function checkEnds({ path, ends, config, found = String, step = 1 }: ConfigCase): void {
  const tries = [
    { end: ends.minimum, past: (ends.minimum ?? 0) - step },
    { end: ends.maximum, past: (ends.maximum ?? 0) + step },
  ];
  for (const { end, past } of tries) {
    if (end === undefined) continue;

    it(`${path}: accepts ${end}`, () => {
      parse({ ...good, ...config(end) });
    });

    it(`${path}: rejects ${past} with the field, the value and what is allowed`, () => {
      const { problems } = failure({ ...good, ...config(past) });

      expect(problems.map((problem) => problem.path.join("."))).to.satisfy(
        ([first, ...others]: string[]) =>
          others.length === 0 && (first === path || first?.startsWith(`${path}.`)),
        `of ${path} alone`,
      );
      expect(String(problems[0]?.found)).to.include(found(past));
      expect(problems[0]?.allowed).to.match(new RegExp(`\\b${end}\\b`));
    });
  }
}
