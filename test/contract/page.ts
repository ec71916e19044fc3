import { code, markdownTable } from "../../cli/docs/markdown.ts";
import { REGION } from "./declared-graph.ts";
import { LIMITS } from "./limits.ts";
import type { Line } from "./line.ts";
import { LINES, SERVICES } from "./lines.ts";
import { PREFIX, TAGS } from "./make/making.ts";
import { KEY_DELETION_DAYS } from "./make/policies.ts";
import { departureOf } from "./ministack.ts";
import { callerActions } from "./permissions.ts";

const introduction = `<!-- Generated from test/contract/ by UPDATE_GOLDEN=1 npx mocha test/local/contract.test.ts: change those. -->
# Contract of the local services, line by line

Each line is a behaviour that AWS documents, written once as calls of the AWS SDK (\`test/contract/\`). It is tested on

- the services of \`local/\`, in \`npm test\`: every line must pass;
- MiniStack 1.5.33, an independent emulator, in \`npm run test:engines\`: the result of each line must be the one in the table,
  so a line that begins to pass fails the test, too;
- AWS itself, [with an account](#running-it-on-aws). This was not run yet, so "passes" means that local/ agrees with our
  reading of the documentation.

*inert*: MiniStack accepts the setting without effect. *wrong*: it does something else. *skipped*: the line cannot be tested,
which does not count as passed.
`;

const deliberate = `## Where the local run differs on purpose

These differences are not lines, because no test of ours could fail on them:

- Time is virtual: a rule with a rate fires first when the run starts, where EventBridge waits one interval; shard iterators
  do not expire; the limits per second (1 MB and 1000 records a shard, five reads) do not throttle. The tests use a switch to
  check that records can be rejected.
- Lambda does not publish how long it waits between retries of a batch; here it is 1 s, doubled up to 300 s.
`;

/** `docs/fidelity-contract.md\`. */
export function contractPage(): string {
  return [introduction, totals(), ...SERVICES.map(section), limits(), deliberate, onAws()].join("\n");
}

function onAws(): string {
  const tags = Object.entries(TAGS).map(([key, value]) => code(`${key}=${value}`));
  const filters = Object.entries(TAGS).map(([key, value]) => `Key=${key},Values=${value}`);
  const policy = {
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Action: callerActions(), Resource: "*" }],
  };
  return `## Running it on AWS

\`\`\`sh
REMOTE=1 npm run test:engines -- --grep "the contract on AWS"
\`\`\`

The tests use the credentials of the environment (\`AWS_PROFILE\`, or keys) and always the region \`${REGION}\`. Each line creates
what it needs and deletes it again. At the end the run names resources that could not be deleted, and fails. Use an empty account:
the lines create users of IAM with access keys, and write more to Kinesis than a shard accepts.

Names begin with \`${PREFIX}\`, and taggable resources have ${tags.join(" and ")}. These commands find what a killed run left:

\`\`\`sh
aws resourcegroupstaggingapi get-resources --region ${REGION} --tag-filters ${filters.join(" ")}
aws scheduler list-schedules --region ${REGION} --name-prefix ${PREFIX}
aws iam list-roles --query "Roles[?starts_with(RoleName, '${PREFIX}')].RoleName"
aws iam list-users --query "Users[?starts_with(UserName, '${PREFIX}')].UserName"
\`\`\`

The first command also finds deleted KMS keys for the ${KEY_DELETION_DAYS} days until their deletion.

The caller needs these actions, which are derived from the calls that the lines and their adapter import:

\`\`\`json
${JSON.stringify(policy, null, 2)}
\`\`\`
`;
}

function totals(): string {
  const outcomes = LINES.map((line) => departureOf(line)?.outcome ?? "passes");
  const count = (outcome: string) => String(outcomes.filter((each) => each === outcome).length);
  return markdownTable(
    ["", "passes", "inert", "wrong", "skipped"],
    [
      ["local/", String(LINES.length), "0", "0", "0"],
      ["MiniStack", count("passes"), count("inert"), count("wrong"), count("skipped")],
    ],
  );
}

function section(service: string): string {
  const rows = LINES.filter((line) => line.service === service).map((line) => [
    line.name,
    "passes",
    theirs(line),
    `[AWS](${line.link})`,
  ]);
  return `## ${service}\n\n${markdownTable(["line", "local/", "MiniStack", "documented"], rows)}`;
}

function theirs(line: Line): string {
  const departure = departureOf(line);
  if (departure === undefined) return "passes";
  return `${departure.outcome}: ${departure.outcome === "skipped" ? departure.reason : departure.found}`;
}

function limits(): string {
  const rows = LIMITS.map(({ service, what, limit, line }) => {
    const link = LINES.find((each) => each.service === service && line.test(each.name))?.link;
    return [service, what, code(limit), `[AWS](${link})`];
  });
  return `## Limits, tried at the limit and one past it\n\n${markdownTable(["service", "what", "limit", "documented"], rows)}`;
}
