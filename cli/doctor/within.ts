import { formatDistanceStrict } from "date-fns/formatDistanceStrict";
import { lookBackSeconds, type Patient } from "./patient.ts";

/** Over what counts and metrics of a patient go, for the end of a sentence. */
export function within({ now, config }: Pick<Patient, "now" | "config">): string {
  if (now === undefined) return "in the run";
  return `in the last ${formatDistanceStrict(0, lookBackSeconds(config) * 1000)}`;
}
