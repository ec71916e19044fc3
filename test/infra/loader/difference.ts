import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isDeepStrictEqual } from "node:util";
import type { Graph, Resource } from "../../../local/graph.ts";
import { replacingInputs } from "./replacing.ts";

/** What an update would do to one resource. */
export type Change = "create" | "delete" | "replace" | "update";

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
  const pairs = after.resources.map((resource) => ({ before: formerly(resource, before), after: resource }));
  const kept = keptNames(pairs);
  const changes = pairs.flatMap((pair): Touched[] => {
    if (pair.before === undefined) return [{ change: "create", after: pair.after }];
    const changed = changedInputs(pair.before, pair.after, kept);
    const change = replacingInputs(pair.after.type, changed).length > 0 ? "replace" : "update";
    return changed.length > 0 ? [{ change, before: pair.before, after: pair.after }] : [];
  });
  const goneOn = new Set(pairs.map((pair) => pair.before));
  const gone = before.resources.filter((resource) => !goneOn.has(resource));
  return [...changes, ...gone.map((resource): Touched => ({ change: "delete", before: resource }))];
}

interface Pair {
  readonly before: Resource | undefined;
  readonly after: Resource;
}

function formerly({ urn, aliases = [] }: Resource, { resources }: Graph): Resource | undefined {
  const urns = [urn, ...aliases];
  return urns
    .map((one) => resources.find((resource) => resource.urn === one))
    .find((one) => one !== undefined);
}

/**
 * What resources that an alias renames are called in the second graph -> what they are still called: Pulumi made up
 * their physical names once, from their logical ones.
 */
function keptNames(pairs: readonly Pair[]): ReadonlyMap<string, string> {
  const renamed = pairs.filter(({ before, after }) => before !== undefined && before.name !== after.name);
  return new Map(
    renamed.flatMap(({ before, after }) =>
      Object.entries(after.outputs).flatMap(([key, value]): [string, string][] => {
        const old = before?.outputs[key];
        const madeUp = !(key in after.inputs) && typeof value === "string" && typeof old === "string";
        return madeUp && value !== old ? [[value, old]] : [];
      }),
    ),
  );
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

function changedInputs(before: Resource, after: Resource, kept: ReadonlyMap<string, string>): string[] {
  const old = comparable(before.inputs);
  const now = comparable(withNames(after.inputs, kept));
  const names = new Set([...Object.keys(old), ...Object.keys(now)]);
  return [...names].filter((name) => !isDeepStrictEqual(old[name], now[name]));
}

function withNames<Value>(value: Value, names: ReadonlyMap<string, string>): Value {
  if (names.size === 0) return value;
  return JSON.parse(JSON.stringify(value), (_key, item: unknown) => {
    if (typeof item !== "string") return item;
    const arns = [...names].filter(([name]) => name.startsWith("arn:"));
    return names.get(item) ?? arns.reduce((text, [arn, old]) => text.replaceAll(arn, old), item);
  });
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
