import { UserError } from "../../lib/user-error.ts";
import type { Invocation } from "../command.ts";
import { openPlace, type PlaceOptions } from "../stack/open.ts";
import type { Place } from "../stack/stack.ts";
import { entriesJson, formatEntries, formatRetry, formatSummary, retryJson, summaryJson } from "./format.ts";
import { repair } from "./repair.ts";
import { type RetryReport, retry } from "./retry.ts";
import { keysOf, readEntries, summarize } from "./summary.ts";

export type QuarantineTask =
  | { readonly kind: "list"; readonly reason?: string | undefined }
  | { readonly kind: "retry"; readonly reason?: string | undefined; readonly key?: string | undefined }
  | { readonly kind: "repair"; readonly key: string; readonly file: string };

interface QuarantineOptions extends PlaceOptions {
  readonly json: boolean;
  readonly task: QuarantineTask;
}

/** @throws {UserError} for a key that is not there */
export async function runQuarantine(
  { task, json, ...options }: QuarantineOptions,
  { projectDirectory, out, exit }: Invocation,
): Promise<void> {
  const place = await openPlace(options, projectDirectory);
  if (task.kind === "repair") {
    await place.writable((store) => repair(task.key, task.file, store));
    out(
      json
        ? `${JSON.stringify({ repaired: task.key })}\n`
        : `${task.key} is repaired: --retry puts it through\n`,
    );
    return;
  }
  if (task.kind === "retry") {
    const report = await retryOf(place, task);
    out(json ? retryJson(place, report) : formatRetry(place, report));
    if (report.remaining.length > 0) exit(1);
    return;
  }
  const { reason } = task;
  if (reason === undefined) {
    const reasons = await place.readable(summarize);
    out(json ? summaryJson(place, reasons) : formatSummary(place, reasons));
    return;
  }
  const entries = await place.readable(async (store) => readEntries(store, await keysOf(store, reason)));
  out(json ? entriesJson(place, entries) : formatEntries(place, reason, entries));
}

/** @throws {UserError} for a key that is not there */
async function retryOf(
  place: Place,
  { reason, key }: { readonly reason?: string | undefined; readonly key?: string | undefined },
): Promise<RetryReport> {
  return await place.withFunctions(async (store, invoke) => {
    const keys = (await keysOf(store, reason)).filter((one) => key === undefined || one === key);
    if (key !== undefined && keys.length === 0) throw new UserError(`${key} is not in quarantine`);
    return await retry(keys, store, (event) => invoke("archive", event));
  });
}
