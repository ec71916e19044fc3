import type { Backend } from "./backend.ts";

export type ServiceName =
  | "Kinesis"
  | "S3"
  | "SNS"
  | "Event-source mapping"
  | "EventBridge and Scheduler"
  | "IAM";

/** Something that AWS documents, and how to see whether a backend keeps to it. */
export interface Line {
  readonly service: ServiceName;
  /** What AWS does. Unique within the service. */
  readonly name: string;
  /** Page of AWS's documentation that says so. */
  readonly link: string;
  /** Rejects with an AssertionError where the backend does otherwise. */
  readonly check: (backend: Backend) => Promise<void>;
}

/** Lines of one service. */
export function linesOf(
  service: ServiceName,
  lines: readonly (readonly [name: string, link: string, check: Line["check"]])[],
): readonly Line[] {
  return lines.map(([name, link, check]) => ({ service, name, link, check }));
}

export const lineKey = ({ service, name }: Pick<Line, "service" | "name">) => `${service}: ${name}`;
