import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { z } from "zod";
import type { CallsLeft, FlaggedValues, Traffic } from "./examined-stack.ts";

/** A line in the embedded metric format, with the counts that the doctor knows of. */
const metricsSchema = z.object({
  ObservationsSent: z.number().optional(),
  ApiCallsLeftToday: z.number().optional(),
  ErroneousValues: z.number().optional(),
  DoubtfulValues: z.number().optional(),
});

/** What functions counted in a local run: they write their metrics into their logs, a line an invocation. */
interface LocalMetrics {
  /** Undefined: nothing was polled. */
  callsLeft(): Promise<CallsLeft | undefined>;
  flaggedValues(): Promise<FlaggedValues>;
  traffic(consumer: string): Promise<Traffic>;
}

/** @param directory that the local run was left in */
export function localMetrics(directory: string): LocalMetrics {
  const linesOf = (name: string) => metricLines(join(directory, "logs", `${name}.log`));
  return {
    async callsLeft() {
      let last: CallsLeft | undefined;
      for await (const { at, counts } of linesOf("produce")) {
        if (counts.ApiCallsLeftToday !== undefined) last = { calls: counts.ApiCallsLeftToday, at };
      }
      return last;
    },

    async flaggedValues() {
      let [erroneous, doubtful] = [0, 0];
      for await (const { counts } of linesOf("archive")) {
        erroneous += counts.ErroneousValues ?? 0;
        doubtful += counts.DoubtfulValues ?? 0;
      }
      return { erroneous, doubtful };
    },

    async traffic(consumer) {
      let [sent, invocations] = [0, 0];
      for await (const { counts } of linesOf("produce")) sent += counts.ObservationsSent ?? 0;
      for await (const _ of linesOf(consumer)) invocations += 1;
      return { sent, invocations };
    },
  };
}

/** A line is the time of the run, a space, and what the function wrote. */
async function* metricLines(file: string) {
  if (!(await stat(file).catch(() => undefined))) return; // it was never invoked
  for await (const line of createInterface({ input: createReadStream(file) })) {
    const space = line.indexOf(" ");
    if (!line.startsWith('{"_aws":', space + 1)) continue;
    const counts = metricsSchema.parse(JSON.parse(line.slice(space + 1)));
    yield { at: new Date(line.slice(0, space)), counts };
  }
}
