import { Logger } from "@aws-lambda-powertools/logger";

/** Part of an SDK client that a handler uses: tests pass an object with `send`. */
export type Sends<Client extends { send: unknown }> = Pick<Client, "send">;

/** Part of the Powertools logger that handlers use. */
export type Log = Pick<Logger, "info" | "warn" | "error">;

/** JSON lines on stdout, for CloudWatch Logs. No phone numbers, no keys: handlers log ids and counts. */
export function createLog(serviceName: string): Log {
  return new Logger({ serviceName });
}
