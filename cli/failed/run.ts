import { UserError } from "../../lib/user-error.ts";
import type { Invocation } from "../command.ts";
import { openStack, type StackOptions } from "../stack/open.ts";
import type { OpenStack, ReadableStore } from "../stack/stack.ts";
import { type Filter, groupsOf, type Heading, readDetails, readHeadings } from "./entries.ts";
import { formatDetails, formatGroups, formatRetry } from "./format.ts";
import { repair } from "./repair.ts";
import { retry } from "./retry.ts";

export type FailedTask =
  | { readonly kind: "list" | "details" | "retry"; readonly filter: Filter }
  | { readonly kind: "repair"; readonly key: string; readonly file: string };

interface FailedOptions extends StackOptions {
  readonly json: boolean;
  readonly task: FailedTask;
}

/** @throws {UserError} for a key that does not exist */
export async function runFailed(
  { task, json, ...options }: FailedOptions,
  { projectDirectory, out, exit }: Invocation,
): Promise<void> {
  const opened = await openStack(options, projectDirectory);
  const { stack, bucket } = opened;
  const print = (result: object, text: string) =>
    out(json ? `${JSON.stringify({ stack, bucket, ...result }, null, 2)}\n` : text);
  if (task.kind === "repair") {
    await opened.writable((store) => repair(task.key, task.file, store));
    print({ repaired: task.key }, `${task.key} is repaired; --retry uses the repaired bytes\n`);
    return;
  }
  const headings = await opened.readable((store) => find(store, opened, task.filter));
  if (task.kind === "list") {
    const groups = groupsOf(headings);
    print({ groups }, formatGroups(opened, groups));
    if (groups.length > 0) exit(1);
  } else if (task.kind === "details") {
    const details = await opened.readable((store) => readDetails(headings, store, opened));
    print({ failed: details }, formatDetails(opened, details));
    if (details.length > 0) exit(1);
  } else {
    // The functions are started only when there is something to retry.
    const report =
      headings.length === 0
        ? { done: [], remaining: [] }
        : await opened.withFunctions((store, invoke) => retry(headings, store, invoke, opened));
    print(report, formatRetry(opened, report));
    if (report.remaining.length > 0) exit(1);
  }
}

async function find(store: ReadableStore, opened: OpenStack, filter: Filter): Promise<Heading[]> {
  const headings = await readHeadings(store, opened, filter);
  if (filter.key !== undefined && headings.length === 0)
    throw new UserError(`${filter.key} does not exist; npx stormwire failed --details lists the keys`);
  return headings;
}
