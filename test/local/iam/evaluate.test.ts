import { expect } from "chai";
import { NotEmulatedError } from "../../../local/endpoint/error.ts";
import { evaluateIdentity, evaluateResource, type Verdict } from "../../../local/iam/evaluate.ts";
import { PolicyDocumentError, parsePolicy } from "../../../local/iam/policy.ts";
import { rejection } from "../endpoint/rejection.ts";

const OBJECT = "arn:aws:s3:::lake/raw/a.gz";
const GET = { action: "s3:GetObject", resource: OBJECT };
const CONTEXT = {
  "aws:securetransport": "true",
  "aws:principalarn": "arn:aws:iam::123456789012:role/reader",
  "aws:sourcearn": undefined,
};

interface Case {
  readonly title: string;
  readonly statements: readonly Record<string, unknown>[];
  readonly verdict: Verdict;
}

const allow = (more: Record<string, unknown> = {}) => ({
  Effect: "Allow",
  Action: "s3:GetObject",
  Resource: OBJECT,
  ...more,
});
const deny = (more: Record<string, unknown> = {}) => ({ ...allow(more), Effect: "Deny" });
const when = (operator: string, key: string, value: unknown) => ({
  Condition: { [operator]: { [key]: value } },
});

const CASES: readonly Case[] = [
  { title: "no statement is no", statements: [], verdict: "silent" },
  { title: "an exact match allows", statements: [allow()], verdict: "allow" },
  { title: "another action does not", statements: [allow({ Action: "s3:PutObject" })], verdict: "silent" },
  { title: "another resource does not", statements: [allow({ Resource: `${OBJECT}x` })], verdict: "silent" },
  {
    title: "a prefix is no match",
    statements: [allow({ Resource: "arn:aws:s3:::lake/raw" })],
    verdict: "silent",
  },
  { title: "actions ignore case", statements: [allow({ Action: "S3:getobject" })], verdict: "allow" },
  { title: "resources do not", statements: [allow({ Resource: OBJECT.toUpperCase() })], verdict: "silent" },
  { title: "* in an action", statements: [allow({ Action: "s3:Get*" })], verdict: "allow" },
  { title: "* spans slashes", statements: [allow({ Resource: "arn:aws:s3:::lake/*" })], verdict: "allow" },
  {
    title: "? is one character",
    statements: [allow({ Resource: "arn:aws:s3:::lake/raw/?.gz" })],
    verdict: "allow",
  },
  { title: "? is not none", statements: [allow({ Resource: `${OBJECT}?` })], verdict: "silent" },
  {
    title: "a dot is a dot",
    statements: [allow({ Resource: "arn:aws:s3:::lake/raw/aXgz" })],
    verdict: "silent",
  },
  {
    title: "lists are alternatives",
    statements: [allow({ Action: ["s3:X", "s3:GetObject"] })],
    verdict: "allow",
  },
  { title: "deny wins over allow", statements: [allow(), deny()], verdict: "deny" },
  { title: "deny wins in any order", statements: [deny(), allow()], verdict: "deny" },
  {
    title: "NotAction covers every other action",
    statements: [{ Effect: "Allow", NotAction: "iam:*", Resource: "*" }],
    verdict: "allow",
  },
  {
    title: "NotAction leaves out its own",
    statements: [{ Effect: "Allow", NotAction: "s3:Get*", Resource: "*" }],
    verdict: "silent",
  },
  {
    title: "NotResource leaves out its own",
    statements: [{ Effect: "Allow", Action: "*", NotResource: "arn:aws:s3:::lake/raw/*" }],
    verdict: "silent",
  },
  {
    title: "a condition that holds",
    statements: [allow(when("Bool", "aws:SecureTransport", true))],
    verdict: "allow",
  },
  {
    title: "TLS-only is met on loopback",
    statements: [allow(), deny(when("Bool", "aws:SecureTransport", "false"))],
    verdict: "allow",
  },
  {
    title: "values are alternatives",
    statements: [allow(when("StringLike", "aws:PrincipalArn", ["x", "arn:aws:iam::*:role/r*"]))],
    verdict: "allow",
  },
  {
    title: "a negated operator rejects any of its values",
    statements: [allow(when("StringNotEquals", "aws:PrincipalArn", ["x", CONTEXT["aws:principalarn"]]))],
    verdict: "silent",
  },
  {
    title: "ArnLike does not reach over a colon",
    statements: [allow(when("ArnLike", "aws:PrincipalArn", "arn:aws:*:role/reader"))],
    verdict: "silent",
  },
  {
    title: "a missing key fails",
    statements: [allow(when("ArnLike", "aws:SourceArn", "*"))],
    verdict: "silent",
  },
  {
    title: "IfExists forgives a missing key",
    statements: [allow(when("ArnLikeIfExists", "aws:SourceArn", "arn:aws:sns:*:*:t"))],
    verdict: "allow",
  },
];

