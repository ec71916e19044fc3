import { formatDistanceStrict } from "date-fns/formatDistanceStrict";
import { type ExaminedStack, lookBackSeconds } from "./examined-stack.ts";

/** Over what counts and metrics of a stack go, for the end of a sentence. */
export function within({ now, config }: Pick<ExaminedStack, "now" | "config">): string {
  if (now === undefined) return "in the run";
  return `in the last ${formatDistanceStrict(0, lookBackSeconds(config) * 1000)}`;
}
