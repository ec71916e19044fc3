import { type Graph, resourcesOfType } from "../../local/graph.ts";

/** What a resource is called in a table: `s3://lake/raw/*`, `stream observations`, `topic alerts`. */
export function resourceName(graph: Graph, arn: string): string {
  if (arn === "*") return "everything";
  const [, , service = "", , , ...rest] = arn.split(":");
  const path = rest.join(":");
  return NAMES[service]?.(path, graph, arn) ?? `${service} ${path}`;
}

type Name = (path: string, graph: Graph, arn: string) => string | undefined;

const NAMES: Readonly<Record<string, Name>> = {
  s3: (path) => (path.includes("/") ? `s3://${path}` : `bucket ${path}`),
  sns: (path) => `topic ${path}`,
  kinesis: (path) => path.replace("/", " "),
  lambda: (path) => path.replace(":", " "),
  ssm: (path) => path.replace("parameter", "parameter "),
  logs: (path) => path.replace(/^log-group:/, "log group ").replace(/:\*$/, ""),
  glue: (path) =>
    path
      .replace(/^table\/([^/]+)\/\*$/, "tables $1.*")
      .replace(/^table\/([^/]+)\//, "table $1.")
      .replace("/", " "),
  kms: (_path, graph, arn) => {
    const key = resourcesOfType(graph, "aws:kms/key:Key").find(({ outputs }) => outputs.arn === arn);
    return key && `key ${key.name}`;
  },
};
