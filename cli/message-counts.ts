import { join } from "node:path";
import { UserError } from "../lib/user-error.ts";
import { createCommand, type Invocation } from "./command.ts";

export const messageCounts = (invocation: Invocation) =>
  createCommand("message-counts", "project")
    .summary("count the messages that recorded values cause, by the reading and by rules")
    .description(
      `Counts the messages that recorded hourly values cause: one for each value over its threshold, when every reading is judged alone by the four thresholds of preset "basic", and by the same thresholds as rules, which leave the ends of alerts to the digest.`,
    )
    .argument("[files...]", "recordings (default: the flood of Porto Alegre, in data/)")
    .option(
      "--every <minutes>",
      "how often the values are read, a divisor of 60; each holds for its hour",
      "60",
    )
    .action(async (files, { every }) => {
      const minutes = parseMinutes(every);
      const { report } = await import("./message-counts/report.ts");
      const { DEFAULT_REPLAY } = await import("./start/feed.ts");
      const recordings = files.length > 0 ? files : [join(invocation.projectDirectory, DEFAULT_REPLAY)];
      invocation.out(await report(recordings, minutes));
    });

function parseMinutes(text: string): number {
  const minutes = Number(text);
  if (Number.isInteger(minutes) && minutes >= 1 && 60 % minutes === 0) return minutes;
  throw new UserError(`--every ${text} is not allowed: minutes that divide an hour, such as 60, 5 or 1`);
}