describe("IAM identity policies", () => {
  for (const { title, statements, verdict } of CASES) {
    it(title, () => {
      const parsed = parsePolicy({ Version: "2012-10-17", Statement: statements }, "role reader");

      expect(evaluateIdentity(parsed, GET, CONTEXT)).to.equal(verdict);
    });
  }

  it("come as JSON text and with one statement outside a list", () => {
    const parsed = parsePolicy(JSON.stringify({ Statement: allow() }), "role reader");

    expect(evaluateIdentity(parsed, GET, CONTEXT)).to.equal("allow");
  });

  for (const [what, statement] of [
    ["operator DateGreaterThan", allow(when("DateGreaterThan", "aws:CurrentTime", "2024-01-01T00:00:00Z"))],
    ["key s3:prefix", allow(when("StringEquals", "s3:prefix", "raw/"))],
    ["policy variable", allow({ Resource: "arn:aws:s3:::lake/$" + "{aws:username}" })],
  ] as const) {
    it(`name what is not emulated: ${what}`, async () => {
      const parsed = parsePolicy({ Statement: [statement] }, "role reader");
      const error = await rejection(() => evaluateIdentity(parsed, GET, CONTEXT));

      expect(error).to.be.instanceOf(NotEmulatedError);
      expect(error.message).to.contain(what.split(" ").at(-1) ?? what);
    });
  }

  it("name their owner when malformed", async () => {
    const both = { Statement: [{ ...allow(), NotAction: "s3:*" }] };
    const notJson = await rejection(() => parsePolicy("{", "role reader"));
    const invalid = await rejection(() => parsePolicy(both, "role reader"));

    for (const error of [notJson, invalid]) {
      expect(error).to.be.instanceOf(PolicyDocumentError);
      expect(error.message).to.contain("role reader");
    }
  });
});

describe("IAM resource policies", () => {
  const caller = { accountId: "123456789012", arns: [CONTEXT["aws:principalarn"]] };
  const root = "arn:aws:iam::123456789012:root";
  const cases: readonly (readonly [string, Record<string, unknown>, Verdict])[] = [
    ["everyone", allow({ Principal: "*" }), "allow"],
    ["the role", allow({ Principal: { AWS: CONTEXT["aws:principalarn"] } }), "allow"],
    ["another role", allow({ Principal: { AWS: "arn:aws:iam::123456789012:role/x" } }), "silent"],
    ["a service", allow({ Principal: { Service: "sns.amazonaws.com" } }), "silent"],
    ["the account, which gives a role nothing by itself", allow({ Principal: { AWS: root } }), "silent"],
    ["a denial to the account", deny({ Principal: { AWS: root } }), "deny"],
    ["no principal at all", allow(), "silent"],
  ];
  for (const [title, statement, verdict] of cases) {
    it(title, () => {
      const parsed = parsePolicy({ Statement: [statement] }, "bucket lake");

      expect(evaluateResource(parsed, GET, caller, CONTEXT)).to.equal(verdict);
    });
  }
});
