import { createHash } from "node:crypto";

/** A UUID derived from its parts, so that two runs of the same recording have equal ids. */
export function deterministicUuid(...parts: readonly (string | number)[]): string {
  const hex = createHash("md5").update(parts.join("\u0000")).digest("hex");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** A time as EventBridge writes it: UTC, whole seconds. */
export function eventTime(time: Date): string {
  return `${time.toISOString().slice(0, 19)}Z`;
}
