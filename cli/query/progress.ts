import type { QueryProgress } from "./athena.ts";
import { formatBytes } from "./price.ts";

/** One line on a terminal that is written over until the query ends. */
interface ProgressLine {
  show(progress: QueryProgress): void;
  /** Removes the line. */
  end(): void;
}

const START_OF_LINE = "\r\u001b[2K";

/** Draws nothing when standard error is not a terminal: a log would keep every state of the line. */
export function createProgressLine({
  isWatched,
  write,
  now,
}: {
  isWatched: boolean;
  write: (text: string) => void;
  now: () => Date;
}): ProgressLine {
  if (!isWatched) return { show() {}, end() {} };
  const startedAt = now().getTime();
  return {
    show({ state, bytesScanned }) {
      const seconds = Math.round((now().getTime() - startedAt) / 1000);
      write(`${START_OF_LINE}${state.toLowerCase()}, ${seconds} s, ${formatBytes(bytesScanned)} scanned`);
    },
    end: () => write(START_OF_LINE),
  };
}
