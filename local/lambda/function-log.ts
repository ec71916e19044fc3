import { createHash } from "node:crypto";
import { AwsError } from "../endpoint/error.ts";
import type { Gateway, Principal } from "../endpoint/operation.ts";
import { MAX_LOG_EVENTS } from "../logs/logs.ts";
import type { FunctionConfiguration } from "./function-configuration.ts";

/** The log of one function, which collects its output and sends it to CloudWatch Logs with the function's role. */
export interface FunctionLog {
  readonly streamName: string;
  write(text: string): void;
  /**
   * Sends complete lines, or everything when `final`. As on AWS, the lines of a role that may not write are lost; the first
   * error is passed to `onRejected`.
   */
  flush(principal: Principal, final?: boolean): Promise<void>;
}

export function createFunctionLog(options: {
  configuration: FunctionConfiguration;
  gateway: Gateway;
  now: () => Date;
  hasGroup: (name: string) => boolean;
  onRejected: (error: AwsError) => void;
}): FunctionLog {
  const { configuration, gateway, now, hasGroup, onRejected } = options;
  const logGroupName = configuration.logGroupName;
  const logStreamName = streamName(configuration, now());
  let pending = "";
  let opened = false;
  let rejected = false;

  async function open(principal: Principal): Promise<void> {
    if (opened) return;
    if (!hasGroup(logGroupName)) await gateway.call(principal, "logs", "CreateLogGroup", { logGroupName });
    await gateway.call(principal, "logs", "CreateLogStream", { logGroupName, logStreamName });
    opened = true;
  }

  async function send(principal: Principal, lines: readonly string[]): Promise<void> {
    const timestamp = now().getTime();
    await open(principal);
    for (let start = 0; start < lines.length; start += MAX_LOG_EVENTS) {
      const logEvents = lines.slice(start, start + MAX_LOG_EVENTS).map((message) => ({ timestamp, message }));
      await gateway.call(principal, "logs", "PutLogEvents", { logGroupName, logStreamName, logEvents });
    }
  }

  return {
    streamName: logStreamName,
    write(text) {
      pending += text;
    },
    async flush(principal, final = false) {
      const end = final ? pending.length : pending.lastIndexOf("\n") + 1;
      const lines = pending.slice(0, end).split("\n").filter(Boolean);
      pending = pending.slice(end);
      if (lines.length === 0 || rejected) return;
      try {
        await send(principal, lines);
      } catch (error) {
        if (!(error instanceof AwsError)) throw error;
        rejected = true;
        onRejected(error);
      }
    },
  };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-cloudwatchlogs-loggroups.html */
function streamName({ name, sharesLogGroup }: FunctionConfiguration, day: Date): string {
  const date = day.toISOString().slice(0, 10).replaceAll("-", "/");
  const id = createHash("md5").update(name).digest("hex");
  return `${date}/${sharesLogGroup ? name : ""}[$LATEST]${id}`;
}
