import { formatDistanceStrict } from "date-fns/formatDistanceStrict";
import { counted } from "../../lib/counted.ts";
import type { Consumer, ExaminedStack } from "./examined-stack.ts";
import type { Check, Finding } from "./finding.ts";
import { within } from "./within.ts";

/** Whether a function that reads the stream is invoked, and how far it is. */
export function consumerChecks(consumer: Consumer): Check[] {
  const check = (name: string, look: typeof iteratorAge): Check => ({
    name: `${name} ${consumer}`,
    look: (stack) => look(stack, consumer),
  });
  return [check("mapping", mapping), check("invocations", invocations), check("iterator age", iteratorAge)];
}

/** As the alarm has it: an alert is promised within a minute, so ten are a pipeline that stands still. */
const STANDS_STILL_SECONDS = 600;
/** Twice the archive's usual window. */
const SLOW_SECONDS = 120;

const NOT_INVOKED = "docs/runbook.md#not-invoked";

/** It is, or will be, read no more. */
const OFF = ["Disabled", "Disabling", "Deleting"];

async function mapping(stack: ExaminedStack, consumer: Consumer): Promise<Finding[]> {
  const check = `mapping ${consumer}`;
  const found = await stack.mapping(consumer);
  const restore = `pulumi up --refresh --stack ${stack.stack}; ${NOT_INVOKED}`;
  if (found === undefined) {
    return [{ check, state: "fail", found: "is gone: nothing is read from the stream", todo: restore }];
  }
  const { state, lastResult } = found;
  const text = lastResult === undefined ? state : `${state}, last result: ${lastResult}`;
  if (OFF.includes(state)) return [{ check, state: "fail", found: text, todo: restore }];
  if (lastResult?.startsWith("PROBLEM")) {
    const todo = `the log of the function ${consumer}, or its role's permissions; ${NOT_INVOKED}`;
    return [{ check, state: "fail", found: text, todo }];
  }
  if (state === "Enabled") return [{ check, state: "ok", found: text }];
  return [{ check, state: "warn", found: text, todo: "it is being changed: look again in a minute" }];
}

async function invocations(stack: ExaminedStack, consumer: Consumer): Promise<Finding[]> {
  const check = `invocations ${consumer}`;
  const { sent, invocations: times } = await stack.traffic(consumer);
  const sentText = `${counted(sent, "observation was", "observations were")} sent`;
  if (times > 0) return [{ check, state: "ok", found: `${times} ${within(stack)}; ${sentText}` }];
  if (sent === 0) {
    return [{ check, state: "unknown", found: `none ${within(stack)}, and no observation was sent` }];
  }
  const found = `none ${within(stack)}, though ${sentText}`;
  const todo = `nothing reads the stream for ${consumer}; ${NOT_INVOKED}`;
  return [{ check, state: "fail", found, todo }];
}

async function iteratorAge(stack: ExaminedStack, consumer: Consumer): Promise<Finding[]> {
  const check = `iterator age ${consumer}`;
  const seconds = await stack.iteratorAge(consumer);
  if (seconds === undefined) {
    return [{ check, state: "unknown", found: `nothing was read from the stream ${within(stack)}` }];
  }
  const found = `${formatDistanceStrict(0, seconds * 1000)} behind the stream`;
  if (seconds < SLOW_SECONDS) return [{ check, state: "ok", found }];
  const todo = `the log of the function ${consumer} says why; docs/runbook.md#behind-the-stream`;
  return [{ check, state: seconds < STANDS_STILL_SECONDS ? "warn" : "fail", found, todo }];
}
