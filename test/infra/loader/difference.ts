import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Graph, Resource } from "../../../local/graph.ts";

/** What an update would do to one resource. */
export type Change = "create" | "delete" | "replace" | "update";

/**
 * Inputs that cannot change in place, by type: the arguments that the AWS provider's documentation marks "Forces new
 * resource". Of the types that config reaches only; `*` is every one of them.
 * https://registry.terraform.io/providers/hashicorp/aws/latest/docs
 */
const REPLACING: Readonly<Record<string, readonly string[]>> = {
  "aws:athena/namedQuery:NamedQuery": ["*"],
  "aws:athena/preparedStatement:PreparedStatement": ["name", "workgroup"],
  "aws:glue/catalogDatabase:CatalogDatabase": ["name"],
  "aws:lambda/function:Function": ["name", "packageType"],
  "aws:lambda/permission:Permission": ["*"],
  "aws:scheduler/schedule:Schedule": ["name", "groupName"],
  "aws:sns/topicSubscription:TopicSubscription": ["endpoint", "protocol", "topic"],
  "aws:ssm/parameter:Parameter": ["name"],
};

/**
 * How two graphs of a program differ, resource by resource, as Pulumi's engine tells it: by URN, then by inputs.
 * @returns `KIND TYPE NAME` -> change, e.g. `topicSubscription duty-sms` -> `replace`
 */
export function difference(before: Graph, after: Graph): Record<string, Change> {
  const old = byUrn(before);
  const changes: [string, Change][] = [];
  for (const resource of after.resources) {
    const urn = [resource.urn, ...(resource.aliases ?? [])].find((candidate) => old.has(candidate));
    const previous = urn && old.get(urn);
    if (!previous) {
      changes.push([label(resource), "create"]);
      continue;
    }
    old.delete(previous.urn);
    const changed = changedInputs(previous, resource);
    if (changed.length > 0)
      changes.push([label(resource), isReplaced(resource, changed) ? "replace" : "update"]);
  }
  for (const resource of old.values()) changes.push([label(resource), "delete"]);
  return Object.fromEntries(changes.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** `aws:sns/topicSubscription:TopicSubscription` named `duty-sms` -> `sns.TopicSubscription duty-sms`. */
export function label({ type, name }: Pick<Resource, "type" | "name">): string {
  const [, module = "", kind = ""] = type.split(":");
  return `${type.startsWith("aws:") ? `${module.split("/")[0]}.` : ""}${kind} ${name}`;
}

function byUrn({ resources }: Graph): Map<string, Resource> {
  return new Map(resources.map((resource) => [resource.urn, resource]));
}

function changedInputs(before: Resource, after: Resource): string[] {
  const old = comparable(before.inputs);
  const now = comparable(after.inputs);
  const names = new Set([...Object.keys(old), ...Object.keys(now)]);
  return [...names].filter((name) => !isDeepStrictEqual(old[name], now[name]));
}

/** Inputs with what files hold in place of where they are. */
export function comparable(inputs: Resource["inputs"]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(inputs).map(([name, value]) => [name, contents(value)]));
}

function contents(value: unknown): unknown {
  if (typeof value !== "object" || value === null) return value;
  if ("directory" in value && typeof value.directory === "string") {
    const { directory } = value;
    return Object.fromEntries(
      readdirSync(directory).map((file) => [file, readFileSync(join(directory, file), "utf8")]),
    );
  }
  if ("path" in value && typeof value.path === "string") return readFileSync(value.path, "utf8");
  return value;
}

function isReplaced({ type }: Resource, changed: readonly string[]): boolean {
  const replacing = REPLACING[type] ?? [];
  return replacing.includes("*") || changed.some((name) => replacing.includes(name));
}
