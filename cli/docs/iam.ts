import { EXAMPLE_CONFIG, EXAMPLE_STACK } from "../iam/example.ts";
import { readGraph } from "../iam/graph.ts";
import { type IamReport, iamReport, type WideGrant } from "../iam/report.ts";
import type { ResourceRow } from "../iam/resource-policies.ts";
import { type Reviewed, USED_BY_AWS_ONLY } from "../iam/reviewed.ts";
import type { RoleRow, RoleTable } from "../iam/roles.ts";
import { code, markdownTable } from "./markdown.ts";

const INTRODUCTION = `<!-- Generated from the program's resources by npm run docs: change infra/ or cli/iam/reviewed.ts. -->
# Who may do what

Made of the resources that the program declares for the stack \`${EXAMPLE_STACK}\` with a webhook and a drill more;
\`npm run iam -- --stack NAME\` prints it for your own. No role has a managed policy, no action of any
policy has a \`*\` (the command exits with 1 where one has), and a resource is one resource or what lies below one prefix of
it. What the secrets are and where they lie is in [security.md](security.md).

A run of the tests does everything that a role has a permission for, in thirty virtual hours: it fails when a call is
refused, and when a permission was not needed (but for [those below](#used-by-aws-alone)).
`;

const RESOURCES = `What a resource itself says, whatever the policies of roles are.

\`the account\` by itself allows nobody but its root user: the key's policy says which actions are to be had at all, and
through which service, and those have them whose own policy allows them as well. So a role with \`kms:Decrypt\` can use
the key through the service that its own policy names and for nothing else, and one with \`kms:*\` keeps the key and cannot
decrypt with it except through Kinesis and SNS.
`;

const UNTRIED = `## Not tried on AWS

What a role may do is held against what our own services ask for, and these were written after AWS's documentation. Of the
following it says nothing, or too little; where AWS asks for more, a call is denied:

- **What a crawler calls.** AWS gives one list, the managed policy
  [AWSGlueServiceRole](https://docs.aws.amazon.com/aws-managed-policy/latest/reference/AWSGlueServiceRole.html), with
  \`glue:*\` on everything. Ours is the list of a policy that AWS itself publishes without it, the
  [sample for data collection](https://github.com/awslabs/cid-data-collection-framework), on our own databases instead of
  all. The local crawler calls seven of these actions. Neither has \`s3:GetBucketLocation\`, \`s3:GetBucketAcl\` and
  \`cloudwatch:PutMetricData\` of the managed policy, nor, because every table is
  [declared](decisions/0013-gold-tables-are-declared.md), \`glue:CreateTable\` and \`glue:UpdateTable\`. A crawl
  that is denied one ends as FAILED, and ops are notified; the runbook has [the way back](runbook.md#failed-crawler).
- **What CreateCrawler asks for.** It looks at the crawler's S3 targets with the crawler's role, so that \`pulumi up\` fails
  where the role may not list them ([#30370](https://github.com/hashicorp/terraform-provider-aws/issues/30370),
  [#34530](https://github.com/hashicorp/terraform-provider-aws/issues/34530)). With which prefix it lists is not documented,
  so crawlers may list the whole bucket; they can read their own folders only.
- **That \`s3:prefix\` is the key where an object is missing.** \`watch\` reads \`state/stations.json\`, which its first run
  writes, and \`state/drills.json\`, which a drill writes. S3 says 404 to those who may list, 403 to others; that it holds the
  key against the condition in doing so is what other implementations do. If AWS does not, \`watch\` fails until the
  condition is taken off (\`listAllGrant\` in place of \`listGrant\`, in \`infra/stations.ts\`).
- **The policy of the stream's key**: [security.md](security.md#in-transit-and-at-rest).
- **For whom Glue and Lambda say they act**: [security.md](security.md#who-acts-as-a-role).
`;

/** `docs/iam.md`. Loads the program. */
export async function iamPage(projectDirectory: string): Promise<string> {
  return iamMarkdown(iamReport(await readGraph(projectDirectory, EXAMPLE_STACK, EXAMPLE_CONFIG)));
}

export function iamMarkdown({ roles, resources, wide }: IamReport): string {
  return [
    INTRODUCTION,
    "## Roles\n",
    ...roles.map(roleSection),
    "## Policies of resources\n",
    RESOURCES,
    markdownTable(["resource", "", "who", "action", "when"], resources.map(resourceCells)),
    "## On everything\n",
    "Grants without a prefix, or on `*`, and why AWS leaves no other way.\n",
    markdownTable(["role", "action", "reason"], wide.map(wideCells)),
    "## Used by AWS alone\n",
    "Granted because a service of AWS asks for it; no local run needs it.\n",
    markdownTable(["roles", "action", "reason"], USED_BY_AWS_ONLY.map(reviewedCells)),
    UNTRIED,
  ].join("\n");
}

function roleSection({ role, assumedBy, assumedWhen, usedBy, rows }: RoleTable): string {
  const users = usedBy.length > 0 ? usedBy.join(", ") : "nothing";
  const when = assumedWhen && `, when ${code(assumedWhen)}`;
  return [
    `### ${role}\n`,
    `Used by ${users}; only ${assumedBy.map(code).join(", ")} can act as it${when}.\n`,
    markdownTable(["resource", "action", "when"], rows.map(rowCells)),
  ].join("\n");
}

function rowCells({ resources, actions, condition }: RoleRow): string[] {
  return [listed(resources), listed(actions), condition && code(condition)];
}

function resourceCells({ resource, effect, principals, actions, condition }: ResourceRow): string[] {
  return [code(resource), effect.toLowerCase(), principals.join(", "), listed(actions), condition];
}

function wideCells({ role, action, review }: WideGrant): string[] {
  return [code(role), code(action), review === undefined ? "" : reasonOf(review)];
}

function reviewedCells(review: Reviewed): string[] {
  return [listed(review.roles), listed(review.actions), reasonOf(review)];
}

function reasonOf({ reason, source }: Reviewed): string {
  return `${reason} ([source](${source.replace(/^docs\//, "")}))`; // the page is in docs/, too
}

function listed(names: readonly string[]): string {
  return names.map(code).join("<br>");
}
