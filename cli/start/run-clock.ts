import type { VirtualClock } from "../../local/clock/virtual-clock.ts";
import type { Cloud } from "../../local/cloud.ts";
import { WriteFaultError } from "../../local/output-directory.ts";
import { writeFaultOf } from "../../local/problems.ts";
import type { StartOptions } from "./options.ts";
import type { Progress } from "./progress.ts";
import type { Relay } from "./relay.ts";

/** How long a poll that is under way may take once a live run has come to its end. */
const GRACE_MS = 5000;

/** Runs the clock to the end of the feed, or until Ctrl-C: what is under way is finished either way. */
export async function runClock({
  clock,
  cloud,
  options: { speed, out },
  until,
  progress,
  relay,
}: {
  clock: VirtualClock;
  cloud: Cloud;
  options: StartOptions;
  until: Date | undefined;
  progress: Progress;
  relay: Relay | undefined;
}): Promise<void> {
  const interrupt = new AbortController();
  const end = () => {
    relay?.end(GRACE_MS);
    interrupt.abort();
  };
  const onInterrupt = () => {
    progress.phase("Interrupted: finishing what is under way; once more to quit at once");
    end();
  };
  process.once("SIGINT", onInterrupt);
  const ticker = setInterval(() => {
    progress.time(clock.now());
    if (writeFaultOf(cloud.problems(), out) !== undefined) interrupt.abort();
    // In real time a poll that is under way would hold up the end.
    if (relay && until && Date.now() >= until.getTime() && !interrupt.signal.aborted) end();
  }, 100);
  try {
    await clock.run({ speed, signal: interrupt.signal, ...(until && { until }) });
  } finally {
    clearInterval(ticker);
    process.off("SIGINT", onInterrupt);
  }
  requireWritable(cloud, out);
}

/** @throws {WriteFaultError} when a service could not write what it was given */
export function requireWritable(cloud: Cloud, directory: string): void {
  const line = writeFaultOf(cloud.problems(), directory);
  if (line !== undefined) throw new WriteFaultError(line);
}
