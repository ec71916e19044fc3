import * as z from "zod";
import type { Graph } from "../../../local/graph.ts";
import { ask } from "./ask.ts";
import type { Judge } from "./install.ts";
import { terraform } from "./terraform.ts";

export interface Verdict {
  readonly passed: number;
  /** Resources that checkov has read, whether or not a check is about them. */
  readonly resources: number;
  /** Check and type, e.g. `CKV_AWS_117 aws_lambda_function` -> names of the resources that fail it. */
  readonly failed: ReadonlyMap<string, readonly string[]>;
}

const reportSchema = z.object({
  results: z.object({
    failed_checks: z.array(z.object({ check_id: z.string(), resource: z.string() })),
    parsing_errors: z.array(z.string()).max(0),
  }),
  summary: z.object({ passed: z.number(), resource_count: z.number() }),
});

/** What checkov says of a graph. It asks nothing of the network: it looks for no release of itself and no policies of its vendor's. */
export async function checkovVerdict(python: Judge, graph: Graph): Promise<Verdict> {
  const file = { name: "main.tf", content: terraform(graph) };
  const options = [
    "--framework",
    "terraform",
    "--output",
    "json",
    "--compact",
    "--soft-fail",
    "--skip-download",
  ];
  const offline = { CKV_SKIP_PACKAGE_UPDATE_CHECK: "true" };
  const report = await ask(python, ["-m", "checkov.main", "--directory", ".", ...options], file, offline);
  const { results, summary } = reportSchema.parse(report);
  const findings = results.failed_checks.map(({ check_id, resource }) => {
    const [type = "", name = ""] = resource.split(".");
    return { finding: `${check_id} ${type}`, name };
  });
  const failed = Map.groupBy(findings, ({ finding }) => finding);
  return {
    passed: summary.passed,
    resources: summary.resource_count,
    failed: new Map([...failed].map(([finding, each]) => [finding, each.map(({ name }) => name)])),
  };
}
