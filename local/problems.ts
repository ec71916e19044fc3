import type { LocalGateway } from "./endpoint/gateway.ts";
import type { GlueRun } from "./glue/run.ts";
import type { Failure } from "./lambda/failure.ts";
import { cannotWrite } from "./output-directory.ts";
import type { DeliveryFailure } from "./sns/delivery.ts";

/** A failure that was not resolved by a retry. A run with a problem is a failed run. */
export interface Problem {
  readonly kind: Failure["kind"] | "denied" | "not-emulated" | "undelivered" | "crash" | GlueRun["kind"];
  /** One line that says who failed, at what, and why. */
  readonly message: string;
  /** True when no dead-letter queue, on-failure destination or later run has the lost data. */
  readonly lost: boolean;
}

/** Collects the problems of all services. */
export function problemsOf(sources: {
  failures: readonly Failure[];
  undelivered: readonly DeliveryFailure[];
  gateway: Pick<LocalGateway, "denials" | "notEmulated" | "crashes">;
  glueRuns: readonly GlueRun[];
}): Problem[] {
  const { failures, undelivered, gateway, glueRuns } = sources;
  return [
    ...failures.map(({ kind, source, functionName, message, count, lost }) => ({
      kind,
      message: `${functionName}, from ${source}${count > 1 ? ` (${count} records)` : ""}: ${message}`,
      lost,
    })),
    ...gateway.denials.map(({ principal, action, resource, explicit }) => ({
      kind: "denied" as const,
      message: `${principal} may not ${action} on ${resource}${explicit ? ": a policy denies it" : ""}`,
      lost: true,
    })),
    ...[...gateway.notEmulated].map((message) => ({ kind: "not-emulated" as const, message, lost: true })),
    ...gateway.crashes.map((message) => ({ kind: "crash" as const, message, lost: true })),
    ...undelivered.map(({ subscriptionArn, error, deadLetterTargetArn }) => ({
      kind: "undelivered" as const,
      message: `${subscriptionArn}: ${error.message}`,
      lost: deadLetterTargetArn === undefined,
    })),
    ...glueRuns
      .filter(({ state }) => state === "FAILED")
      .map(({ kind, name, error }) => ({ kind, message: `${name}: ${error ?? "failed"}`, lost: false })),
  ];
}

/** Why `directory` can no longer be written to, if a service crashed because of that. */
export function writeFaultOf(problems: readonly Problem[], directory: string): string | undefined {
  for (const { kind, message } of problems) {
    const line = kind === "crash" ? cannotWrite(directory, message) : undefined;
    if (line !== undefined) return line;
  }
  return undefined;
}
