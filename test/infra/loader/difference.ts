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

/** One resource that an update would touch. */
interface Touched {
  readonly change: Change;
  /** As the first graph has it; nothing where it is created. */
  readonly before?: Resource;
  /** As the second graph has it; nothing where it is deleted. */
  readonly after?: Resource;
}

/**
 * How two graphs of a program differ, resource by resource, as Pulumi's engine tells it: by URN, then by inputs.
 * @returns label -> change, e.g. `sns.TopicSubscription duty-sms` -> `replace`; of a resource that an alias renames,
 * `sns.TopicSubscription officer-sms (was duty-sms)`
 */
export function difference(before: Graph, after: Graph): Record<string, Change> {
  const changes = touched(before, after).map(({ change, ...one }) => [labelOf(one), change] as const);
  return Object.fromEntries(changes.sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** The resources of which two graphs of a program differ. */
export function touched(before: Graph, after: Graph): Touched[] {
  const old = byUrn(before);
  const changes = after.resources.flatMap((resource): Touched[] => {
    const urn = [resource.urn, ...(resource.aliases ?? [])].find((candidate) => old.has(candidate));
    const previous = urn && old.get(urn);
    if (!previous) return [{ change: "create", after: resource }];
    old.delete(previous.urn);
    const changed = changedInputs(previous, resource);
    const change = isReplaced(resource, changed) ? "replace" : "update";
    return changed.length > 0 ? [{ change, before: previous, after: resource }] : [];
  });
  const gone = [...old.values()].map((resource): Touched => ({ change: "delete", before: resource }));
  return [...changes, ...gone];
}

function labelOf({ before, after }: Pick<Touched, "before" | "after">): string {
  if (after === undefined) return before === undefined ? "" : label(before);
  return before === undefined || before.name === after.name
    ? label(after)
    : `${label(after)} (was ${before.name})`;
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
