import type { Graph, Resource } from "../../../local/graph.ts";

/** Where Pulumi names a type otherwise than the Terraform provider that it is generated from. */
const TYPES: Readonly<Record<string, string>> = {
  "aws:s3/bucketObjectv2:BucketObjectv2": "aws_s3_object",
};

/** Where Pulumi names an argument otherwise: it writes repeated blocks in the plural, for one. */
const ARGUMENTS: Readonly<Record<string, string>> = {
  catalogTargets: "catalog_target",
  code: "filename",
  function: "function_name",
  rules: "rule",
  s3Targets: "s3_target",
  topics: "topic",
};

/** Arguments whose keys are data, and no names of arguments. */
const MAPS: readonly string[] = [
  "defaultArguments",
  "dimensions",
  "inputPaths",
  "parameters",
  "tags",
  "variables",
];

/**
 * The AWS resources of a graph as Terraform's blocks: checkov takes no Terraform in JSON. An argument that is an id, ARN or
 * name of another resource refers to it, since checks of two resources together follow references only.
 */
export function terraform(graph: Graph): string {
  const byUrn = new Map(graph.resources.map((resource) => [resource.urn, resource]));
  const blocks = graph.resources.flatMap((resource) => {
    const type = terraformType(resource.type);
    return type === undefined ? [] : [resourceBlock(type, resource, byUrn)];
  });
  return blocks.join("\n");
}

/** `aws:s3/bucketPolicy:BucketPolicy` -> `aws_s3_bucket_policy`; undefined for a component. */
export function terraformType(type: string): string | undefined {
  const [, module, kind] = /^aws:(\w+)\/(\w+):/.exec(type) ?? [];
  if (module === undefined || kind === undefined) return undefined;
  return TYPES[type] ?? `aws_${module}_${snakeCase(kind)}`;
}

function resourceBlock(type: string, resource: Resource, byUrn: ReadonlyMap<string, Resource>): string {
  const lines = Object.entries(resource.inputs).map(([name, value]) => {
    const urns = resource.propertyDependencies[name] ?? [];
    return argument(
      name,
      value,
      urns.flatMap((urn) => byUrn.get(urn) ?? []),
    );
  });
  return `resource "${type}" "${blockName(resource)}" {\n${lines.join("")}}\n`;
}

function argument(name: string, value: unknown, dependencies: readonly Resource[]): string {
  const label = ARGUMENTS[name] ?? snakeCase(name);
  if (isContent(value)) return `${label} = "content"\n`;
  if (MAPS.includes(name) || !isBlock(value)) return `${label} = ${expression(value, dependencies)}\n`;
  return [value]
    .flat()
    .map((block) => {
      const lines = Object.entries(block).map(([key, item]) => argument(key, item, dependencies));
      return `${label} {\n${lines.join("")}}\n`;
    })
    .join("");
}

/** A file or folder to upload. */
function isContent(value: unknown): boolean {
  return (
    typeof value === "object" && value !== null && ["directory", "path", "text"].some((key) => key in value)
  );
}

function isBlock(value: unknown): value is object | readonly object[] {
  const one = Array.isArray(value) ? value[0] : value;
  return typeof one === "object" && one !== null;
}

function expression(value: unknown, dependencies: readonly Resource[]): string {
  if (typeof value === "string") return reference(value, dependencies) ?? literal(value);
  if (Array.isArray(value)) return `[${value.map((item) => expression(item, dependencies)).join(", ")}]`;
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  const entries = Object.entries(value).map(
    ([key, item]) => `${literal(key)} = ${expression(item, dependencies)}`,
  );
  return `{ ${entries.join(", ")} }`;
}

function reference(value: string, dependencies: readonly Resource[]): string | undefined {
  for (const dependency of dependencies) {
    const type = terraformType(dependency.type);
    const output = ["arn", "id", "name"].find(
      (name) => (name === "id" ? dependency.id : dependency.outputs[name]) === value,
    );
    if (type !== undefined && output !== undefined) return `${type}.${blockName(dependency)}.${output}`;
  }
  return undefined;
}

/** Of `${`, Terraform would read a reference. */
function literal(value: string): string {
  return JSON.stringify(value).replaceAll("${", "$${");
}

function blockName({ name }: Resource): string {
  return name.replaceAll(/[^\w-]/g, "-");
}

function snakeCase(name: string): string {
  return name.replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
}
