import type { Log } from "../../../handlers/clients/dependencies.ts";

export interface LogLine {
  readonly level: "info" | "warn" | "error";
  readonly message: string;
  readonly details: unknown;
}

/** A log that keeps its lines. */
export function createFakeLog(): Log & { readonly lines: LogLine[] } {
  const lines: LogLine[] = [];
  const at =
    (level: LogLine["level"]): Log["info"] =>
    (message, ...details) => {
      lines.push({ level, message: String(message), details: details[0] });
    };
  return { lines, info: at("info"), warn: at("warn"), error: at("error") };
}
