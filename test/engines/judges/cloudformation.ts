import type { Graph, Resource } from "../../../local/graph.ts";
import { tagList } from "../deployment/definition.ts";
import { capitalized } from "../deployment/pascal-keys.ts";
import { CLOUDFORMATION_TYPES, type CloudFormationType } from "./cloudformation-types.ts";

export interface Template {
  readonly AWSTemplateFormatVersion: "2010-09-09";
  readonly Resources: Readonly<
    Record<string, { readonly Type: string; readonly Properties: Readonly<Record<string, unknown>> }>
  >;
}

type Properties = Record<string, unknown>;

/** Inputs that are JSON as text, and an object in CloudFormation. */
const JSON_INPUTS: readonly string[] = ["assumeRolePolicy", "eventPattern", "filterPolicy", "policy"];

/**
 * The AWS resources of a graph as a CloudFormation template, with physical names and without references, and the types that
 * CloudFormation does not have. Throws for a type that the table does not know.
 */
export function cloudFormation(graph: Graph): { template: Template; skipped: ReadonlyMap<string, string> } {
  const Resources: Record<string, { Type: string; Properties: Properties }> = {};
  const wholes = new Set<string>();
  const skipped = new Map<string, string>();
  for (const resource of graph.resources) {
    if (!resource.type.startsWith("aws:")) continue;
    const type = CLOUDFORMATION_TYPES[resource.type];
    if (type === undefined) throw new Error(`${resource.type} is not in cloudformation-types.ts`);
    if (typeof type === "string") {
      skipped.set(resource.type, type);
      continue;
    }
    const id = logicalId(resource, type);
    if (type.partOf === undefined && wholes.has(id)) throw new Error(`two resources are ${id}`);
    if (type.partOf === undefined) wholes.add(id);
    Resources[id] ??= { Type: type.type, Properties: {} };
    merge(Resources[id].Properties, propertiesOf(resource, type));
  }
  return { template: { AWSTemplateFormatVersion: "2010-09-09", Resources }, skipped };
}

/** Settings that are resources of their own in Pulumi become part of the resource that they belong to. */
function logicalId({ inputs, outputs, name }: Resource, { type, partOf }: CloudFormationType): string {
  const identity = partOf === undefined ? (outputs.bucket ?? outputs.name ?? name) : inputs[partOf];
  return `${type}${String(identity)}`.replaceAll(/[^a-zA-Z0-9]/g, "");
}

function propertiesOf({ inputs, outputs }: Resource, type: CloudFormationType): Properties {
  const { partOf, extra = {} } = type;
  if (partOf === undefined) return { ...convert({ name: outputs.name, ...inputs }, "", type), ...extra };
  const part = convert({ targetId: outputs.targetId, ...inputs, [partOf]: undefined }, "", type);
  return type.listed === undefined ? part : { [type.listed]: [part] };
}

function convert(value: object, path: string, type: CloudFormationType): Properties {
  const properties: Properties = {};
  for (const [key, item] of Object.entries(value)) {
    const target = type.names?.[`${path}${key}`];
    if (item === undefined || target === null) continue;
    const converted = convertValue(key, item, `${path}${key}.`, type);
    const names = target === "" ? [] : (target ?? capitalized(key)).split(".");
    merge(properties, names.reduceRight((inner, name) => ({ [name]: inner }), converted) as Properties);
  }
  return properties;
}

function convertValue(key: string, value: unknown, path: string, type: CloudFormationType): unknown {
  if (type.maps?.includes(key)) return value;
  if (key === "tags") return tagList(value as Record<string, string>);
  if (key === "dimensions") return Object.entries(value as object).map(([Name, Value]) => ({ Name, Value }));
  if (JSON_INPUTS.includes(key)) return JSON.parse(String(value));
  if (type.lists?.includes(key)) return [value];
  if (Array.isArray(value)) return value.map((item) => convertValue("", item, path, type));
  return typeof value === "object" && value !== null ? convert(value, path, type) : value;
}

function merge(into: Properties, from: Properties): void {
  for (const [name, value] of Object.entries(from)) {
    const present = into[name];
    if (Array.isArray(present) && Array.isArray(value)) into[name] = [...present, ...value];
    else if (isObject(present) && isObject(value)) merge(present, value);
    else into[name] = value;
  }
}

function isObject(value: unknown): value is Properties {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
