import { appendFile, mkdir } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";
import { AwsError } from "../endpoint/error.ts";
import { defineOperation, type Operation, type Permission, type Service } from "../endpoint/operation.ts";
import { type Graph, resourcesOfType } from "../graph.ts";

export interface Logs {
  /** CloudWatch Logs with the operations that Lambda calls: CreateLogGroup, CreateLogStream and PutLogEvents. */
  readonly service: Service;
  /** Whether the program declares the log group or a role has created it. */
  hasGroup(name: string): boolean;
}

/** https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutLogEvents.html */
export const MAX_LOG_EVENTS = 10_000;

const groupInput = z.object({ logGroupName: z.string().min(1) });
const streamInput = groupInput.extend({ logStreamName: z.string().min(1) });
const eventsInput = streamInput.extend({
  logEvents: z
    .array(z.object({ timestamp: z.number(), message: z.string().min(1) }))
    .min(1)
    .max(MAX_LOG_EVENTS),
});

/**
 * CloudWatch Logs on disk. The lines of a function's streams are written to `directory`/<function>.log with their times.
 *
 * @param options.directory folder of the log files, which is created with the first line
 */
export function createLogs(options: { graph: Graph; directory: string }): Logs {
  const { graph, directory } = options;
  const groups = new Set(declaredGroups(graph));
  const streams = new Set<string>();
  const arn = ({ logGroupName, logStreamName }: { logGroupName: string; logStreamName?: string }): string =>
    `arn:aws:logs:${graph.region}:${graph.accountId}:log-group:${logGroupName}:log-stream:${logStreamName ?? ""}`;
  const needs =
    (action: string) =>
    (input: { logGroupName: string; logStreamName?: string }): readonly Permission[] => [
      { action, resource: arn(input) },
    ];

  const operations: Readonly<Record<string, Operation>> = {
    CreateLogGroup: defineOperation({
      input: groupInput,
      permissions: needs("logs:CreateLogGroup"),
      run: ({ logGroupName }) => {
        if (groups.has(logGroupName))
          throw new AwsError("ResourceAlreadyExistsException", "The specified log group already exists");
        groups.add(logGroupName);
        return {};
      },
    }),
    CreateLogStream: defineOperation({
      input: streamInput,
      permissions: needs("logs:CreateLogStream"),
      run: (input) => {
        if (!groups.has(input.logGroupName))
          throw new AwsError("ResourceNotFoundException", "The specified log group does not exist.");
        streams.add(arn(input));
        return {};
      },
    }),
    PutLogEvents: defineOperation({
      input: eventsInput,
      permissions: needs("logs:PutLogEvents"),
      run: async (input) => {
        if (!streams.has(arn(input)))
          throw new AwsError("ResourceNotFoundException", "The specified log stream does not exist.");
        const path = join(directory, logFileName(input.logGroupName, input.logStreamName));
        await mkdir(dirname(path), { recursive: true });
        await appendFile(path, input.logEvents.map(formatLine).join(""));
        return {};
      },
    }),
  };
  return {
    service: { signingName: "logs", protocol: "json", operations },
    hasGroup: (name) => groups.has(name),
  };
}

function declaredGroups(graph: Graph): string[] {
  return resourcesOfType(graph, "aws:cloudwatch/logGroup:LogGroup").flatMap(({ outputs, inputs }) => {
    const name = outputs.name ?? inputs.name;
    return typeof name === "string" ? [name] : [];
  });
}

/**
 * A function's own log group has the name of the function; in a shared group the stream has it:
 * https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-loggroups.html
 */
function logFileName(groupName: string, streamName: string): string {
  const own = /^\/aws\/lambda\/(.+)$/.exec(groupName)?.[1];
  const shared = /^\d{4}\/\d\d\/\d\d\/(.+)\[/.exec(streamName)?.[1];
  return `${(shared ?? own ?? groupName).replaceAll(/[^\w.-]/g, "-")}.log`;
}

function formatLine(event: { timestamp: number; message: string }): string {
  return `${new Date(event.timestamp).toISOString()} ${event.message}\n`;
}
