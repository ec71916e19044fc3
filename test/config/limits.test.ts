import { expect } from "chai";
import { LIMITS } from "../../config/limits/aws.ts";
import type { AwsLimit, Limit } from "../../config/limits/limit.ts";
import { OWN_LIMITS } from "../../config/limits/own.ts";
import { LIMITS as KINESIS } from "../../local/kinesis/input.ts";
import { LIMITS as MAPPING } from "../../local/lambda/mapping/configuration.ts";
import * as S3 from "../../local/s3/limits.ts";
import * as SNS from "../../local/sns/limits.ts";
import { failure, good, parse } from "../infra/stack-config.ts";
import { AWS_CONFIG_CASES } from "./limits/aws-config-cases.ts";
import type { ConfigCase } from "./limits/case.ts";
import { CODE_CASES } from "./limits/code-cases.ts";
import { OWN_CONFIG_CASES } from "./limits/own-config-cases.ts";

const AWS: Readonly<Record<string, AwsLimit>> = LIMITS;
const TABLES: readonly [string, Readonly<Record<string, Limit>>, typeof AWS_CONFIG_CASES][] = [
  ["AWS", AWS, AWS_CONFIG_CASES],
  ["config of its own", OWN_LIMITS, OWN_CONFIG_CASES],
];

/** Of limits that the local run refuses by, too. */
const LOCAL = {
  batchRecords: MAPPING.batchSize,
  batchWindow: MAPPING.batchingWindowSeconds,
  putRecords: KINESIS.putRecordsEntries,
  putRecordsBytes: KINESIS.putRecordsBytes,
  record: KINESIS.recordBytes,
  partitionKey: KINESIS.partitionKeyCharacters,
  deleteObjects: S3.DELETE_OBJECTS_LIMIT,
  filterAttributes: SNS.FILTER_ATTRIBUTE_NAMES_LIMIT,
  filterCombinations: SNS.FILTER_COMBINATIONS_LIMIT,
  filterPolicies: SNS.FILTER_POLICIES_PER_TOPIC_LIMIT,
  message: SNS.MESSAGE_LIMIT_BYTES,
  subject: SNS.SUBJECT_LIMIT_CHARACTERS - 1, // "less than"
} satisfies Partial<Record<keyof typeof LIMITS, number>>;

describe("limits", () => {
  it("each have a case, and each case its limit", () => {
    expect(Object.keys({ ...AWS_CONFIG_CASES, ...CODE_CASES })).to.have.members(Object.keys(LIMITS));
    expect(Object.keys(OWN_CONFIG_CASES)).to.have.members(Object.keys(OWN_LIMITS));
    for (const [key, { cases }] of Object.entries(CODE_CASES)) expect(cases, key).not.to.deep.equal([]);
    for (const [key, { figures, cases }] of Object.entries({ ...AWS_CONFIG_CASES, ...OWN_CONFIG_CASES })) {
      for (const end of ["minimum", "maximum"] as const) {
        if (figures[end] === undefined) continue;
        expect(
          cases.filter(({ ends }) => ends[end] !== undefined),
          `${key}: ${end}`,
        ).not.to.deep.equal([]);
      }
    }
  });

  it("of AWS are each said by a page of AWS's or of the provider's", () => {
    for (const { what, link } of Object.values(AWS)) {
      expect(link, what).to.match(/^https:\/\/(docs\.aws\.amazon\.com|www\.pulumi\.com\/registry)\/.+/);
    }
  });

  it("are those of the local run", () => {
    for (const [key, figure] of Object.entries(LOCAL)) expect(AWS[key]?.maximum, key).to.equal(figure);
  });

  for (const [whose, limits, allCases] of TABLES) {
    describe(`of ${whose}`, () => {
      for (const [key, { figures, cases }] of Object.entries(allCases)) {
        it(`${key}: the table has its figures`, () => {
          expect(figuresOf(limits[key])).to.deep.equal(figures);
        });
        for (const one of cases) checkEnds(one);
      }
    });
  }

  describe("that code comes up against", () => {
    for (const [key, { figures, cases }] of Object.entries(CODE_CASES)) {
      it(`${key}: the table has its figures`, () => {
        expect(figuresOf(AWS[key])).to.deep.equal(figures);
      });
      for (const { does, holds } of cases) it(`${key}: ${does}`, holds);
    }
  });

  it("logRetention: each period that is allowed is taken, a day more or less is not", () => {
    const days = AWS_CONFIG_CASES.logRetention?.figures.values ?? [];
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

function figuresOf(limit: Limit | AwsLimit | undefined): object {
  const isFigure = ([key]: [string, unknown]) => ["minimum", "maximum", "values"].includes(key);
  return Object.fromEntries(Object.entries(limit ?? {}).filter(isFigure));
}

function checkEnds({ path, ends, config, found = String, step = 1 }: ConfigCase): void {
  const tries = [
    { end: ends.minimum, past: (ends.minimum ?? 0) - step },
    { end: ends.maximum, past: (ends.maximum ?? 0) + step },
  ];
  for (const { end, past } of tries) {
    if (end === undefined) continue;

    it(`${path}: ${end} is taken`, () => {
      parse({ ...good, ...config(end) });
    });

    it(`${path}: ${past} is refused, with field, value and what is allowed`, () => {
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
