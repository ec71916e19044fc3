import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { answerOf, onceTaken } from "./answer.ts";
import type { Backend, Statement } from "./backend.ts";
import { linesOf } from "./line.ts";

const LOGIC = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_evaluation-logic.html";
const RESOURCE = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_resource.html";
const ACTION = "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_action.html";
const CONDITION =
  "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html";
const VALUES =
  "https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-logic-multiple-context-keys-or-values.html";

const REGION = "us-east-1";

const allow = (more: Partial<Statement> = {}): Statement => ({
  Effect: "Allow",
  Action: ["s3:PutObject", "s3:GetObject"],
  Resource: "bucket:lake/*",
  ...more,
});
const when = (Condition: Statement["Condition"] & object) => allow({ Condition });

type Call = "put" | "get" | "list";
type Expected = readonly (readonly [call: Call, key: string, answer: "taken" | "AccessDenied"])[];

/** A line on which a caller with these statements gets these answers. */
const answers = (statements: readonly Statement[], expected: Expected) => async (backend: Backend) => {
  await using world = await backend.open({
    buckets: { lake: ["raw/1", "state/1"] },
    callers: { caller: statements },
  });
  const Bucket = world.name("lake");
  const { s3 } = world.as("caller");
  const calls = {
    put: (Key: string) => s3.send(new PutObjectCommand({ Bucket, Key, Body: "text" })),
    get: async (Key: string) =>
      (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body?.transformToString(),
    list: (Prefix: string) => s3.send(new ListObjectsV2Command({ Bucket, Prefix })),
  };
  const [taken] = expected.filter(([, , answer]) => answer === "taken");
  if (taken !== undefined) await onceTaken(world, () => calls[taken[0]](taken[1]));
  for (const [call, key, answer] of expected)
    expect(await answerOf(calls[call](key)), `${call} ${key}`).to.equal(answer);
};

const allowed: Expected = [
  ["put", "raw/2", "taken"],
  ["get", "raw/1", "taken"],
];
const denied: Expected = [
  ["put", "raw/2", "AccessDenied"],
  ["get", "raw/1", "AccessDenied"],
];

export const IAM = linesOf("IAM", [
  ["No policy: everything is denied", LOGIC, answers([], [...denied, ["list", "raw/", "AccessDenied"]])],
  [
    "A statement allows its actions on its resources and nothing else",
    LOGIC,
    answers(
      [allow({ Resource: "bucket:lake/raw/1" })],
      [
        ["get", "raw/1", "taken"],
        ["put", "raw/1", "taken"],
        ["get", "state/1", "AccessDenied"],
        ["list", "raw/", "AccessDenied"],
      ],
    ),
  ],
  [
    "An explicit deny wins over any allow",
    LOGIC,
    answers(
      [
        { Effect: "Deny", Action: "s3:PutObject", Resource: "bucket:lake/state/*" },
        allow({ Action: "s3:*", Resource: "*" }),
      ],
      [
        ["put", "state/1", "AccessDenied"],
        ["get", "state/1", "taken"],
        ["put", "raw/2", "taken"],
      ],
    ),
  ],
  [
    "* in a resource is any characters, / among them; ? is one",
    RESOURCE,
    answers(
      [allow({ Resource: ["bucket:lake/raw/*", "bucket:lake/state/?"] })],
      [
        ["put", "raw/a/b", "taken"],
        ["put", "state/2", "taken"],
        ["put", "state/22", "AccessDenied"],
        ["put", "raw", "AccessDenied"],
      ],
    ),
  ],
  [
    "* in an action is any characters, and case does not matter",
    ACTION,
    answers(
      [allow({ Action: "S3:getobj*" })],
      [
        ["get", "raw/1", "taken"],
        ["put", "raw/2", "AccessDenied"],
      ],
    ),
  ],
  [
    "An action on the bucket is none on its objects, and the other way round",
    RESOURCE,
    answers(
      [allow({ Action: "s3:*", Resource: "bucket:lake" })],
      [
        ["list", "raw/", "taken"],
        ["get", "raw/1", "AccessDenied"],
      ],
    ),
  ],
  [
    "A condition that holds allows",
    CONDITION,
    answers([when({ StringEquals: { "aws:RequestedRegion": REGION } })], allowed),
  ],
  [
    "A condition that does not hold allows nothing",
    CONDITION,
    answers([when({ StringEquals: { "aws:RequestedRegion": "eu-central-1" } })], denied),
  ],
  [
    "A deny applies only where its condition holds",
    CONDITION,
    answers(
      [
        allow(),
        {
          ...when({ StringNotEquals: { "aws:RequestedRegion": REGION } }),
          Effect: "Deny",
        },
        {
          ...when({ StringEquals: { "aws:RequestedRegion": REGION } }),
          Effect: "Deny",
          Resource: "bucket:lake/state/*",
        },
      ],
      [...allowed, ["get", "state/1", "AccessDenied"]],
    ),
  ],
  [
    "Of a key's values one is enough",
    VALUES,
    answers([when({ StringEquals: { "aws:RequestedRegion": ["eu-central-1", REGION] } })], allowed),
  ],
  [
    "Of several operators and keys all must hold",
    VALUES,
    answers(
      [
        when({
          StringEquals: { "aws:RequestedRegion": REGION },
          ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:group/nobody" },
        }),
      ],
      denied,
    ),
  ],
  [
    "ArnLike on the caller's ARN",
    CONDITION,
    answers([when({ ArnLike: { "aws:PrincipalArn": "arn:aws:iam::*:*/*caller*" } })], allowed),
  ],
  [
    "StringLike with a wildcard",
    CONDITION,
    answers([when({ StringLike: { "aws:RequestedRegion": "us-*" } })], allowed),
  ],
  [
    "A key that the request does not have fails StringEquals",
    CONDITION,
    answers([when({ StringEquals: { "aws:SourceAccount": "123456789012" } })], denied),
  ],
  [
    "A key that the request does not have passes StringEqualsIfExists and StringNotEquals",
    CONDITION,
    answers(
      [
        allow({
          Action: "s3:GetObject",
          Condition: { StringEqualsIfExists: { "aws:SourceAccount": "123456789012" } },
        }),
        allow({
          Action: "s3:PutObject",
          Condition: { StringNotEquals: { "aws:SourceAccount": "123456789012" } },
        }),
      ],
      allowed,
    ),
  ],
]);
