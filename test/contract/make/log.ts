import { type CloudWatchLogsClient, paginateFilterLogEvents } from "@aws-sdk/client-cloudwatch-logs";
import { eventsInLog } from "../recorder.ts";

/** The events in a recorder's log, oldest first. */
export async function recordedBy(client: CloudWatchLogsClient, logGroupName: string): Promise<unknown[]> {
  const lines: string[] = [];
  // A page may be empty with more behind it.
  for await (const { events = [] } of paginateFilterLogEvents({ client }, { logGroupName }))
    lines.push(...events.map(({ message = "" }) => message));
  return eventsInLog(lines);
}
